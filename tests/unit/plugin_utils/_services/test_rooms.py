# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Room on hosts, as placement sees it within one transaction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.volume import GIB
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.rooms import host_room, rooms, took
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.session import Session
from support.lab import Lab
from support.lab import document as doc
from support.model_images import ModelKeys


@pytest.fixture
def session(cloud: Lab) -> Iterator[Session]:
    with cloud.store() as store, store.reading() as tx:
        yield Session(tx, str, str, ModelKeys(), str)


def ids(session: Session) -> dict[str, str]:
    return {one.name: one.id for one in session.tx.select() if one.kind in ("zone", "host", "primary_storage")}


def test_room_is_what_is_there_and_what_is_taken(session: Session) -> None:
    known = ids(session)
    found = {room.name: room for room in rooms(session, known["z1"]).values()}
    assert {name: (room.cpus, room.memory, room.used_cpus, room.used_memory) for name, room in found.items()} == {
        "h1": (8, 16384, 3, 1536),
        "h2": (8, 16384, 1, 512),
    }
    (storage,) = found["h2"].storages
    assert (storage.name, storage.placed, storage.capacity) == ("ps1", 12 * GIB, 1000 * GIB)


def test_what_is_placed_counts_at_once(session: Session) -> None:
    known = ids(session)
    took(session, known["z1"], known["h1"], cpus=1, memory=100, storages={known["ps1"]: 5}, written={known["ps1"]: 3})
    before, after = 3, host_room(session, known["z1"], known["h1"])
    assert (after.used_cpus, after.used_memory) == (before + 1, 1636)
    (storage,) = after.storages
    (other,) = host_room(session, known["z1"], known["h2"]).storages
    assert storage.placed % (1 << 20) == 5
    assert (storage.available or 0) % (1 << 10) != (other.available or 0) % (1 << 10)


def test_what_is_there_already_may_grow_on_a_closed_host(cloud: Lab) -> None:
    cloud.must(doc("host", "h1", state="disabled"))
    with cloud.store() as store, store.reading() as tx:
        session = Session(tx, str, str, ModelKeys(), str)
        known = ids(session)
        assert host_room(session, known["z1"], known["h1"]).closed == "is disabled"
        assert host_room(session, known["z1"], known["h1"], open_=True).closed == ""


def test_capacity_is_known_once_pools_are_made(founded: Lab) -> None:
    with founded.store() as store, store.reading() as tx:
        (storage,) = tx.select("primary_storage")
        assert [host["capacity"] for host in storage.status["hosts"].values()] == [1000 * GIB]
