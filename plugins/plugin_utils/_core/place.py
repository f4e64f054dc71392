# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Placement: on which host, and on which of its storages, an instance goes.

A decision is made from numbers passed in, and comes with its trace. A host takes an instance when it

    is open         itself, and the cluster, pod and zone that it is in: neither disabled nor in maintenance
    may have it     no part of that is dedicated to others
    is fit for it   it has the tags, and affinity allows it
    has room        CPUs and memory by the overcommit ratios, and a storage for each disk

Of those, the preferred one has, in this order: the fewest offences against affinity that is not strict;
been dedicated to the owner; what the planner wants; the first name. So the same question always has the
same answer.
"""

from __future__ import annotations

import bisect
import dataclasses as dc
import typing as t

from .resource import Owner
from .trace import ASKED, Refusal, Trace

Key = tuple[t.Any, ...]

# How each planner sorts hosts by what is known of each alone; the preferred first. The last part is the id.
_ORDERS: dict[str, t.Callable[[HostRoom], Key]] = {
    "spread": lambda room: (-room.free_memory, room.name, room.id),
    "pack": lambda room: (room.free_memory, room.name, room.id),
    "FirstFitPlanner": lambda room: (room.name, room.id),
}
# Planners that first look at where the owner's instances are (Request.crowd): the fewer, or the more, the better.
_CROWDS = {"UserDispersingPlanner": 1, "UserConcentratedPodPlanner": -1}
PLANNERS = (*_ORDERS, *_CROWDS)


@dc.dataclass(frozen=True)
class StorageRoom:
    """A storage of a host; sizes in bytes, ``capacity`` None while it has not been seen yet.
    ``closed`` says why it takes nothing; a ``shared`` one is the same on all of its hosts."""

    id: str
    name: str
    tags: frozenset[str] = frozenset()
    closed: str = ""
    capacity: int | None = None
    available: int | None = None
    placed: int = 0
    ratio: float = 2.0
    shared: bool = False

    def fuller(self, size: int, written: int) -> StorageRoom:
        """With so much more placed on it, of which so much is written."""
        available = None if self.available is None else self.available - written
        return dc.replace(self, placed=self.placed + size, available=available)


@dc.dataclass(frozen=True)
class Dedication:
    """Something is for a domain alone, or for one account of it; ``where`` is what, if not the host itself."""

    domain: str
    account: str = ""
    where: str = ""

    def admits(self, owner: Owner) -> bool:
        return owner.domain == self.domain and self.account in ("", owner.account)

    @property
    def sentence(self) -> str:
        account = f"account '{self.account}' of " if self.account else ""
        return f"{self.where + ' ' if self.where else ''}is dedicated to {account}domain '{self.domain}'"


@dc.dataclass(frozen=True)
class Affinity:
    """An affinity group that a request is of, and the ids of hosts that its other instances are on."""

    name: str
    hosts: frozenset[str]
    apart: bool
    strict: bool = True

    def offended(self, host: str) -> bool:
        return host in self.hosts if self.apart else bool(self.hosts) and host not in self.hosts


@dc.dataclass(frozen=True)
class HostRoom:
    """A host with what it has and what is placed on it; memory in MiB. ``closed`` says why it takes nothing."""

    id: str
    name: str
    cpus: int
    memory: int
    used_cpus: int = 0
    used_memory: int = 0
    cpu_ratio: float = 4.0
    memory_ratio: float = 1.0
    tags: frozenset[str] = frozenset()
    closed: str = ""
    storages: tuple[StorageRoom, ...] = ()
    pod: str = ""
    dedicated: tuple[Dedication, ...] = ()

    def open(self) -> HostRoom:
        """As it is to what is on it already and may grow."""
        return dc.replace(self, closed="", dedicated=())

    def only(self, storage: str) -> HostRoom:
        """With one storage alone, open to what is on it already."""
        found = (dc.replace(one, closed="") for one in self.storages if one.id == storage)
        return dc.replace(self, storages=tuple(found))

    @property
    def free_memory(self) -> float:
        return self.memory * self.memory_ratio - self.used_memory


@dc.dataclass(frozen=True)
class DiskRequest:
    """A volume to place: its size in bytes, and how much of it is written at once.

    One that is on the shared storage ``kept`` stays there on each host that has that, and is counted already; where it
    is ``bound`` (by what), it goes to no other host.
    """

    size: int
    written: int = 0
    tags: frozenset[str] = frozenset()
    kept: str = ""
    bound: str = ""


@dc.dataclass(frozen=True)
class Request:
    """What is to be placed. ``host`` is the only one that will do. ``planner`` is one of PLANNERS; ``crowd`` says
    how many instances the owner has, by id of the host or, for UserConcentratedPodPlanner, of the pod."""

    cpus: int
    memory: int
    tags: frozenset[str] = frozenset()
    disks: tuple[DiskRequest, ...] = ()
    host: str | None = None
    owner: Owner = dc.field(default_factory=Owner)
    affinity: tuple[Affinity, ...] = ()
    planner: str = "spread"
    crowd: t.Mapping[str, int] = dc.field(default_factory=dict)


class Rooms(t.Mapping[str, HostRoom]):
    """Hosts by id, kept in the order in which each planner that is asked for prefers them."""

    def __init__(self, rooms: t.Iterable[HostRoom] = ()) -> None:
        self._rooms = {room.id: room for room in rooms}
        self._orders: dict[str, list[Key]] = {}
        self._dedicated = sum(bool(room.dedicated) for room in self._rooms.values())

    def put(self, room: HostRoom) -> None:
        """Replace a host by what it is now, or add it."""
        old = self._rooms.get(room.id)
        self._rooms[room.id] = room
        self._dedicated += bool(room.dedicated) - bool(old is not None and old.dedicated)
        for order, keys in self._orders.items():
            key = _ORDERS[order]
            if old is not None:
                del keys[bisect.bisect_left(keys, key(old))]
            bisect.insort(keys, key(room))

    def share(self, storage: StorageRoom) -> None:
        """What a storage is now is so on all hosts that have it."""
        for ident, room in self._rooms.items():
            if any(one.id == storage.id for one in room.storages):
                mine = (storage if one.id == storage.id else one for one in room.storages)
                self._rooms[ident] = dc.replace(room, storages=tuple(mine))

    def preferred(self, order: str, memory: int) -> t.Iterator[HostRoom]:
        """Hosts in this order; with ``pack``, which begins with the fullest ones, those that have so much memory."""
        if order not in self._orders:
            self._orders[order] = sorted(map(_ORDERS[order], self._rooms.values()))
        keys = self._orders[order]
        first = bisect.bisect_left(keys, (memory,)) if order == "pack" else 0
        return (self._rooms[keys[at][-1]] for at in range(first, len(keys)))

    @property
    def dedicated(self) -> bool:
        """Whether any host is."""
        return self._dedicated > 0

    def __getitem__(self, ident: str) -> HostRoom:
        return self._rooms[ident]

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._rooms)

    def __len__(self) -> int:
        return len(self._rooms)


@dc.dataclass(frozen=True)
class Placement:
    """The chosen host and, for each disk, its storage; or ``host`` None. Where none was found, or it was asked
    for, the trace says why not the others."""

    host: str | None
    storages: tuple[str, ...] = ()
    trace: Trace = dc.field(default_factory=Trace)


def place(request: Request, hosts: t.Iterable[HostRoom] | Rooms, *, explain: bool = False) -> Placement:
    """Choose a host for ``request``.

    For many requests keep the hosts in Rooms: a choice then looks at few of them.
    """
    rooms = hosts if isinstance(hosts, Rooms) else Rooms(hosts)
    for room in _candidates(request, rooms):
        if not _refusal(request, room):
            storages, refusal = _storages(request.disks, room.storages)
            if not refusal:
                return Placement(room.id, storages, _trace(request, rooms, room) if explain else Trace())
    return Placement(None, (), _trace(request, rooms, None))


def _candidates(request: Request, rooms: Rooms) -> t.Iterable[HostRoom]:
    """The hosts to try, the preferred ones first."""
    if request.host is not None:
        return (rooms[request.host],) if request.host in rooms else ()
    preferred = rooms.preferred(_order(request), request.memory)
    if request.planner in _CROWDS or rooms.dedicated or any(not one.strict for one in request.affinity):
        return sorted(preferred, key=lambda room: _demerits(request, room))
    return preferred


def _order(request: Request) -> str:
    return "spread" if request.planner in _CROWDS else request.planner


def _demerits(request: Request, room: HostRoom) -> tuple[int, bool, int]:
    """What is preferred before the planner's order of hosts: the least."""
    offences = sum(one.offended(room.id) for one in request.affinity if not one.strict)
    where = room.id if request.planner == "UserDispersingPlanner" else room.pod
    return offences, not room.dedicated, _CROWDS.get(request.planner, 0) * request.crowd.get(where, 0)


