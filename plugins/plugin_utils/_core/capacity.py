# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Capacity: what there is, what instances and volumes were given of it, and what is left, by place."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from .place import HostRoom
from .resource import Resource
from .units import GIB

LEVELS = ("zone", "pod", "cluster", "host", "primary_storage")


@dc.dataclass
class Amount:
    """CPUs, MiB or bytes; ``total`` includes overcommitment."""

    total: float = 0
    used: float = 0

    def add(self, total: float, used: float) -> None:
        self.total += total
        self.used += used

    def shown(self, unit: int = 1) -> dict[str, float]:
        """In units; free is never below nothing, though more may be used than there is by now."""
        free = max(0.0, self.total - self.used)
        return {name: round(value / unit, 2) for name, value in zip(_SHOWN, (self.total, self.used, free), strict=True)}


_SHOWN = ("total", "used", "free")


@dc.dataclass
class Capacity:
    """One place's amounts."""

    place: Resource
    cpus: Amount = dc.field(default_factory=Amount)
    memory: Amount = dc.field(default_factory=Amount)
    storage: Amount = dc.field(default_factory=Amount)

    def shown(self) -> dict[str, t.Any]:
        """As a module returns it: CPUs, memory in MiB, storage in GiB; a storage has storage alone."""
        head = {"type": self.place.kind, "name": self.place.name, "id": self.place.id}
        storage = {"storage": self.storage.shown(GIB)}
        if self.place.kind == "primary_storage":
            return head | storage
        return head | {"cpu": self.cpus.shown(), "memory": self.memory.shown()} | storage


def capacities(
    rooms: t.Iterable[HostRoom], hosts: t.Mapping[str, Resource], places: t.Mapping[str, Resource]
) -> list[Capacity]:
    """Of each place that has hosts, the larger ones first; ``places`` are zones, pods, clusters and storages by id."""
    found: dict[str, Capacity] = {}
    counted: set[tuple[str, str]] = set()

    def of(place: Resource) -> Capacity:
        return found.setdefault(place.id, Capacity(place))

    for room in rooms:
        host = hosts[room.id]
        above = [places[host.spec[level]] for level in ("zone", "pod", "cluster") if host.spec.get(level)]
        for one in (*map(of, above), of(host)):
            one.cpus.add(room.cpus * room.cpu_ratio, room.used_cpus)
            one.memory.add(room.memory * room.memory_ratio, room.used_memory)
        for storage in room.storages:
            for one in (*map(of, above), of(host), of(places[storage.id])):
                if storage.shared and (one.place.id, storage.id) in counted:
                    continue
                counted.add((one.place.id, storage.id))
                one.storage.add((storage.capacity or 0) * storage.ratio, storage.placed)
    return sorted(found.values(), key=lambda one: (LEVELS.index(one.place.kind), one.place.name, one.place.id))
