# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Another host for an instance: whether it can go there, and what it and its volumes take there."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ..._core.awaits import awaits
from ..._core.converge.instance import cpu_of, size_of
from ..._core.converge.primary_storage import is_shared, serves
from ..._core.place import DiskRequest, HostRoom, Placement, Request, place
from ..._core.resource import Resource
from ..moving import take_along
from ..rooms import crowd, joined, rooms, took
from ..session import Session
from .affinity import affinity
from .isolated import is_on_one_host

_BACK = "bring it back first"


def hindrance(session: Session, instance: Resource) -> str:
    """Why an instance cannot leave its host; empty when it can."""
    if instance.spec.get("last_host"):
        return on_its_way(session, instance)
    if instance.spec["power"] == "Destroyed":
        return f"it is destroyed and has nothing that could be moved; {_BACK}"
    volumes = volumes_of(session, instance)
    snapshots = [user for one in (instance, *volumes) for user in session.tx.referrers(one.id) if _is_snapshot(user)]
    kept = [one for one in snapshots if not is_shared(session.one(one.spec["storage"]))]
    if kept:
        return f"{kept[0].label} of it is on its host's storage, where it has to stay; remove that first"
    if any(awaits(one) for one in (instance, *volumes)):
        return "it is still to become what a snapshot holds; apply it as it is first"
    return bound(session, instance)


def on_its_way(session: Session, machine: Resource) -> str:
    """That a machine is still on its way from another host; empty when it is on none."""
    if not machine.spec.get("last_host"):
        return ""
    last, host = (session.one(machine.spec[name]).name for name in ("last_host", "host"))
    return f"it is still on its way from {last} to {host}; apply it as it is first"


def bound(session: Session, instance: Resource) -> str:
    """Why a network keeps an instance where it is, one that is nowhere but beside its router; empty where none does."""
    networks = map(session.one, instance.spec.get("networks") or [])
    alone = next((one for one in networks if is_on_one_host(session, one)), None)
    return f"{alone.label} is only on the host of its router; stop it" if alone is not None else ""


def _is_snapshot(one: Resource) -> bool:
    return one.kind in ("volume_snapshot", "instance_snapshot")


def volumes_of(session: Session, instance: Resource) -> list[Resource]:
    """Its own volumes and those that are attached to it, in the order of their devices."""
    found = [one for one in session.tx.referrers(instance.id) if one.kind == "volume"]
    mine = [one for one in found if one.spec.get("vm") == instance.id and not one.removing]
    return sorted(mine, key=lambda one: one.spec.get("device_id") or 0)


def destination(
    session: Session, instance: Resource, host: str | None = None, among: t.Iterable[HostRoom] | None = None
) -> Placement:
    """Where an instance can go: to ``host``, or to one of the hosts ``among``."""
    zone, offering = instance.spec["zone"], session.one(instance.spec["service_offering"])
    cpus, memory = size_of(instance, offering)
    planner = offering.spec.get("deployment_planner") or "spread"
    request = Request(
        cpus=cpus,
        memory=memory,
        tags=frozenset(offering.spec.get("host_tags") or []),
        disks=tuple(_disk(session, one, offering) for one in volumes_of(session, instance)),
        host=host,
        owner=instance.owner,
        affinity=affinity(session, instance),
        planner=planner,
        crowd=crowd(session, zone, instance.owner, planner),
    )
    return place(request, rooms(session, zone) if among is None else list(among))


def _disk(session: Session, volume: Resource, offering: Resource) -> DiskRequest:
    """What a volume takes where it goes: a place of its size, and room for the image that it lies over."""
    (taken,) = session.tx.allocated([volume.id])
    kept = session.one(volume.spec["disk_offering"]) if volume.spec.get("disk_offering") else None
    tags = set(kept.spec.get("storage_tags") or []) if kept else set()
    image = session.one(volume.spec["template"]) if volume.spec.get("template") else volume
    if volume.spec.get("type") == "ROOT":
        tags |= {*(offering.spec.get("storage_tags") or [])}
    storage = session.one(volume.spec["storage"])
    stays = storage.id if is_shared(storage) else ""
    snapshots = [user for user in session.tx.referrers(volume.id) if _is_snapshot(user)]
    bound = snapshots[0].label if stays and snapshots else ""
    return DiskRequest(taken.size, image.status.get("physical_size") or 0, frozenset(tags), stays, bound)


def other_processor(session: Session, machine: Resource, target: str) -> str:
    """Why a running guest cannot go on with the processor that another host has; empty when it can."""
    hosts = [session.one(ident) for ident in (machine.spec["host"], target)]
    (had, model), (has, other) = (cpu_of(host) for host in hosts)
    if machine.spec["power"] != "Running" or (had, model) == (has, other):
        return ""
    names = " and ".join(f"{host.name} by {' '.join(filter(None, cpu_of(host)))}" for host in hosts)
    return f"running guests cannot change their processor, and {names} run theirs; stop it first"


def rescue(session: Session, instance: Resource, target: str | None) -> tuple[str, Placement | None]:
    """Where an instance can be started whose host does not answer, or why it cannot.

    Who asks for it says that the host is off: all that is of the instance is on storages that other hosts have, too.
    """
    away = instance.spec["power"] == "Destroyed" or instance.spec.get("last_host") or target is None
    if away or any(awaits(one) for one in (instance, *volumes_of(session, instance))):
        return hindrance(session, instance) or "what is destroyed stays where it is", None
    host = session.one(instance.spec["host"])
    for volume in volumes_of(session, instance):
        storage = session.one(volume.spec["storage"])
        if not (is_shared(storage) and serves(storage, session.one(str(target)))):
            return f"{host.label} does not answer, and has its {volume.label} alone; bring that back", None
    return bound(session, instance), destination(session, instance, host=target)


def leave_behind(session: Session, instance: Resource) -> None:
    """Note on the host what it is to be rid of when it is back."""
    host = session.one(instance.spec["host"])
    session.tx.update(host.with_status(left=sorted({*host.status.get("left", ()), instance.id})))
    session.warn(
        instance,
        f"{host.label} does not answer, and what it has of it is left there; be sure that it is off, since the "
        "instance is started elsewhere",
    )


def move(session: Session, instance: Resource, placement: Placement, *, lost: bool = False) -> Resource:
    """Give an instance and its volumes their place on the host of ``placement``; the instance as it is to be stored.

    From a host that is ``lost`` nothing comes, and it is on no way from there.
    """
    was, host, zone = instance.spec["host"], str(placement.host), instance.spec["zone"]
    cpus, memory = size_of(instance, session.one(instance.spec["service_offering"]))
    there: dict[str, int] = {}
    for volume, storage in zip(volumes_of(session, instance), placement.storages, strict=True):
        (taken,) = session.tx.allocated([volume.id])
        if storage == volume.spec["storage"] and is_shared(session.one(storage)):
            take_along(session.tx, volume, host)
        else:
            there[storage] = there.get(storage, 0) + taken.size
        last = {} if lost else {"last_host": was, "last_storage": volume.spec["storage"]}
        session.tx.update(dc.replace(volume, spec=volume.spec | last | {"host": host, "storage": storage}))
        session.tx.allocate(volume.id, host, storage, size=taken.size)
    session.tx.allocate(instance.id, host, cpus=cpus, memory=memory)
    take_along(session.tx, instance, host)
    # What it has on its old host stays counted by this transaction: it is there until it has arrived.
    took(session, zone, host, cpus=cpus, memory=memory, storages=there)
    joined(session, zone, instance.owner, host)
    return instance.with_spec(host=host, **({} if lost else {"last_host": was}))
