# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Events are added, found again by what they tell, and never changed: the database sees to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.event import Event
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.tables import event


@pytest.fixture
def told(store: SqlStore) -> SqlStore:
    with store.transaction(commit=True) as tx:
        tx.record(
            Event(f"2026-01-0{n}T00:00:00Z", "alice" if n % 2 else "bob", "create", "zone", f"z{n}", f"id-{n}")
            for n in range(1, 5)
        )
        tx.record([Event("2026-01-05T00:00:00Z", "bob", "fail", "host", "h1", "id-9", {"a": 1}, {"a": 2}, "broken")])
        tx.record([])
    return store


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["h1", "z4", "z3", "z2", "z1"]),
        ({"limit": 2}, ["h1", "z4"]),
        ({"kind": "zone", "actor": "bob"}, ["z4", "z2"]),
        ({"name": "z3"}, ["z3"]),
        ({"resource": "id-2"}, ["z2"]),
        ({"action": "fail"}, ["h1"]),
        ({"since": "2026-01-04"}, ["h1", "z4"]),
        ({"since": "2026-01-02", "until": "2026-01-03T00:00:00Z"}, ["z3", "z2"]),
    ],
)
def test_the_latest_first(told: SqlStore, filters: dict[str, object], names: list[str]) -> None:
    with told.reading() as tx:
        assert [one.name for one in tx.events(**filters)] == names  # type: ignore[arg-type]


def test_what_was_told_is_read(told: SqlStore) -> None:
    with told.reading() as tx:
        (found,) = tx.events(limit=1)
    assert (found.before, found.after, found.message, found.number) == ({"a": 1}, {"a": 2}, "broken", 5)


@pytest.mark.parametrize("change", [lambda: sa.delete(event), lambda: sa.update(event).values(actor="eve")])
def test_nobody_changes_them(told: SqlStore, change: Callable[[], sa.Executable]) -> None:
    with pytest.raises(Exception, match="events are never changed"), told.transaction(commit=True) as tx:
        tx._connection.execute(change())
    with told.reading() as tx:
        assert len(tx.events()) == 5
