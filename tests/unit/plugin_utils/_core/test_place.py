# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Placement against an oracle that tries everything."""

from __future__ import annotations

import dataclasses as dc
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.place import (
    DiskRequest,
    HostRoom,
    Request,
    StorageRoom,
    gib,
    place,
    shortage,
)

TAGS = st.frozensets(st.sampled_from(("ssd", "gpu")), max_size=1)
HOST_IDS = ("h1", "h2", "h3")
SOME_HOSTS = st.frozensets(st.sampled_from(HOST_IDS), max_size=2)
GIB = 1 << 30

storages = st.builds(
    StorageRoom,
    id=st.just(""),
    name=st.just(""),
    tags=TAGS,
    enabled=st.sampled_from((True, True, True, False)),
    capacity=st.none() | st.integers(0, 10),
    available=st.none() | st.integers(0, 10),
    placed=st.integers(0, 5),
    ratio=st.sampled_from((1.0, 2.0)),
)
rooms = st.builds(
    HostRoom,
    id=st.just(""),
    name=st.just(""),
    cpus=st.integers(0, 4),
    memory=st.integers(0, 8),
    used_cpus=st.integers(0, 8),
    used_memory=st.integers(0, 8),
    cpu_ratio=st.sampled_from((1.0, 4.0)),
    memory_ratio=st.sampled_from((1.0, 1.5)),
    tags=TAGS,
    closed=st.sampled_from(("", "", "", "is disabled")),
    storages=st.lists(storages, max_size=3).map(
        lambda found: tuple(dc.replace(one, id=f"s{n}", name=f"s{n}") for n, one in enumerate(found))
    ),
)
hosts = st.lists(rooms, max_size=3).map(
    lambda found: [dc.replace(one, id=ident, name=f"name-{ident}") for ident, one in zip(HOST_IDS, found, strict=False)]
)
requests = st.builds(
    Request,
    cpus=st.integers(0, 4),
    memory=st.integers(0, 4),
    tags=TAGS,
    disks=st.lists(st.builds(DiskRequest, st.integers(0, 6), st.integers(0, 6), TAGS), max_size=2).map(tuple),
    host=st.sampled_from((None, None, "h1")),
    apart=SOME_HOSTS,
    together=st.just(frozenset()) | SOME_HOSTS,
    rather_apart=SOME_HOSTS,
    rather_together=SOME_HOSTS,
)


def storages_hold(disks: tuple[DiskRequest, ...], chosen: tuple[StorageRoom, ...]) -> bool:
    """The rules for storages once more, said as sums."""
    for room in chosen:
        mine = [disk for disk, other in zip(disks, chosen, strict=True) if other is room]
        if not room.enabled or any(disk.tags - room.tags for disk in mine):
            return False
        if room.capacity is not None and room.placed + sum(d.size for d in mine) > room.capacity * room.ratio:
            return False
        if room.available is not None and sum(d.written for d in mine) > room.available:
            return False
    return True


def fits(request: Request, host: HostRoom) -> bool:
    rules = (
        request.host in (None, host.id),
        not host.closed,
        request.tags <= host.tags,
        host.id not in request.apart,
        not request.together or host.id in request.together,
        host.used_cpus + request.cpus <= host.cpus * host.cpu_ratio,
        host.used_memory + request.memory <= host.memory * host.memory_ratio,
    )
    ways = itertools.product(host.storages, repeat=len(request.disks))
    return all(rules) and any(storages_hold(request.disks, way) for way in ways)


@given(requests, hosts)
def test_placement_finds_a_place_when_there_is_one(request_: Request, found: list[HostRoom]) -> None:
    able = {host.id for host in found if fits(request_, host)}
    placement = place(request_, found)
    assert (placement.host in able) if able else placement.host is None
    names = {host.name for host in found if host.id != placement.host}
    assert placement.trace.keys() == names
    assert all(placement.trace.values())
    if placement.host is not None:
        (host,) = (one for one in found if one.id == placement.host)
        rooms_ = {room.id: room for room in host.storages}
        assert storages_hold(request_.disks, tuple(rooms_[ident] for ident in placement.storages))


@given(requests, hosts, st.randoms(use_true_random=False))
def test_the_same_question_has_the_same_answer(request_: Request, found: list[HostRoom], dice: object) -> None:
    other = list(found)
    dice.shuffle(other)  # type: ignore[attr-defined]
    assert place(request_, found) == place(request_, other)


