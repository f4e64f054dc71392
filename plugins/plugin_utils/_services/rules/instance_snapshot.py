# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of instance snapshots: each disk is a volume snapshot that belongs to it, and all are reverted to at once."""

from __future__ import annotations

import typing as t

from ....module_utils._kinds.instance import INSTANCE
from ....module_utils._kinds.volume_snapshot import VOLUME_SNAPSHOT
from ....module_utils._schema.validation import Document
from ..._core.converge.instance import most_of, size_of
from ..._core.lifecycle import initial
from ..._core.resource import Nic, Resource
from ..._core.units import GIB, MIB
from ..session import Session
from .base import Rules
from .snapshots import become, copies_of, described, disks_of, keep_awaited, take_room


class InstanceSnapshotRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is not None:
            return spec
        if document.state == "revert":
            raise document.error("state", "there is no such snapshot to revert to; name one that is there")
        instance = session.one(spec["vm"])
        if spec.get("zone") not in (None, instance.spec["zone"]):
            raise document.error("zone", f"{instance.label} is in another zone; leave it out, or name that one")
        if instance.spec["power"] == "Destroyed":
            raise document.error("vm", f"{instance.label} is destroyed; bring it back with state present first")
        if spec.get("snapshot_memory") and instance.spec["power"] != "Running":
            raise document.error(
                "snapshot_memory", f"{instance.label} does not run and has no memory to keep; start it, or leave it out"
            )
        root = disks_of(session, instance.id)[0]
        return spec | {"zone": instance.spec["zone"]} | {name: root.spec[name] for name in ("storage", "host")}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        instance = session.one(resource.spec["vm"])
        if resource.spec.get("snapshot_memory"):
            take_room(session, document, "snapshot_memory", resource, _memory(session, instance) * MIB)
        for volume in disks_of(session, instance.id):
            self._copy(session, document, resource, volume)
        parent = session.tx.get(instance.status.get("snapshot") or "")
        session.tx.update(instance.with_status(snapshot=resource.id))
        known = {"machine": machine(session, instance), "before": parent.id if parent else None}
        return resource.with_status(**known, parent=parent.name if parent else None)

    @staticmethod
    def _copy(session: Session, document: Document, snapshot: Resource, volume: Resource) -> None:
        place = {name: volume.spec[name] for name in ("zone", "storage", "host")}
        spec = initial(VOLUME_SNAPSHOT) | place | {"name": f"{snapshot.name}-{volume.name}", "volume": volume.id}
        copy = session.new(VOLUME_SNAPSHOT, spec, snapshot.owner, parent=snapshot.id)
        if session.tx.find(copy.kind, copy.scope, copy.name) is not None:
            raise document.error("name", f"it would bring a {copy.label}, which is there already; choose another name")
        session.tx.insert(copy)
        (taken,) = session.tx.allocated([volume.id])
        take_room(session, document, "vm", copy, taken.size)
        session.tx.update(copy.with_status(size=taken.size, **described(session, volume)))

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        if document.state != "revert":
            return after
        instance = session.one(after.spec["vm"])
        if not after.status.get("taken") and after.id not in session.promised:
            raise document.error("state", "it is not complete yet; apply it again first")
        if instance.spec["power"] == "Destroyed":
            raise document.error("state", f"{instance.label} is destroyed; bring it back with state present first")
        if after.spec.get("snapshot_memory"):
            self._check_machine(session, document, after, instance)
        for copy in session.tx.select(parent=after.id):
            volume = session.one(copy.spec["volume"]) if copy.spec.get("volume") else None
            if volume is None or volume.spec.get("vm") != instance.id:
                what = f"the volume of {copy.label} is gone" if volume is None else f"{volume.label} is not attached"
                raise document.error("state", f"{what}; make new volumes from its volume snapshots, or attach it again")
            become(session, volume, copy)
        session.tx.update(instance.with_status(snapshot=after.id))
        return after

    @staticmethod
    def _check_machine(session: Session, document: Document, snapshot: Resource, instance: Resource) -> None:
        was, now = snapshot.status["machine"], machine(session, instance)
        other = [name for name in now if now[name] != was.get(name)]
        if other:
            raise document.error(
                "state",
                f"{instance.label} had another {other[0]} when its memory was kept; change that back, or make new "
                "volumes from its volume snapshots",
            )

    def implied(self, session: Session, document: Document, resource: Resource) -> list[Document]:
        """The instance of a snapshot that is reverted to goes on from its memory, or starts anew."""
        if document.state != "revert":
            return []
        instance = session.one(resource.spec["vm"])
        spec: dict[str, t.Any] = {}
        if resource.spec.get("snapshot_memory"):
            spec = {"memory_from": resource.id, "memory_number": (instance.spec.get("memory_number") or 0) + 1}
        return [Document(INSTANCE, instance.name, spec, state="restarted", id=instance.id, force=document.force)]

    def removed(self, session: Session, resource: Resource) -> None:
        """What followed it follows what it followed."""
        keep_awaited(session, resource, copies_of(session, resource))
        instance, before = session.one(resource.spec["vm"]), resource.status.get("before")
        parent = session.tx.get(before or "")
        for other in session.tx.referrers(instance.id):
            if other.kind == resource.kind and other.status.get("before") == resource.id:
                session.tx.update(other.with_status(before=before, parent=parent.name if parent else None))
        if instance.status.get("snapshot") == resource.id:
            session.tx.update(instance.with_status(snapshot=before))

    def state(self, resource: Resource) -> str:
        return "Ready" if resource.status.get("taken") else "Allocated"

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        instance = names.get(resource.spec["vm"])
        return {
            "type": "DiskAndMemory" if resource.spec.get("snapshot_memory") else "Disk",
            "current": instance is not None and instance.status.get("snapshot") == resource.id,
            "parent": resource.status.get("parent"),
            "taken": bool(resource.status.get("taken")),
            "quiesced": resource.status.get("quiesced"),
        }


def _memory(session: Session, instance: Resource) -> int:
    """The most memory that the instance can have, in MiB."""
    return most_of(instance, size_of(instance, session.one(instance.spec["service_offering"])))[1]


def machine(session: Session, instance: Resource) -> dict[str, t.Any]:
    """What a guest's memory knows of its machine, by the words for it: with anything else it could not go on."""
    size = size_of(instance, session.one(instance.spec["service_offering"]))
    nics = session.tx.nics([instance.id])
    sizes = {one.id: session.tx.allocated([one.id])[0].size for one in disks_of(session, instance.id)}
    return {
        "size": [*size, *most_of(instance, size)],
        "set of networks": [[nic.network, nic.mac] for nic in nics],
        "set of volumes": [[one.id, one.spec.get("device_id")] for one in disks_of(session, instance.id)],
        "size of its volumes": [[ident, size // GIB] for ident, size in sizes.items()],
    }
