# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Room on hosts, as placement needs it, read once a transaction and kept up as things are placed."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from .._core.converge.primary_storage import serves
from .._core.place import HostRoom, Rooms, StorageRoom
from .._core.resource import Resource
from .session import Session

_CLOSED = {"Disabled": "is disabled", "Maintenance": "is in maintenance"}


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
    return dc.replace(room, closed="") if open_ else room


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
    room = rooms(session, zone)[host]
    sizes, files = storages or {}, written or {}
    changed = dc.replace(
        room,
        used_cpus=room.used_cpus + cpus,
        used_memory=room.used_memory + memory,
        storages=tuple(
            dc.replace(
                storage,
                placed=storage.placed + sizes.get(storage.id, 0),
                available=None if storage.available is None else storage.available - files.get(storage.id, 0),
            )
            for storage in room.storages
        ),
    )
    session.rooms[zone].put(changed)


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
            storages=tuple(
                _storage(storage, host, filled.get((host.id, storage.id), 0))
                for storage in storages
                if serves(storage, host)
            ),
        )
        for host in hosts
    )


def _closed(host: Resource, above: t.Mapping[str, Resource]) -> str:
    """Why a host takes no new instances: itself, or what it is in."""
    for resource in (host, *(above[host.spec[name]] for name in ("cluster", "pod", "zone") if host.spec.get(name))):
        state = _CLOSED.get(resource.spec["allocation_state"])
        if state:
            return state if resource is host else f"{resource.label} {state}"
    return ""


def _storage(storage: Resource, host: Resource, placed: int) -> StorageRoom:
    seen = storage.status.get("hosts", {}).get(host.id, {})
    return StorageRoom(
        id=storage.id,
        name=storage.name,
        tags=frozenset(storage.spec.get("storage_tags") or []),
        enabled=storage.spec["allocation_state"] == "Enabled",
        capacity=seen.get("capacity"),
        available=seen.get("available"),
        placed=placed,
        ratio=storage.spec["over_provisioning_ratio"],
    )