@given(requests, hosts)
def test_the_preferred_host_with_the_most_free_memory_is_chosen(request_: Request, found: list[HostRoom]) -> None:
    placement = place(request_, found)
    able = {host.id: host for host in found if fits(request_, host)}
    if placement.host is None:
        return

    def liked(host: HostRoom) -> tuple[int, float]:
        return ((host.id in request_.rather_together) - (host.id in request_.rather_apart), host.free_memory)

    assert all(liked(able[placement.host]) >= liked(other) for other in able.values())


def host(name: str = "h1", **changes: object) -> HostRoom:
    room = HostRoom(name, name, cpus=4, memory=4096, storages=(StorageRoom("s", "s"),))
    return dc.replace(room, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "room", "reason"),
    [
        (Request(1, 1, host="h9"), host(), "another host is asked for"),
        (Request(1, 1), host(closed="is in maintenance"), "is in maintenance"),
        (Request(1, 1, tags=frozenset({"gpu", "big"})), host(), "lacks host tag big, gpu"),
        (Request(1, 1, apart=frozenset({"h1"})), host(), "anti-affinity keeps it away from this host"),
        (Request(1, 1, together=frozenset({"h2"})), host(), "affinity wants another host"),
        (Request(17, 1), host(), "17 CPUs are more than its 4 can ever give"),
        (Request(2, 1), host(used_cpus=15), "15 of its 16 virtual CPUs are taken, 2 more are asked for"),
        (Request(1, 512), host(used_memory=4000), "96 MiB of memory are free, 512 MiB are asked for"),
        (Request(1, 512), host(used_memory=5000), "0 MiB of memory are free, 512 MiB are asked for"),
        (Request(1, 1, disks=(DiskRequest(1),)), host(storages=()), "has no primary storage"),
        (
            Request(1, 1, disks=(DiskRequest(1),)),
            host(storages=(StorageRoom("s", "s", enabled=False),)),
            "storage s is disabled",
        ),
        (
            Request(1, 1, disks=(DiskRequest(1, 0, frozenset({"ssd"})),)),
            host(),
            "storage s lacks storage tag ssd",
        ),
        (
            Request(1, 1, disks=(DiskRequest(2 * GIB),)),
            host(storages=(StorageRoom("s", "s", capacity=GIB, placed=GIB),)),
            "storage s has no room for 2 GiB more (1 GiB placed on 1 GiB)",
        ),
        (
            Request(1, 1, disks=(DiskRequest(1, 3 * GIB),)),
            host(storages=(StorageRoom("s", "s", available=GIB),)),
            "storage s has 1 GiB free, 3 GiB would be written",
        ),
    ],
)
def test_refusals_are_told(request_: Request, room: HostRoom, reason: str) -> None:
    placement = place(request_, [room])
    assert (placement.host, placement.trace) == (None, {"h1": reason})


def test_a_later_disk_is_thought_of() -> None:
    """The freest storage is the only one for the second disk, so the first one goes to the other."""
    fast = StorageRoom("fast", "fast", frozenset({"ssd"}), capacity=10, ratio=1)
    slow = StorageRoom("slow", "slow", capacity=9, ratio=1)
    disks = (DiskRequest(5), DiskRequest(8, 0, frozenset({"ssd"})))
    assert place(Request(1, 1, disks=disks), [host(storages=(fast, slow))]).storages == ("slow", "fast")


def test_reasons_are_one_phrase() -> None:
    found = [host(f"h{n}", closed="is disabled") for n in range(7)]
    reasons = place(Request(1, 1), found).reasons
    assert reasons == "; ".join(f"h{n}: is disabled" for n in range(5)) + "; and 2 more hosts"
    assert place(Request(1, 1), found[:1]).reasons == "h0: is disabled"


def test_those_that_are_not_chosen_are_told_of() -> None:
    assert place(Request(1, 1), [host("h2"), host("h1")]).trace == {"h2": "less free memory or less preferred"}


def test_shortage() -> None:
    assert shortage(16, 4096, host()) == ""


@pytest.mark.parametrize(("size", "text"), [(0, "0 MiB"), (512 << 20, "512 MiB"), (3 << 29, "1.5 GiB")])
def test_sizes_for_a_person(size: int, text: str) -> None:
    assert gib(size) == text
