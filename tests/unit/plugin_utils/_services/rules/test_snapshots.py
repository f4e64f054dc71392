# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A snapshot stays as long as anything has still to become what it holds."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.cloud import Earlier
from support import sample
from support.audit import audit
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc

BEFORE = doc("volume_snapshot", "before", state="absent")
SNAP = doc("instance_snapshot", "snap", vm="web2", state="absent")
COPY = "snap-ROOT-web2"

# What is to be made of a snapshot and is not, what cannot go therefore, and who is named.
AWAITED: dict[str, tuple[Document, Document, str]] = {
    "a revert": (doc("volume_snapshot", "before", state="reverted", force=True), BEFORE, "volume 'data'"),
    "a new volume": (doc("volume", "copy", snapshot="before"), BEFORE, "volume 'copy'"),
    "a template": (doc("template", "golden", snapshot="before"), BEFORE, "template 'golden'"),
    "a new volume of a copy": (doc("volume", "copy", snapshot=COPY), SNAP, "volume 'copy'"),
    "a template of a copy": (doc("template", "golden", snapshot=COPY), SNAP, "template 'golden'"),
    "a template of what goes with its instance": (
        doc("template", "golden", snapshot=COPY),
        doc("instance", "web2", state="absent"),
        "template 'golden'",
    ),
    "a revert of all": (doc("instance_snapshot", "snap", vm="web2", state="revert"), SNAP, ""),
}


def break_off(lab: Lab) -> None:
    def full(call: str) -> None:
        if call in ("create_volume", "receive"):
            raise DriverError("the disk is full")

    lab.watch(full)


@pytest.mark.parametrize("name", sorted(AWAITED))
@pytest.mark.parametrize("whole", [True, False])
def test_it_cannot_go_before_its_copies_are_made(cloud: Lab, name: str, whole: bool) -> None:
    made, gone, awaited = AWAITED[name]
    break_off(cloud)
    assert cloud.apply(made, whole=False).errors
    told = cloud.refusal(gone, whole=whole)
    assert told.startswith(f"{gone.kind.title} '{gone.name}': {awaited}")
    assert told.endswith(" has still to become what it holds; apply that first, or remove it")
    cloud.watch(lambda call: None)
    cloud.must()
    cloud.must(gone, whole=whole)
    assert audit(cloud) == []
    assert not cloud.must().changed


@pytest.mark.parametrize("name", sorted(AWAITED))
def test_a_check_run_knows_that_an_earlier_task_would_have_made_them(cloud: Lab, name: str) -> None:
    made, gone, _awaited = AWAITED[name]
    assert cloud.check(gone, whole=False, pending=[Earlier((made,))]).errors == []


@pytest.mark.parametrize("moment", range(1, 30))
def test_a_revert_to_memory_that_is_cut_short_anywhere_keeps_its_snapshot_until_the_guest_went_on(
    cloud: Lab, moment: int
) -> None:
    cloud.watch(Fuse(moment))
    try:
        cloud.apply(doc("instance_snapshot", "snap", vm="web2", state="revert"), whole=False)
    except Interrupted:
        cloud.watch(lambda call: None)
        assert "has still to become what it holds" in cloud.refusal(SNAP, whole=False)
    cloud.watch(lambda call: None)
    cloud.must()
    cloud.must(SNAP, whole=False)
    assert audit(cloud) == []


def test_what_goes_as_well_needs_it_no_more(cloud: Lab) -> None:
    cloud.must(*sample.cloud(), applyset="all")
    break_off(cloud)
    cloud.apply(doc("volume", "copy", snapshot="before"), whole=False, applyset="all")
    cloud.apply(doc("instance_snapshot", "snap", vm="web2", state="revert"), whole=False)
    cloud.watch(lambda call: None)
    with cloud.copy() as other:
        other.must(doc("instance", "web2", state="absent"), whole=False)
        other.must(doc("volume", "copy", state="absent"), whole=False)
        other.must(BEFORE, whole=False)
        assert audit(other) == []
    cloud.must(removing=True, applyset="all")
    assert audit(cloud) == []
    assert cloud.read("volume_snapshot") == []


def test_a_rebuilt_database_learns_that_its_copies_are_made(cloud: Lab) -> None:
    cloud.must(doc("volume", "copy", snapshot="before"))
    cloud.forget()
    cloud.rebuild()
    cloud.must()
    cloud.must(BEFORE)
    assert audit(cloud) == []
