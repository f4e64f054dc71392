# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Placement: on which host, and on which of its storages, an instance goes.

A decision is made from numbers passed in and comes with its trace: for each host that was not
chosen, why not. Among hosts that have room, the one with the most free memory is chosen (spread);
ties go by name, so that the same question always has the same answer.
"""

from __future__ import annotations

import bisect
import dataclasses as dc
import functools
import typing as t


@dc.dataclass(frozen=True)
class StorageRoom:
    """A storage of a host; sizes in bytes, ``capacity`` None while it has not been seen yet."""

    id: str
    name: str
    tags: frozenset[str] = frozenset()
    enabled: bool = True
    capacity: int | None = None
    available: int | None = None
    placed: int = 0
    ratio: float = 2.0


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

    def only(self, storage: str) -> HostRoom:
        """With one storage alone, open to what is on it already."""
        found = (dc.replace(one, enabled=True) for one in self.storages if one.id == storage)
        return dc.replace(self, storages=tuple(found))

    @property
    def free_memory(self) -> float:
        return self.memory * self.memory_ratio - self.used_memory


@dc.dataclass(frozen=True)
class DiskRequest:
    """A volume to place: its size in bytes, and how much of it is written at once."""

    size: int
    written: int = 0
    tags: frozenset[str] = frozenset()


@dc.dataclass(frozen=True)
class Request:
    """What is to be placed. ``apart`` and ``together`` are ids of hosts that affinity excludes or demands."""

    cpus: int
    memory: int
    tags: frozenset[str] = frozenset()
    disks: tuple[DiskRequest, ...] = ()
    host: str | None = None
    apart: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    rather_apart: frozenset[str] = frozenset()
    rather_together: frozenset[str] = frozenset()


class Rooms(t.Mapping[str, HostRoom]):
    """Hosts by id, kept in the order in which placement prefers them."""

    def __init__(self, rooms: t.Iterable[HostRoom] = ()) -> None:
        self._rooms: dict[str, HostRoom] = {}
        self._order: list[tuple[t.Any, ...]] = []
        for room in rooms:
            self._rooms[room.id] = room
            self._order.append(_key(room))
        self._order.sort()

    def put(self, room: HostRoom) -> None:
        """Replace a host by what it is now, or add it."""
        old = self._rooms.get(room.id)
        if old is not None:
            del self._order[bisect.bisect_left(self._order, _key(old))]
        self._rooms[room.id] = room
        bisect.insort(self._order, _key(room))

    def preferred(self) -> t.Iterator[HostRoom]:
        return (self._rooms[key[-1]] for key in self._order)

    def __getitem__(self, ident: str) -> HostRoom:
        return self._rooms[ident]

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._rooms)

    def __len__(self) -> int:
        return len(self._rooms)


@dc.dataclass(frozen=True)
class Placement:
    """The chosen host and, for each disk, its storage; or ``host`` None."""

    host: str | None
    storages: tuple[str, ...] = ()
    _explain: t.Callable[[], dict[str, str]] = dc.field(default=dict, repr=False, compare=False)

    @functools.cached_property
    def trace(self) -> t.Mapping[str, str]:
        """For each host that was not chosen, by name: why not. Worked out when it is asked for."""
        return self._explain()

    @property
    def reasons(self) -> str:
        """The trace as one phrase, for a person."""
        shown = [f"{host}: {reason}" for host, reason in list(self.trace.items())[:5]]
        more = len(self.trace) - len(shown)
        return "; ".join(shown) + (f"; and {more} more hosts" if more > 0 else "")


def place(request: Request, hosts: t.Iterable[HostRoom] | Rooms) -> Placement:
    """Choose a host for ``request``.

    For many requests keep the hosts in Rooms: a choice then looks at few of them.
    """
    rooms = hosts if isinstance(hosts, Rooms) else Rooms(hosts)
    seen = tuple(rooms.values())
    for room in _candidates(request, rooms):
        if not _refusal(request, room):
            storages, reason = _storages(request.disks, room.storages)
            if not reason:
                return Placement(room.id, storages, functools.partial(_trace, request, seen, room.id))
    return Placement(None, (), functools.partial(_trace, request, seen, None))


def _key(room: HostRoom) -> tuple[t.Any, ...]:
    """Sorts hosts as they are preferred, all else being equal."""
    return (-room.free_memory, room.name, room.id)


def _candidates(request: Request, rooms: Rooms) -> t.Iterable[HostRoom]:
    """The hosts to try, the preferred ones first."""
    if request.host is not None:
        return (rooms[request.host],) if request.host in rooms else ()
    if not request.rather_together and not request.rather_apart:
        return rooms.preferred()
    return sorted(
        rooms.preferred(), key=lambda room: (room.id in request.rather_apart) - (room.id in request.rather_together)
    )


def _trace(request: Request, rooms: t.Iterable[HostRoom], chosen: str | None) -> dict[str, str]:
    trace = {}
    for room in sorted(rooms, key=lambda room: room.name):
        if room.id != chosen:
            reason = _refusal(request, room) or _storages(request.disks, room.storages)[1]
            trace[room.name] = reason or "less free memory or less preferred"
    return trace


def _refusal(request: Request, host: HostRoom) -> str:
    if request.host is not None and host.id != request.host:
        return "another host is asked for"
    if host.closed:
        return host.closed
    missing = request.tags - host.tags
    if missing:
        return f"lacks host tag {', '.join(sorted(missing))}"
    if host.id in request.apart:
        return "anti-affinity keeps it away from this host"
    if request.together and host.id not in request.together:
        return "affinity wants another host"
    return shortage(request.cpus, request.memory, host)


def shortage(cpus: int, memory: int, host: HostRoom) -> str:
    """Why the host has no room for so much more; empty when it has."""
    if cpus > host.cpus * host.cpu_ratio:
        return f"{cpus} CPUs are more than its {host.cpus} can ever give"
    if host.used_cpus + cpus > host.cpus * host.cpu_ratio:
        return (
            f"{host.used_cpus} of its {host.cpus * host.cpu_ratio:g} virtual CPUs are taken, {cpus} more are asked for"
        )
    if memory > host.free_memory:
        return f"{max(0, int(host.free_memory))} MiB of memory are free, {memory} MiB are asked for"
    return ""


def _storages(disks: tuple[DiskRequest, ...], rooms: tuple[StorageRoom, ...]) -> tuple[tuple[str, ...], str]:
    """A storage for each disk, the freest that leaves room for the later disks; or why there is none."""
    if not disks:
        return (), ""
    disk, reasons = disks[0], []
    for room in sorted(rooms, key=lambda r: (-_free(r), r.name)):
        reason = _full(disk, room)
        if not reason and len(disks) == 1:
            return (room.id,), ""
        if not reason:
            available = None if room.available is None else room.available - disk.written
            less = dc.replace(room, placed=room.placed + disk.size, available=available)
            others, reason = _storages(disks[1:], tuple(less if one is room else one for one in rooms))
            if not reason:
                return (room.id, *others), ""
            reasons.append(reason)
        else:
            reasons.append(f"storage {room.name} {reason}")
    return (), "; ".join(dict.fromkeys(reasons)) or "has no primary storage"


def _free(room: StorageRoom) -> float:
    return float("inf") if room.capacity is None else room.capacity * room.ratio - room.placed


def _full(disk: DiskRequest, room: StorageRoom) -> str:
    if not room.enabled:
        return "is disabled"
    if disk.tags - room.tags:
        return f"lacks storage tag {', '.join(sorted(disk.tags - room.tags))}"
    if room.capacity is not None and room.placed + disk.size > room.capacity * room.ratio:
        return f"has no room for {gib(disk.size)} more ({gib(room.placed)} placed on {gib(room.capacity)})"
    if room.available is not None and disk.written > room.available:
        return f"has {gib(room.available)} free, {gib(disk.written)} would be written"
    return ""


def gib(size: float) -> str:
    """A size in bytes for a person."""
    if size < 1 << 30:
        return f"{size / (1 << 20):.0f} MiB"
    return f"{size / (1 << 30):.4g} GiB"
