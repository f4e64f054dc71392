# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Placement against an oracle that tries everything."""

from __future__ import annotations

import dataclasses as dc
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.place import (
    PLANNERS,
    Affinity,
    Dedication,
    DiskRequest,
    HostRoom,
    Request,
    Rooms,
    StorageRoom,
    gib,
    place,
    shortage,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Owner
from support import placing

GIB = 1 << 30


@given(placing.requests, placing.hosts)
def test_the_preferred_host_is_found_if_there_is_any(request_: Request, found: list[HostRoom]) -> None:
    best = placing.choice(request_, found)
    placement = place(request_, found, explain=True)
    assert placement.host == (best.id if best else None)
    sentences = placement.trace.sentences()
    assert sentences.keys() == {host.name for host in found if host.id != placement.host}
    assert all(sentences.values())
    if best is not None:
        by_id = {room.id: room for room in best.storages}
        assert placing.storages_hold(request_.disks, tuple(by_id[ident] for ident in placement.storages))


@given(placing.requests, placing.hosts, st.randoms(use_true_random=False))
def test_the_same_question_has_the_same_answer(request_: Request, found: list[HostRoom], dice: random.Random) -> None:
    other = list(found)
    dice.shuffle(other)
    assert place(request_, found, explain=True) == place(request_, other, explain=True)


@given(placing.requests, placing.hosts)
def test_a_host_that_is_not_chosen_does_not_matter(request_: Request, found: list[HostRoom]) -> None:
    chosen = place(request_, found)
    for gone in found:
        if gone.id != chosen.host:
            less = place(request_, [host for host in found if host is not gone])
            assert (less.host, less.storages) == (chosen.host, chosen.storages)


@given(placing.hosts, st.lists(st.tuples(placing.requests, placing.rooms), max_size=5))
def test_hosts_that_are_kept_in_order_are_found_as_others(
    found: list[HostRoom], work: list[tuple[Request, HostRoom]]
) -> None:
    """Whatever was asked and changed before."""
    kept = Rooms(found)
    for number, (request_, room) in enumerate(work):
        assert place(request_, kept) == place(request_, list(kept.values()))
        ident = placing.HOSTS[number % len(placing.HOSTS)]
        kept.put(dc.replace(room, id=ident, name=f"name-{ident}"))


@pytest.mark.parametrize("planner", PLANNERS)
@given(placing.hosts, st.lists(placing.requests, max_size=8))
def test_hosts_are_never_given_more_than_they_have(planner: str, found: list[HostRoom], work: list[Request]) -> None:
    kept = Rooms(host for host in found if host.used_cpus <= host.cpus and host.used_memory <= host.memory)
    for request_ in work:
        one = dc.replace(request_, planner=planner)
        host = place(one, kept).host
        if host is not None:
            room = kept[host]
            kept.put(dc.replace(room, used_cpus=room.used_cpus + one.cpus, used_memory=room.used_memory + one.memory))
    for room in kept.values():
        assert room.used_cpus <= room.cpus * room.cpu_ratio
        assert room.used_memory <= room.memory * room.memory_ratio


def test_planners_are_those_of_service_offerings() -> None:
    assert set(KINDS["service_offering"].fields["deployment_planner"].choices or ()) == set(PLANNERS)


def host(name: str = "h1", **changes: object) -> HostRoom:
    room = HostRoom(name, name, cpus=4, memory=4096, storages=(StorageRoom("s", "s"),))
    return dc.replace(room, **changes)  # type: ignore[arg-type]


def group(*hosts: str, apart: bool = True, strict: bool = True) -> tuple[Affinity, ...]:
    return (Affinity("web", frozenset(hosts), apart, strict),)


DISK = (DiskRequest(1),)


@pytest.mark.parametrize(
    ("request_", "room", "reason"),
    [
        (Request(1, 1, host="h9"), host(), "another host is asked for"),
        (Request(1, 1), host(closed="is in maintenance"), "is in maintenance"),
        (Request(1, 1), host(dedicated=(Dedication("lab"),)), "is dedicated to domain 'lab'"),
        (
            Request(1, 1, owner=Owner("lab", "bob")),
            host(dedicated=(Dedication("lab"), Dedication("lab", "alice", "pod 'p'"))),
            "pod 'p' is dedicated to account 'alice' of domain 'lab'",
        ),
        (Request(1, 1, tags=frozenset({"gpu", "big"})), host(), "lacks host tag big, gpu"),
        (Request(1, 1, affinity=group("h1")), host(), "anti-affinity keeps it away from this host (group 'web')"),
        (Request(1, 1, affinity=group("h2", apart=False)), host(), "affinity wants another host (group 'web')"),
        (Request(17, 1), host(), "17 CPUs are more than its 4 can ever give"),
        (Request(2, 1), host(used_cpus=15), "15 of its 16 virtual CPUs are taken, 2 more are asked for"),
        (Request(1, 512), host(used_memory=4000), "96 MiB of memory are free, 512 MiB are asked for"),
        (Request(1, 512), host(used_memory=5000), "0 MiB of memory are free, 512 MiB are asked for"),
        (Request(1, 1, disks=DISK), host(storages=()), "has no primary storage"),
        (Request(1, 1, disks=DISK), host(storages=(StorageRoom("s", "s", closed="is off"),)), "storage s is off"),
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
    assert (placement.host, placement.trace.sentences()) == (None, {"h1": reason})


FULLER = host("h1", used_memory=1024)


@pytest.mark.parametrize(
    ("request_", "others", "chosen", "reason"),
    [
        (Request(1, 1), [host("h1"), host("h2")], "h1", "as good as h1, which is first by name"),
        (Request(1, 1), [FULLER, host("h2")], "h2", "3072 MiB of memory are free, 4096 MiB on h2"),
        (
            Request(1, 1, planner="pack"),
            [FULLER, host("h2")],
            "h1",
            "4096 MiB of memory are free, 3072 MiB on h1",
        ),
        (
            Request(1, 1, planner="FirstFitPlanner"),
            [FULLER, host("h2")],
            "h1",
            "as good as h1, which is first by name",
        ),
        (
            Request(1, 1, planner="UserDispersingPlanner", crowd={"h2": 3, "h1": 1}),
            [FULLER, host("h2")],
            "h1",
            "the owner has more instances on this host: 3, and 1 there",
        ),
        (
            Request(1, 1, planner="UserConcentratedPodPlanner", crowd={"p": 3}),
            [host("h1", used_memory=1024, pod="p"), host("h2")],
            "h1",
            "the owner has fewer instances in this pod: 0, and 3 there",
        ),
        (
            Request(1, 1, affinity=group("h2", strict=False)),
            [FULLER, host("h2")],
            "h1",
            "affinity group 'web' would rather have another host",
        ),
        (
            Request(1, 1),
            [host("h1", used_memory=1024, dedicated=(Dedication("ROOT"),)), host("h2")],
            "h1",
            "it is not dedicated to the owner, as h1 is",
        ),
    ],
)
def test_those_that_could_take_it_are_told_of(
    request_: Request, others: list[HostRoom], chosen: str, reason: str
) -> None:
    placement = place(request_, others, explain=True)
    assert placement.host == chosen
    assert list(placement.trace.sentences().values()) == [reason]
    assert place(request_, others).trace.lines() == []


def test_two_groups_that_want_different_hosts_leave_none() -> None:
    both = (*group("h1", apart=False), Affinity("db", frozenset({"h2"}), apart=False))
    assert place(Request(1, 1, affinity=both), [host("h1"), host("h2")]).host is None


def test_a_later_disk_is_thought_of() -> None:
    """The freest storage is the only one for the second disk, so the first one goes to the other."""
    fast = StorageRoom("fast", "fast", frozenset({"ssd"}), capacity=10, ratio=1)
    slow = StorageRoom("slow", "slow", capacity=9, ratio=1)
    disks = (DiskRequest(5), DiskRequest(8, 0, frozenset({"ssd"})))
    assert place(Request(1, 1, disks=disks), [host(storages=(fast, slow))]).storages == ("slow", "fast")


def test_shortage() -> None:
    assert shortage(16, 4096, host()) == ""


@pytest.mark.parametrize(("size", "text"), [(0, "0 MiB"), (512 << 20, "512 MiB"), (3 << 29, "1.5 GiB")])
def test_sizes_for_a_person(size: int, text: str) -> None:
    assert gib(size) == text


def test_a_disk_on_a_shared_storage_stays_there_and_takes_no_more_of_it() -> None:
    full = StorageRoom("common", "common", closed="is in maintenance", capacity=10, placed=20, shared=True)
    own = StorageRoom("own", "own", capacity=100)
    disks = (DiskRequest(8, kept="common"), DiskRequest(8))
    assert place(Request(1, 1, disks=disks), [host(storages=(full, own))]).storages == ("common", "own")
    assert place(Request(1, 1, disks=disks), [host(storages=(own,))]).storages == ("own", "own")
    bound = (DiskRequest(8, kept="common", bound="volume snapshot 'a'"),)
    told = place(Request(1, 1, disks=bound), [host(storages=(own,))])
    assert (told.host, told.trace.reasons) == (None, "h1: does not have the storage of volume snapshot 'a'")


def test_what_is_placed_on_a_shared_storage_is_so_on_all_hosts() -> None:
    common = StorageRoom("common", "common", capacity=100, available=50, shared=True)
    rooms = Rooms([host("h1", storages=(common,)), host("h2", storages=(common,)), host("h3")])
    rooms.share(common.fuller(30, 20))
    assert [(one.placed, one.available) for ident in ("h1", "h2") for one in rooms[ident].storages] == [(30, 30)] * 2
    assert "common" not in {one.id for one in rooms["h3"].storages}