def _trace(request: Request, rooms: Rooms, chosen: HostRoom | None) -> Trace:
    found = {}
    for room in rooms.values():
        if chosen is None or room.id != chosen.id:
            refusal = _refusal(request, room) or _storages(request.disks, room.storages)[1]
            if refusal is None and chosen is not None:
                refusal = _less(request, room, chosen)
            if refusal is not None:
                found[room.name] = refusal
    return Trace(found)


def _less(request: Request, room: HostRoom, chosen: HostRoom) -> Refusal:
    """Why a host that could take it is not the preferred one."""
    mine, best = _demerits(request, room), _demerits(request, chosen)
    free = f"{int(room.free_memory)} MiB of memory are free, {int(chosen.free_memory)} MiB on {chosen.name}"
    if mine[0] != best[0]:
        offended = [one.name for one in request.affinity if not one.strict and one.offended(room.id)]
        return Refusal(f"affinity group '{offended[0]}' would rather have another host")
    if mine[1] != best[1]:
        return Refusal(f"it is not dedicated to the owner, as {chosen.name} is")
    if mine[2] != best[2]:
        more = request.planner == "UserDispersingPlanner"
        cause = "the owner has " + ("more instances on this host" if more else "fewer instances in this pod")
        return Refusal(cause, f"{cause}: {abs(mine[2])}, and {abs(best[2])} there")
    if _order(request) != "FirstFitPlanner" and room.free_memory != chosen.free_memory:
        return Refusal("less memory is free" if _order(request) == "spread" else "more memory is free", free)
    return Refusal(f"as good as {chosen.name}, which is first by name")


