# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of instances: their size, place, volumes, network cards and addresses."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ....module_utils._kinds.volume import VOLUME
from ....module_utils._schema.errors import CairnError
from ....module_utils._schema.validation import Document
from ..._core.converge.instance import most_of, size_of
from ..._core.lifecycle import initial
from ..._core.place import DiskRequest, Placement, Request, gib, place, shortage
from ..._core.record import DIGESTS
from ..._core.resource import Nic, Resource
from ..._core.units import GIB
from ..rooms import crowd, host_room, joined, rooms, took
from ..session import Session
from . import cards
from .affinity import affinity
from .base import Rules
from .isolated import is_isolated
from .moving import destination, hindrance, leave_behind, move, other_processor, rescue, volumes_of
from .router import besides, check_open, host_for, needed_on, serve
from .snapshots import bequeath, copies_of, forget, keep_awaited
from .user_data import check_length
from .volume import check_growth, grow

# States after which a guest does not go on from any memory that it was to go on from.
_ANEW = ("restarted", "restored", "stopped", "destroyed")


class InstanceRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        self._check_size(session, document, spec)
        check_length(document, spec.get("user_data"))
        if spec.get("user_data") and spec.get("user_data_name"):
            raise document.error("user_data", "it is given together with user_data_name; give one of them")
        was = before.spec if before else {}
        offering = session.one(spec["service_offering"])
        self._check_images(session, document, spec, before)
        if before is None and not spec.get("root_disk_size") and offering.spec.get("root_disk_size"):
            spec["root_disk_size"] = offering.spec["root_disk_size"]
        check_growth(session, document, "root_disk_size", was.get("root_disk_size"), spec.get("root_disk_size"))
        check_growth(session, document, "disk_size", was.get("disk_size"), spec.get("disk_size"))
        template = session.one(spec["template"]) if spec.get("template") else None
        least = template.status.get("size") if template else None
        if template and least and spec.get("root_disk_size") and spec["root_disk_size"] * GIB < least:
            raise document.error(
                "root_disk_size", f"{spec['root_disk_size']} GiB is less than the {gib(least)} of {template.label}"
            )
        cards.check(session, document, spec)
        if spec.get("password") and spec["password"] != was.get("password"):
            spec["password_number"] = (was.get("password_number") or 0) + 1
        if document.state == "restored" or before is None:
            self._check_known(session, document, spec, before)
        if document.state == "restored" and before is not None:
            spec["revision"] = (before.spec.get("revision") or 0) + 1
        if document.state in _ANEW and spec.get("memory_from") and "memory_from" not in document.spec:
            spec["memory_from"] = None
        return self._data_disk(session, document, spec)

    @staticmethod
    def _check_known(
        session: Session, document: Document, spec: t.Mapping[str, t.Any], before: Resource | None
    ) -> None:
        """A guest that starts anew is given its user data, which since a rebuild may be unknown."""
        stored = session.one(spec["user_data_name"]) if spec.get("user_data_name") else None
        for one in (before, stored):
            if one is not None and "user_data" in one.status.get(DIGESTS, ()):
                raise document.error(
                    "user_data", f"that of {one.label} was not read back from the hosts; apply its document first"
                )

    def _check_images(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> None:
        """It starts from a template, or is installed from an ISO onto an empty root volume, whose size is known."""
        iso = session.one(spec["iso"]) if spec.get("iso") else None
        if iso is not None and iso.spec["zone"] != spec["zone"]:
            raise document.error("iso", f"{iso.label} is in another zone; name one of the instance's zone")
        if spec.get("template"):
            return
        if before is None and (iso is None or not iso.spec["bootable"]):
            if iso is None:
                raise document.error("template", "it is missing; a new instance needs it, or an iso")
            raise document.error("iso", f"{iso.label} is not bootable; name another one, or a template")
        kept = session.one(spec["disk_offering"]) if spec.get("disk_offering") else None
        fixed = kept.spec.get("disk_size") if kept else None
        sizes = {document.spec.get("root_disk_size"), spec.pop("disk_size", None), fixed} - {None}
        if len(sizes) > 1:
            raise document.error("root_disk_size", "disk_offering or disk_size say otherwise; give one of them")
        if sizes:
            spec["root_disk_size"] = sizes.pop()
        if not spec.get("root_disk_size") and not session.one(spec["service_offering"]).spec.get("root_disk_size"):
            raise document.error("root_disk_size", "it is missing; an instance without a template needs it")

    def _check_size(self, session: Session, document: Document, spec: dict[str, t.Any]) -> None:
        offering = session.one(spec["service_offering"])
        for name, fixed in (("cpu", "cpu_number"), ("memory", "memory")):
            most, least = spec.get(f"max_{name}"), spec.get(name) or offering.spec.get(fixed) or 0
            if most and most < least:
                raise document.error(
                    f"max_{name}", f"{most} is less than the {least} it has; give more, or leave it out"
                )
        for name in ("cpu", "memory"):
            if offering.spec.get("is_customized") and not spec.get(name):
                raise document.error(
                    name, f"it is missing; {offering.label} is customized and leaves it to the instance"
                )
            if not offering.spec.get("is_customized") and spec.get(name):
                raise document.error(name, f"{offering.label} fixes it; leave it out, or use a customized offering")

    def _data_disk(self, session: Session, document: Document, spec: dict[str, t.Any]) -> dict[str, t.Any]:
        if not spec.get("disk_offering") or not spec.get("template"):
            return spec
        offering = session.one(spec["disk_offering"])
        fixed = offering.spec.get("disk_size")
        if fixed and spec.get("disk_size") not in (None, fixed):
            raise document.error("disk_size", f"{offering.label} fixes it at {fixed} GiB; leave it out")
        if not fixed and not spec.get("disk_size"):
            raise document.error("disk_size", f"it is missing; {offering.label} leaves it to the instance")
        return spec | {"disk_size": fixed or spec["disk_size"]}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        placement, disks = self._place(session, document, resource)
        resource = resource.with_spec(host=placement.host)
        self._account(session, resource, placement, disks)
        self._volume(session, resource, "ROOT", placement.storages[0])
        if resource.spec.get("disk_size"):
            self._volume(session, resource, "DATA", placement.storages[1])
        cards.give(session, document, resource)
        self._spread(session, document, resource)
        return resource

    def _place(self, session: Session, document: Document, resource: Resource) -> tuple[Placement, list[DiskRequest]]:
        spec, offering = resource.spec, session.one(resource.spec["service_offering"])
        cpus, memory = size_of(resource, offering)
        disks = [self._root_request(session, resource, offering)]
        if spec.get("disk_size"):
            kept = session.one(spec["disk_offering"]) if spec.get("disk_offering") else None
            tags = frozenset(kept.spec.get("storage_tags") or []) if kept else frozenset()
            disks.append(DiskRequest(spec["disk_size"] * GIB, 0, tags))
        planner = offering.spec.get("deployment_planner") or "spread"
        routers = besides(session, document, spec.get("networks") or [])
        request = Request(
            cpus=cpus + sum(router.cpus for router in routers),
            memory=memory + sum(router.memory for router in routers),
            tags=frozenset(offering.spec.get("host_tags") or []),
            disks=(*disks, *(router.disk for router in routers)),
            host=host_for(session, document, spec.get("networks") or [], spec.get("host")),
            owner=resource.owner,
            affinity=affinity(session, resource),
            planner=planner,
            crowd=crowd(session, spec["zone"], resource.owner, planner),
        )
        placement = place(request, rooms(session, spec["zone"]), explain=session.explain)
        if placement.host is None:
            field = "host" if spec.get("host") else "service_offering"
            why = placement.trace.reasons or "the zone has no hosts"
            what = f"it and {len(routers)} virtual router{'s' * (len(routers) > 1)}" if routers else "it"
            size = f"{request.cpus} CPUs, {request.memory} MiB"
            raise document.error(field, f"no host can take {what} ({size}): {why}")
        placement = dc.replace(placement, storages=placement.storages[: len(disks)])
        if session.explain:
            session.placements[resource.id] = placement
        return placement, disks

    def _root_request(self, session: Session, resource: Resource, offering: Resource) -> DiskRequest:
        images = [session.one(resource.spec[name]) for name in ("template", "iso") if resource.spec.get(name)]
        size = (resource.spec.get("root_disk_size") or 0) * GIB or images[0].status.get("size") or 0
        copy = sum(image.status.get("physical_size") or 0 for image in images)
        tags = {*(offering.spec.get("storage_tags") or []), *self._root_tags(session, resource)}
        return DiskRequest(size, copy, frozenset(tags))

    def _root_tags(self, session: Session, resource: Resource) -> list[str]:
        """Tags of the disk offering, where that is the root volume's."""
        if resource.spec.get("template") or not resource.spec.get("disk_offering"):
            return []
        return list(session.one(resource.spec["disk_offering"]).spec.get("storage_tags") or [])

    def _account(self, session: Session, resource: Resource, placement: Placement, disks: list[DiskRequest]) -> None:
        host = str(placement.host)
        cpus, memory = size_of(resource, session.one(resource.spec["service_offering"]))
        session.tx.allocate(resource.id, host, cpus=cpus, memory=memory)
        sizes: dict[str, int] = {}
        for storage, disk in zip(placement.storages, disks, strict=True):
            sizes[storage] = sizes.get(storage, 0) + disk.size
        took(session, resource.spec["zone"], host, cpus=cpus, memory=memory, storages=sizes)
        joined(session, resource.spec["zone"], resource.owner, host)

    def _volume(self, session: Session, instance: Resource, what: str, storage: str) -> None:
        spec = instance.spec
        root = what == "ROOT"
        given = {
            "name": f"{what}-{instance.name}",
            "zone": spec["zone"],
            "size": spec.get("root_disk_size") if root else spec["disk_size"],
            "disk_offering": spec.get("disk_offering") if root != bool(spec.get("template")) else None,
            "vm": instance.id,
            "type": "ROOT" if root else "DATADISK",
            "template": spec.get("template") if root else None,
            "storage": storage,
            "host": spec["host"],
            "device_id": 0 if root else 1,
        }
        wanted = initial(VOLUME) | {key: value for key, value in given.items() if value is not None}
        volume = session.new(VOLUME, wanted, instance.owner, applyset=instance.applyset, parent=instance.id)
        session.tx.insert(volume)
        size = (wanted.get("size") or 0) * GIB
        if not size and spec.get("template"):
            size = session.one(spec["template"]).status.get("size") or 0
        session.tx.allocate(volume.id, spec["host"], storage, size=size)

    def _spread(self, session: Session, document: Document, resource: Resource) -> None:
        """Note on networks, images and security groups that they are needed on this host, and have networks served."""
        images = [resource.spec[name] for name in ("template", "iso") if resource.spec.get(name)]
        groups = resource.spec.get("security_groups") or []
        for ident in (*(resource.spec.get("networks") or []), *images, *groups):
            needed_on(session, ident, resource.spec["host"])
        for network in map(session.one, resource.spec.get("networks") or []):
            if is_isolated(session, network):
                serve(session, document, network, resource.spec["host"])

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        if after.spec["host"] != before.spec["host"]:
            after = self._move(session, document, before, after)
        elif after.spec["power"] == "Running" != before.spec["power"]:
            check_open(session, document, after, "enable that, or name another host")
        if document.state == "restored":
            self._from_template(session, after)
        self._resize(session, document, before, after)
        for field, what in (("root_disk_size", "ROOT"), ("disk_size", "DATA")):
            if after.spec.get(field) != before.spec.get(field):
                self._grow(session, document, after, field, what)
        if any(after.spec.get(n) != before.spec.get(n) for n in ("networks", "ip_address", "ip_to_networks")):
            cards.change(session, document, after)
        if any(after.spec.get(n) != before.spec.get(n) for n in ("host", "networks", "iso", "security_groups")):
            self._spread(session, document, after)
        return after

    @staticmethod
    def _move(session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        """To the host that is asked for, as it is so far; what else changes is changed there."""
        target = after.spec["host"]
        if document.force and before.spec["host"] in session.probes.silent:
            problem, placement = rescue(session, before, target)
            if problem or placement is None or placement.host is None:
                raise document.error("host", problem or f"it cannot go there: {placement and placement.trace.reasons}")
            move(session, before, placement, lost=True)
            leave_behind(session, before)
            return after
        problem = hindrance(session, before)
        if not problem and after.spec["power"] == "Destroyed":
            problem = "what is destroyed is not moved; leave it where it is"
        if not problem and target is None:
            problem = "an instance is always on a host; name one, or leave it out"
        problem = problem or other_processor(session, before, target) or _together(before, after)
        placement = None if problem else destination(session, before, host=target)
        if placement is None or placement.host is None:
            raise document.error("host", problem or f"it cannot go there: {placement and placement.trace.reasons}")
        moved = move(session, before, placement)
        return after.with_spec(last_host=moved.spec["last_host"])

    @staticmethod
    def _from_template(session: Session, instance: Resource) -> None:
        """The root volume is no copy of a snapshot any more."""
        for volume in session.tx.select("volume", parent=instance.id):
            if volume.spec["type"] == "ROOT" and volume.spec.get("source"):
                session.tx.update(volume.with_spec(source=None))

    def _resize(self, session: Session, document: Document, before: Resource, after: Resource) -> None:
        was = size_of(before, session.one(before.spec["service_offering"]))
        will = size_of(after, session.one(after.spec["service_offering"]))
        if was == will:
            return
        room = host_room(session, after.spec["zone"], after.spec["host"], open_=True)
        freed = dc.replace(room, used_cpus=room.used_cpus - was[0], used_memory=room.used_memory - was[1])
        problem = shortage(*will, freed)
        if problem:
            raise document.error("service_offering", f"its host {room.name} cannot take the new size: {problem}")
        session.tx.allocate(after.id, after.spec["host"], cpus=will[0], memory=will[1])
        took(session, after.spec["zone"], after.spec["host"], cpus=will[0] - was[0], memory=will[1] - was[1])

    def _grow(self, session: Session, document: Document, instance: Resource, field: str, what: str) -> None:
        volumes = session.tx.select("volume", parent=instance.id)
        volume = next((v for v in volumes if v.name == f"{what}-{instance.name}"), None)
        if volume is None:
            raise document.error(
                field, "a data disk cannot be added to an instance that has none; make a volume and attach it"
            )
        grown = volume.with_spec(size=instance.spec[field])
        grow(session, document, field, grown, volume.spec.get("size"))
        session.tx.update(grown)

    def live(self, session: Session, before: Resource, spec: t.Mapping[str, t.Any]) -> t.Container[str]:
        """A size within what it can have, and an address that is not fixed any more, and stays."""
        after = dc.replace(before, spec=dict(spec))
        sizes = [(one, size_of(one, session.one(one.spec["service_offering"]))) for one in (before, after)]
        was, will = (most_of(one, size) for one, size in sizes)
        fields = {"service_offering", "cpu", "memory"} if was == will else set()
        return fields | (set() if spec.get("ip_address") else {"ip_address"})

    def removed(self, session: Session, resource: Resource) -> None:
        """Volumes of their own are detached and stay, and so do snapshots of those that go; its own go with it."""
        if resource.spec.get("last_host") and any(one.parent is None for one in volumes_of(session, resource)):
            raise CairnError(f"{resource.label}: it is on its way with a volume that stays; apply it as it is first")
        kept = [one for one in session.tx.referrers(resource.id) if one.kind == "instance_snapshot"]
        keep_awaited(session, resource, [one for snapshot in kept for one in copies_of(session, snapshot)])
        bequeath(session, "instance_snapshot", resource.id, resource.id)
        forget(session, [volume.id for volume in session.tx.select("volume", parent=resource.id)], resource.id)
        for volume in session.tx.referrers(resource.id):
            if volume.kind == "volume" and volume.parent != resource.id:
                session.tx.update(volume.with_spec(vm=None, device_id=None))

    def shown(self, session: Session, resource: Resource) -> dict[str, t.Any]:
        addresses = [nic.ip for nic in session.tx.nics([resource.id]) if nic.ip]
        return {"host": resource.spec["host"]} | ({"addresses": addresses} if addresses else {})

    def running(self, resource: Resource) -> bool:
        return resource.spec.get("power") == "Running"

    def machine(self, resource: Resource) -> str:
        return resource.id

    def state(self, resource: Resource) -> str:
        return str(resource.spec["power"])

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        template = names.get(resource.spec.get("template") or "")
        networks = {nic.network: names[nic.network] for nic in nics if nic.network in names}
        offerings = {ident: names.get(one.spec.get("network_offering") or "") for ident, one in networks.items()}
        return {
            "default_ip": next((nic.ip for nic in nics if nic.ip), None),
            "nic": [
                {
                    "network": networks[nic.network].name if nic.network in networks else nic.network,
                    "type": offering.spec["guest_ip_type"] if offering else None,
                    "mac_address": nic.mac,
                    "ip_address": nic.ip,
                    "is_default": nic.position == 0,
                }
                for nic in nics
                for offering in [offerings.get(nic.network)]
            ],
            "login_user": template.spec.get("login_user") if template else None,
        }


def _together(before: Resource, after: Resource) -> str:
    """Why a running guest cannot be moved and changed at once; it comes to its new host as it is."""
    changed = [name for name in ("networks", "iso") if before.spec.get(name) != after.spec.get(name)]
    if not changed or before.spec["power"] != "Running":
        return ""
    return f"field {changed[0]} changes as well, and a running guest is moved as it is; change one after the other"
