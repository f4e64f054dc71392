# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Snapshots of policies that something still needs stay, with a warning, until nothing does."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.result import Result
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc


def run(lab: Lab, day: int, *, check: bool = False) -> Result:
    lab.now = f"2026-01-{day:02}T03:00:00Z"
    with lab.cloud() as cloud:
        return cloud.snapshots(check=check)


@pytest.mark.parametrize("made", ["volume", "template"])
def test_one_that_is_too_many_and_still_needed_goes_at_a_later_run(cloud: Lab, made: str) -> None:
    cloud.must(doc("volume_snapshot_policy", "daily", volume="data", schedule="30:2", max_snaps=1))
    first = run(cloud, 1).report.entries[0].name

    def full(call: str) -> None:
        if call in ("create_volume", "receive"):
            raise DriverError("the disk is full")

    cloud.watch(full)
    copy = doc(made, "copy", snapshot=first)
    assert cloud.apply(copy, whole=False).errors
    told = f"volume snapshot '{first}': {made} 'copy' has still to become what it holds; apply that first, or remove it"
    for check in (True, False):
        result = run(cloud, 2, check=check)
        assert (result.errors, [entry.action for entry in result.report.entries]) == ([], ["create"])
        assert result.report.warnings == [f"{told}; until then it stays"]
    cloud.watch(lambda call: None)
    cloud.must(copy, whole=False)
    result = run(cloud, 2)
    assert (result.errors, result.report.warnings) == ([], [])
    assert [(entry.action, entry.name) for entry in result.report.entries] == [("remove", first)]
    assert audit(cloud) == []
