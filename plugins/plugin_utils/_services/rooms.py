# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Room on hosts, as placement needs it, read once a transaction and kept up as things are placed."""

from __future__ import annotations

import collections
import dataclasses as dc
import typing as t

from .._core.converge.primary_storage import is_shared, serves
from .._core.place import Dedication, HostRoom, Rooms, StorageRoom
from .._core.resource import Owner, Resource
from .session import Session

_CLOSED = {"Disabled": "is disabled", "Maintenance": "is in maintenance"}
_CROWDED = ("UserDispersingPlanner", "UserConcentratedPodPlanner")


def rooms(session: Session, zone: str) -> Rooms:
    """The room on each host of a zone, by the host's id."""
    if zone not in session.rooms:
        session.rooms[zone] = _read(session, zone)
        _freed(session, zone, session.leaving)
    return session.rooms[zone]


def leave(session: Session, idents: t.Collection[str]) -> None:
    """The room of resources that go in this run can be taken in it: hosts are rid of them before others are made.

    It stays counted until they are gone, for the runs of others and for the next one, should this one be cut short.
    """
    new = set(idents) - session.leaving
    session.leaving |= new
    for zone in session.rooms:
        _freed(session, zone, new)


def _freed(session: Session, zone: str, idents: t.Collection[str]) -> None:
    for taken in session.tx.allocated(idents) if idents else ():
        if taken.host in session.rooms[zone]:
            storages = {taken.storage: -taken.size} if taken.storage else {}
            took(session, zone, taken.host, cpus=-taken.cpus, memory=-taken.memory, storages=storages)


def host_room(session: Session, zone: str, host: str, *, open_: bool = False) -> HostRoom:
    """The room on one host; ``open_`` for what is there already and may grow, closed to new instances or not."""
    room = rooms(session, zone)[host]
    return room.open() if open_ else room


def crowd(session: Session, zone: str, owner: Owner, planner: str) -> t.Mapping[str, int]:
    """How many instances the owner has in a zone, as ``planner`` wants to know it: by host, by pod, or not at all."""
    if planner not in _CROWDED:
        return {}
    hosts = session.crowds.get((zone, owner))
    if hosts is None:
        mine = [one for one in session.tx.select("instance") if one.owner == owner and one.spec["zone"] == zone]
        hosts = collections.Counter(one.spec["host"] for one in mine if one.spec.get("host"))
        session.crowds[zone, owner] = hosts
    if planner == "UserDispersingPlanner":
        return hosts
    pods: collections.Counter[str] = collections.Counter()
    for host, count in hosts.items():
        pods[rooms(session, zone)[host].pod] += count
    return pods


def joined(session: Session, zone: str, owner: Owner, host: str) -> None:
    """Count an instance that was just placed, so that the next one of this transaction is placed accordingly."""
    if (zone, owner) in session.crowds:
        session.crowds[zone, owner][host] += 1


def took(
    session: Session,
    zone: str,
    host: str,
    *,
    cpus: int = 0,
    memory: int = 0,
    storages: t.Mapping[str, int] | None = None,
    written: t.Mapping[str, int] | None = None,
) -> None:
    """Count what was just placed, so that the next placement of this transaction sees it."""
    known = rooms(session, zone)
    room, sizes, files = known[host], storages or {}, written or {}
    filled = tuple(one.fuller(sizes.get(one.id, 0), files.get(one.id, 0)) for one in room.storages)
    cpus, memory = room.used_cpus + cpus, room.used_memory + memory
    known.put(dc.replace(room, storages=filled, used_cpus=cpus, used_memory=memory))
    for one in filled:
        if one.shared and one.id in {*sizes, *files}:
            known.share(one)


def _read(session: Session, zone: str) -> Rooms:
    tx = session.tx
    above = {r.id: r for kind in ("zone", "pod", "cluster") for r in tx.select(kind)}
    storages = tx.select("primary_storage")
    hosts = [host for host in tx.select("host") if host.spec["zone"] == zone]
    usage, filled = tx.usage(), tx.storage_usage()
    return Rooms(
        HostRoom(
            id=host.id,
            name=host.name,
            cpus=host.status.get("cpus", 0),
            memory=host.status.get("memory", 0),
            used_cpus=usage.get(host.id, (0, 0))[0],
            used_memory=usage.get(host.id, (0, 0))[1],
            cpu_ratio=above[host.spec["cluster"]].spec["cpu_overcommit_ratio"],
            memory_ratio=above[host.spec["cluster"]].spec["memory_overcommit_ratio"],
            tags=frozenset(host.spec.get("host_tags") or []),
            closed=_closed(host, above),
            pod=host.spec.get("pod") or "",
            dedicated=_dedicated(host, above),
            storages=tuple(_storage(storage, host, filled) for storage in storages if serves(storage, host)),
        )
        for host in hosts
    )


def _closed(host: Resource, above: t.Mapping[str, Resource]) -> str:
    """Why a host takes no new instances: itself, or what it is in."""
    for resource in _levels(host, above):
        state = _CLOSED.get(resource.spec["allocation_state"])
        if state:
            return state if resource is host else f"{resource.label} {state}"
    return ""


def _dedicated(host: Resource, above: t.Mapping[str, Resource]) -> tuple[Dedication, ...]:
    """Whom a host is for: itself, or what it is in."""
    found = []
    for resource in _levels(host, above):
        domain, account = (resource.spec.get(f"dedicated_{name}") or "" for name in ("domain", "account"))
        if domain or account:
            found.append(Dedication(domain or Owner().domain, account, "" if resource is host else resource.label))
    return tuple(found)


def _levels(host: Resource, above: t.Mapping[str, Resource]) -> tuple[Resource, ...]:
    return (host, *(above[host.spec[name]] for name in ("cluster", "pod", "zone") if host.spec.get(name)))


def _storage(storage: Resource, host: Resource, filled: t.Mapping[tuple[str, str], int]) -> StorageRoom:
    seen = storage.status.get("hosts", {})
    here, placed = seen.get(host.id, {}), filled.get((host.id, storage.id), 0)
    if is_shared(storage):
        here = here or next(iter(seen.values()), {})
        placed = sum(size for (_host, ident), size in filled.items() if ident == storage.id)
    return StorageRoom(
        id=storage.id,
        name=storage.name,
        tags=frozenset(storage.spec.get("storage_tags") or []),
        closed=_CLOSED.get(storage.spec["allocation_state"], ""),
        capacity=here.get("capacity"),
        available=here.get("available"),
        placed=placed,
        shared=is_shared(storage),
        ratio=storage.spec["over_provisioning_ratio"],
    )
