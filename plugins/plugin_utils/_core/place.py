# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Placement: on which host, and on which of its storages, an instance goes.

A decision is made from numbers passed in and comes with its trace: for each host that was not
chosen, why not. Among hosts that have room, the one with the most free memory is chosen (spread);
ties go by name, so that the same question always has the same answer.
"""

from __future__ import annotations

import dataclasses as dc
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


@dc.dataclass(frozen=True)
class Placement:
    """The chosen host and, for each disk, its storage; or ``host`` None. ``trace`` is host name to reason."""

    host: str | None
    storages: tuple[str, ...] = ()
    trace: t.Mapping[str, str] = dc.field(default_factory=dict)

    @property
    def reasons(self) -> str:
        """The trace as one phrase, for a person."""
        shown = [f"{host}: {reason}" for host, reason in list(self.trace.items())[:5]]
        more = len(self.trace) - len(shown)
        return "; ".join(shown) + (f"; and {more} more hosts" if more > 0 else "")


def place(request: Request, hosts: t.Iterable[HostRoom]) -> Placement:
    """Choose a host for ``request``."""
    trace: dict[str, str] = {}
    fit: list[tuple[HostRoom, tuple[str, ...]]] = []
    for host in sorted(hosts, key=lambda room: room.name):
        reason = _refusal(request, host)
        storages: tuple[str, ...] = ()
        if not reason:
            storages, reason = _storages(request.disks, host.storages)
        if reason:
            trace[host.name] = reason
        else:
            fit.append((host, storages))
    if not fit:
        return Placement(None, (), trace)
    chosen, storages = max(fit, key=lambda pair: _preference(request, pair[0]))
    for host, _ in fit:
        if host is not chosen:
            trace[host.name] = "less free memory or less preferred"
    return Placement(chosen.id, storages, trace)


def _preference(request: Request, host: HostRoom) -> tuple[int, float]:
    liked = (host.id in request.rather_together) - (host.id in request.rather_apart)
    return (liked, host.free_memory)


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
