# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The report: the same words for what was done and what would be."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.report import Entry, Report


def entry(action: str = "none", **more: object) -> Entry:
    return Entry("id", "service_offering", "small", action, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("actions", "line"),
    [
        ([], "nothing to do"),
        (["none", "none"], "nothing to do"),
        (["create", "create", "none", "update"], "2 to create, 1 to update"),
        (["remove", "mend"], "1 to remove, 1 to mend"),
    ],
)
def test_lines(actions: list[str], line: str) -> None:
    report = Report([entry(action) for action in actions])
    assert report.line() == line
    assert report.changed == (line != "nothing to do")
    assert sum(report.counts().values()) == len(actions)


def test_a_diff_tells_resource_action_and_impact() -> None:
    shown = entry("update", before={"cpu": 1}, after={"cpu": 2}, impact=Impact.RESTART).diff()
    assert shown == {
        "before_header": "service offering 'small'",
        "after_header": "service offering 'small' (update, impact: restart)",
        "before": {"cpu": 1},
        "after": {"cpu": 2},
    }


def test_a_diff_tells_what_was_observed() -> None:
    mended = entry("mend", observed={"power on h1": ("Stopped", "Running")})
    assert mended.diff()["before"] == {"observed": {"power on h1": "Stopped"}}
    assert mended.diff()["after"] == {"observed": {"power on h1": "Running"}}
    assert mended.before == mended.after == {}


def test_summaries_and_warnings() -> None:
    item = entry("create", steps=["make it"], warnings=["of it"])
    assert item.summary() == {
        "kind": "service_offering",
        "name": "small",
        "action": "create",
        "impact": "none",
        "steps": ["make it"],
    }
    assert Report([item], ["of all"]).all_warnings == ["of all", "of it"]