def _refusal(request: Request, host: HostRoom) -> Refusal | None:
    if request.host is not None and host.id != request.host:
        return Refusal(ASKED)
    if host.closed:
        return Refusal(host.closed)
    for dedication in host.dedicated:
        if not dedication.admits(request.owner):
            return Refusal("is dedicated to others", dedication.sentence)
    if request.tags - host.tags:
        return Refusal(f"lacks host tag {', '.join(sorted(request.tags - host.tags))}")
    for group in request.affinity:
        if group.strict and group.offended(host.id):
            way = "anti-affinity keeps it away from this host" if group.apart else "affinity wants another host"
            return Refusal(f"{way} (group '{group.name}')")
    return _shortage(request.cpus, request.memory, host)


def shortage(cpus: int, memory: int, host: HostRoom) -> str:
    """Why the host has no room for so much more; empty when it has."""
    refusal = _shortage(cpus, memory, host)
    return refusal.sentence if refusal else ""


def _shortage(cpus: int, memory: int, host: HostRoom) -> Refusal | None:
    most = host.cpus * host.cpu_ratio
    if cpus > most:
        return Refusal("has too few CPUs", f"{cpus} CPUs are more than its {host.cpus} can ever give", most)
    if host.used_cpus + cpus > most:
        detail = f"{host.used_cpus} of its {most:g} virtual CPUs are taken, {cpus} more are asked for"
        return Refusal("has too few CPUs free", detail, most - host.used_cpus)
    if memory > host.free_memory:
        free = max(0, int(host.free_memory))
        detail = f"{free} MiB of memory are free, {memory} MiB are asked for"
        return Refusal("has too little memory free", detail, host.free_memory)
    return None


def _storages(disks: tuple[DiskRequest, ...], rooms: tuple[StorageRoom, ...]) -> tuple[tuple[str, ...], Refusal | None]:
    """A storage for each disk, the freest that leaves room for the later disks; or why there is none."""
    if not disks:
        return (), None
    disk, refusals = disks[0], []
    if disk.kept and any(room.id == disk.kept for room in rooms):
        others, refusal = _storages(disks[1:], rooms)
        return ((), refusal) if refusal else ((disk.kept, *others), None)
    if disk.bound:
        return (), Refusal(f"does not have the storage of {disk.bound}")
    for room in sorted(rooms, key=lambda r: (-_free(r), r.name)):
        refusal = _full(disk, room)
        if refusal is None:
            less = room.fuller(disk.size, disk.written) if disks[1:] else room
            others, refusal = _storages(disks[1:], tuple(less if one is room else one for one in rooms))
            if refusal is None:
                return (room.id, *others), None
        refusals.append(refusal)
    return (), _together(refusals)


def _together(refusals: list[Refusal]) -> Refusal:
    """The refusals of all storages of a host as the host's."""
    if not refusals:
        return Refusal("has no primary storage")
    cause = "; ".join(sorted({one.cause for one in refusals}))
    detail = "; ".join(dict.fromkeys(one.sentence for one in refusals))
    return Refusal(cause, "" if detail == cause else detail, max(one.near for one in refusals))


def _free(room: StorageRoom) -> float:
    return float("inf") if room.capacity is None else room.capacity * room.ratio - room.placed


def _full(disk: DiskRequest, room: StorageRoom) -> Refusal | None:
    head = f"storage {room.name}"
    if room.closed:
        return Refusal(f"{head} {room.closed}")
    if disk.tags - room.tags:
        return Refusal(f"{head} lacks storage tag {', '.join(sorted(disk.tags - room.tags))}")
    if room.capacity is not None and room.placed + disk.size > room.capacity * room.ratio:
        detail = f"{gib(disk.size)} more ({gib(room.placed)} placed on {gib(room.capacity)})"
        return Refusal(f"{head} has no room", f"{head} has no room for {detail}", _free(room))
    if room.available is not None and disk.written > room.available:
        detail = f"{head} has {gib(room.available)} free, {gib(disk.written)} would be written"
        return Refusal(f"{head} is full", detail, room.available)
    return None


def gib(size: float) -> str:
    """A size in bytes for a person."""
    if size < 1 << 30:
        return f"{size / (1 << 20):.0f} MiB"
    return f"{size / (1 << 30):.4g} GiB"
