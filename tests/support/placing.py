# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An oracle of placement that tries everything, and strategies for what it is asked.

The rules are said here a second time, as sums and sets over all hosts and all ways to give disks storages; none of the
engine's own decisions is used.
"""

from __future__ import annotations

import dataclasses as dc
import itertools
import typing as t

from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.place import (
    PLANNERS,
    Affinity,
    Dedication,
    DiskRequest,
    HostRoom,
    Request,
    StorageRoom,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Owner

HOSTS = ("h1", "h2", "h3", "h4")
PODS = ("p1", "p2")
NAMES = st.sampled_from(("ROOT", "lab"))
TAGS = st.frozensets(st.sampled_from(("ssd", "gpu")), max_size=1)

dedications = st.builds(Dedication, NAMES, st.sampled_from(("", "admin", "bob")))
storages = st.builds(
    StorageRoom,
    id=st.just(""),
    name=st.just(""),
    tags=TAGS,
    closed=st.sampled_from(("", "", "", "is disabled")),
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
    closed=st.sampled_from(("", "", "", "", "is in maintenance")),
    storages=st.lists(storages, max_size=3).map(
        lambda found: tuple(dc.replace(one, id=f"s{n}", name=f"s{n}") for n, one in enumerate(found))
    ),
    pod=st.sampled_from(PODS),
    dedicated=st.just(()) | st.lists(dedications, max_size=2).map(tuple),
)
hosts = st.lists(rooms, max_size=len(HOSTS)).map(
    lambda found: [dc.replace(one, id=ident, name=f"name-{ident}") for ident, one in zip(HOSTS, found, strict=False)]
)
groups = st.builds(
    Affinity,
    name=st.sampled_from(("web", "db")),
    hosts=st.frozensets(st.sampled_from(HOSTS), max_size=2),
    apart=st.booleans(),
    strict=st.booleans(),
)
requests = st.builds(
    Request,
    cpus=st.integers(0, 4),
    memory=st.integers(0, 4),
    tags=TAGS,
    disks=st.lists(st.builds(DiskRequest, st.integers(0, 6), st.integers(0, 6), TAGS), max_size=2).map(tuple),
    host=st.sampled_from((None, None, None, "h1", "h9")),
    owner=st.builds(Owner, NAMES, st.sampled_from(("admin", "bob"))),
    affinity=st.lists(groups, max_size=2).map(tuple),
    planner=st.sampled_from(PLANNERS),
    crowd=st.dictionaries(st.sampled_from((*HOSTS, *PODS)), st.integers(0, 3)),
)


def storages_hold(disks: tuple[DiskRequest, ...], chosen: tuple[StorageRoom, ...]) -> bool:
    """Whether these storages, one for each disk, take them all."""
    for room in chosen:
        mine = [disk for disk, other in zip(disks, chosen, strict=True) if other is room]
        if room.closed or any(disk.tags - room.tags for disk in mine):
            return False
        if room.capacity is not None and room.placed + sum(d.size for d in mine) > room.capacity * room.ratio:
            return False
        if room.available is not None and sum(d.written for d in mine) > room.available:
            return False
    return True


def takes(request: Request, host: HostRoom) -> bool:
    """Whether a host can have it, by every rule that is no preference."""
    together = [group for group in request.affinity if group.strict and not group.apart and group.hosts]
    apart = [group for group in request.affinity if group.strict and group.apart]
    theirs = [one for one in host.dedicated if one.domain != request.owner.domain]
    theirs += [one for one in host.dedicated if one.account and one.account != request.owner.account]
    rules = (
        request.host in (None, host.id),
        not host.closed,
        not theirs,
        all(tag in host.tags for tag in request.tags),
        host.id not in {ident for group in apart for ident in group.hosts},
        all(host.id in group.hosts for group in together),
        host.used_cpus + request.cpus <= host.cpus * host.cpu_ratio,
        host.used_memory + request.memory <= host.memory * host.memory_ratio,
    )
    ways = itertools.product(host.storages, repeat=len(request.disks))
    return all(rules) and any(storages_hold(request.disks, way) for way in ways)


def better(request: Request, one: HostRoom, other: HostRoom) -> bool:
    """Whether ``one`` is to be preferred to ``other``, where both take it."""
    for ours, theirs in zip(_wishes(request, one), _wishes(request, other), strict=True):
        if ours != theirs:
            return bool(ours > theirs)
    return one.name < other.name


def _wishes(request: Request, host: HostRoom) -> t.Iterator[float]:
    """How well a host does, by what counts first; more is better."""
    soft = [group for group in request.affinity if not group.strict and group.hosts]
    yield sum((host.id in group.hosts) != group.apart for group in soft)
    yield bool(host.dedicated)
    free = host.memory * host.memory_ratio - host.used_memory
    if request.planner == "UserDispersingPlanner":
        yield -request.crowd.get(host.id, 0)
    if request.planner == "UserConcentratedPodPlanner":
        yield request.crowd.get(host.pod, 0)
    if request.planner == "pack":
        yield -free
    elif request.planner != "FirstFitPlanner":
        yield free


def choice(request: Request, found: list[HostRoom]) -> HostRoom | None:
    """The host that no other is preferred to, among those that take it."""
    able = [host for host in found if takes(request, host)]
    best = [one for one in able if all(one is other or better(request, one, other) for other in able)]
    assert len(best) == (1 if able else 0)
    return best[0] if best else None
