# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Events tell what changed, and nothing of what stayed."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.event import Event, of_entry
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.report import Entry

SAME = {"name": "web1", "host": "h1"}


@pytest.mark.parametrize(
    ("entry", "before", "after"),
    [
        (Entry("i", "instance", "web1", "create", {}, SAME), {}, SAME),
        (Entry("i", "instance", "web1", "remove", SAME, {}), SAME, {}),
        (
            Entry("i", "instance", "web1", "update", SAME | {"cpu": 1}, SAME | {"cpu": 2, "group": "g"}),
            {"cpu": 1},
            {"cpu": 2, "group": "g"},
        ),
        (
            Entry("i", "instance", "web1", "mend", observed={"power on h1": ("Stopped", "Running")}),
            {"power on h1": "Stopped"},
            {"power on h1": "Running"},
        ),
    ],
)
def test_what_changed(entry: Entry, before: dict[str, object], after: dict[str, object]) -> None:
    event = of_entry(entry, "2026-01-01T00:00:00Z", "alice")
    assert event == Event("2026-01-01T00:00:00Z", "alice", entry.action, "instance", "web1", "i", before, after)


def test_as_a_module_returns_it() -> None:
    shown = Event("2026-01-01T00:00:00Z", "alice", "fail", "host", "h1", "i", message="it is gone", number=7).shown()
    assert (shown["user"], shown["created"], shown["number"]) == ("alice", "2026-01-01T00:00:00Z", 7)
    assert (shown["resource_id"], shown["message"], shown["before"]) == ("i", "it is gone", {})
