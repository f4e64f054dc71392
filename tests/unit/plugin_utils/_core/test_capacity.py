# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Capacity: what a place has is what its hosts have."""

from __future__ import annotations

import dataclasses as dc

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.capacity import capacities
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.place import HostRoom, StorageRoom
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.units import GIB

PLACES = {
    "z1": Resource("z1", "zone", "z1", {}),
    "z2": Resource("z2", "zone", "z2", {}),
    "c1": Resource("c1", "cluster", "c1", {}),
    "ps": Resource("ps", "primary_storage", "ps", {}),
}
HOSTS = {
    "h1": Resource("h1", "host", "h1", {"zone": "z1", "cluster": "c1"}),
    "h2": Resource("h2", "host", "h2", {"zone": "z1", "cluster": "c1"}),
    "h3": Resource("h3", "host", "h3", {"zone": "z2"}),
}


def room(ident: str, cpus: int = 4, memory: int = 8192, used: int = 1) -> HostRoom:
    storage = StorageRoom("ps", "ps", capacity=100 * GIB, placed=used * GIB, ratio=2.0)
    used_memory = used * 1024
    return HostRoom(ident, ident, cpus, memory, used, used_memory, 4.0, 1.5, storages=(storage,))


def test_a_zone_in_figures() -> None:
    shown = [one.shown() for one in capacities([room("h1"), room("h2", used=2)], HOSTS, PLACES)]
    assert [(one["type"], one["name"]) for one in shown] == [
        ("zone", "z1"),
        ("cluster", "c1"),
        ("host", "h1"),
        ("host", "h2"),
        ("primary_storage", "ps"),
    ]
    assert shown[0] == {
        "type": "zone",
        "name": "z1",
        "id": "z1",
        "cpu": {"total": 32, "used": 3, "free": 29},
        "memory": {"total": 24576, "used": 3072, "free": 21504},
        "storage": {"total": 400, "used": 3, "free": 397},
    }
    assert shown[-1] == {"type": "primary_storage", "name": "ps", "id": "ps", "storage": shown[0]["storage"]}


def test_more_used_than_there_is_leaves_nothing() -> None:
    (zone, *_rest) = capacities([room("h1", used=100)], HOSTS, PLACES)
    assert zone.shown()["cpu"] == {"total": 16, "used": 100, "free": 0}


@given(st.lists(st.tuples(st.integers(0, 64), st.integers(0, 64)), min_size=3, max_size=3))
def test_places_are_the_sum_of_their_hosts(figures: list[tuple[int, int]]) -> None:
    rooms = [room(ident, cpus=cpus, used=used) for ident, (cpus, used) in zip(HOSTS, figures, strict=True)]
    found = {one.place.id: one for one in capacities(rooms, HOSTS, PLACES)}
    for what in ("cpus", "memory", "storage"):
        amounts = {ident: getattr(one, what) for ident, one in found.items()}
        for part in ("total", "used"):
            hosts = [getattr(amounts[ident], part) for ident in HOSTS]
            assert getattr(amounts["z1"], part) == hosts[0] + hosts[1]
            assert getattr(amounts["z2"], part) == hosts[2]


def test_a_storage_that_hosts_share_counts_once() -> None:
    common = StorageRoom("ps", "ps", capacity=100 * GIB, placed=3 * GIB, ratio=2.0, shared=True)
    rooms = [dc.replace(room(ident), storages=(common,)) for ident in ("h1", "h2")]
    shown = {one.shown()["name"]: one.shown()["storage"] for one in capacities(rooms, HOSTS, PLACES)}
    assert set(shown) == {"z1", "c1", "h1", "h2", "ps"}
    assert all(one == {"total": 200, "used": 3, "free": 197} for one in shown.values())
