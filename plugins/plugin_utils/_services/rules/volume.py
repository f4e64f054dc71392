# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of volumes: size, place and the instance that they are attached to."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.converge.primary_storage import is_shared, serves
from ..._core.naming import image_key
from ..._core.place import DiskRequest, Request, place
from ..._core.resource import Resource
from ..._core.units import GIB
from ..moving import take_along
from ..rooms import host_room, took
from ..session import Session
from .base import Rules
from .extraction import extract
from .image import check_source, fetched, secondary_of
from .snapshots import forget, source_of, take_room


def check_growth(session: Session, document: Document, field: str, before: int | None, after: int | None) -> None:
    if before and after and after < before:
        raise document.error(field, f"{after} GiB is less than the {before} GiB it has; a volume never shrinks")
    most = session.setting("storage.max.volume.size")
    if after and after > max(most, before or 0):
        raise document.error(field, f"{after} GiB is more than the {most} GiB of setting storage.max.volume.size")


_MOST = "detach one first, since setting vm.max.data.volumes is {}"
_STARTS = ("url", "checksum", "format", "snapshot")


class VolumeRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is None and document.state == "extracted":
            raise document.error("state", "there is no such volume to extract; name one that is there")
        offering = session.one(spec["disk_offering"]) if spec.get("disk_offering") else None
        fixed = offering.spec.get("disk_size") if offering else None
        if fixed and spec.get("size") not in (None, fixed):
            raise document.error("size", f"{offering.label if offering else ''} fixes it at {fixed} GiB; leave it out")
        size = fixed or spec.get("size")
        self._check_start(document, spec, before)
        if before is None and spec.get("snapshot"):
            return self._from_snapshot(session, document, spec, size)
        if before is None and spec.get("url"):
            return self._from_image(session, document, spec, size)
        if before is None and not size:
            raise document.error("size", "it is missing; a new volume needs it, or a disk offering that has one")
        check_growth(session, document, "size", before.spec.get("size") if before else None, size)
        return spec | ({"size": size} if size else {})

    def _check_start(self, document: Document, spec: t.Mapping[str, t.Any], before: Resource | None) -> None:
        """What a volume starts as is one thing, and is said when it is made."""
        for name in _STARTS:
            if before is not None and spec.get(name) != before.spec.get(name):
                raise document.error(name, "a new volume starts so, and this one is there already; make another one")
        if spec.get("url") and spec.get("snapshot"):
            raise document.error("snapshot", "it is given together with url; give one of them")
        for name in ("checksum", "format"):
            if spec.get(name) and not spec.get("url"):
                raise document.error(name, "it goes with url; give that, or leave it out")

    def _from_image(
        self, session: Session, document: Document, spec: dict[str, t.Any], size: int | None
    ) -> dict[str, t.Any]:
        """A new volume that starts as an image is as large as that, at least; a check run cannot know each."""
        check_source(document, session.all_settings())
        facts = session.probes.images.get(image_key("volume", spec))
        least = -(-facts.virtual_size // GIB) if facts else None
        if size and least and size < least:
            raise document.error("size", f"{size} GiB is less than the {least} GiB of the image")
        size = size or least
        check_growth(session, document, "size", None, size)
        secondary = secondary_of(session, document, spec["zone"])
        return {"format": "QCOW2"} | spec | {"secondary": secondary} | ({"size": size} if size else {})

    def _from_snapshot(
        self, session: Session, document: Document, spec: dict[str, t.Any], size: int | None
    ) -> dict[str, t.Any]:
        """A new volume that starts as a snapshot is where that is."""
        snapshot = source_of(session, document, spec)
        least = -(-snapshot.status["size"] // GIB)
        if size and size < least:
            raise document.error("size", f"{size} GiB is less than the {least} GiB of {snapshot.label}")
        check_growth(session, document, "size", None, size or least)
        place_ = {name: snapshot.spec[name] for name in ("host", "storage")}
        return spec | place_ | {"size": size or least, "source": snapshot.id}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        if resource.spec.get("url"):
            resource = fetched(session, resource)
        if resource.spec.get("source"):
            take_room(session, document, "snapshot", resource, resource.spec["size"] * GIB)
        return self._attach(session, document, resource) if resource.spec.get("vm") else resource

    def removed(self, session: Session, resource: Resource) -> None:
        forget(session, [resource.id], resource.id)

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        if after.spec.get("vm") != before.spec.get("vm"):
            if before.spec.get("last_host"):
                raise document.error("vm", "its instance is on its way to another host with it; apply that first")
            self._detached(session, document, before, after)
            after = after.with_spec(device_id=None)
            if after.spec.get("vm"):
                after = self._attach(session, document, after)
        if after.spec.get("size") != before.spec.get("size") and after.spec.get("host"):
            grow(session, document, "size", after, before.spec.get("size"))
        if document.state == "extracted":
            self._extract(session, document, after)
        return after

    def _extract(self, session: Session, document: Document, volume: Resource) -> None:
        """A volume at rest: what a guest writes to is never the same twice, and torn while it is read."""
        if not volume.spec.get("storage"):
            raise document.error("state", "it is on no storage yet, so that there is nothing on it; attach it first")
        instance = session.one(volume.spec["vm"]) if volume.spec.get("vm") else None
        if instance is not None and instance.spec["power"] == "Running":
            remedy = "stop it first, or extract a template that is made from a snapshot of the volume"
            raise document.error("state", f"{instance.label} runs and has it open; {remedy}")
        extract(session, document, volume, volume.status.get("extracted", {}).get("sha256"))

    def _attach(self, session: Session, document: Document, volume: Resource) -> Resource:
        """Give the volume a place on its instance's host, unless it has one, and the next free device."""
        instance = session.one(volume.spec["vm"])
        if instance.spec["zone"] != volume.spec["zone"]:
            raise document.error("vm", f"{instance.label} is in another zone; attach a volume of that zone")
        if volume.spec.get("host") is None:
            volume = put(session, document, volume, instance.spec["host"])
        elif self._follows(session, volume, instance):
            volume = self._follow(session, volume, instance.spec["host"])
        elif volume.spec["host"] != instance.spec["host"]:
            host = session.one(volume.spec["host"])
            raise document.error("vm", f"{instance.label} is not on {host.label}, whose storage has the volume")
        others = [v for v in session.tx.referrers(instance.id) if v.kind == "volume" and v.id != volume.id]
        used = {v.spec.get("device_id") for v in others if v.spec.get("vm") == instance.id}
        most = session.setting("vm.max.data.volumes")
        if len(used - {0}) >= most:
            raise document.error("vm", f"{instance.label} has {len(used - {0})} data volumes; {_MOST.format(most)}")
        return volume.with_spec(device_id=next(n for n in range(1, 26) if n not in used))

    def _detached(self, session: Session, document: Document, before: Resource, after: Resource) -> None:
        """From one host to another a volume goes in two steps, so that no two have it open."""
        ends = [session.one(one.spec["vm"]) for one in (before, after) if one.spec.get("vm")]
        if len(ends) == 2 and self._follows(session, before, ends[1]):
            raise document.error("vm", f"{ends[0].label}, on another host, has it; detach it there first")

    @staticmethod
    def _follows(session: Session, volume: Resource, instance: Resource) -> bool:
        """Whether a volume on a storage that hosts share is at hand on the instance's host, which is another one."""
        storage, host = session.one(volume.spec["storage"]), session.one(instance.spec["host"])
        return volume.spec["host"] != host.id and is_shared(storage) and serves(storage, host)

    @staticmethod
    def _follow(session: Session, volume: Resource, host: str) -> Resource:
        (taken,) = session.tx.allocated([volume.id])
        session.tx.allocate(volume.id, host, volume.spec["storage"], size=taken.size)
        take_along(session.tx, volume, host)
        return volume.with_spec(host=host)

    def state(self, resource: Resource) -> str:
        if resource.spec.get("storage"):
            return "Ready"
        return "Uploaded" if resource.spec.get("url") else "Allocated"


def put(session: Session, document: Document, volume: Resource, host: str) -> Resource:
    """Place a volume on a storage of ``host``."""
    offering = session.one(volume.spec["disk_offering"]) if volume.spec.get("disk_offering") else None
    tags = frozenset(offering.spec.get("storage_tags") or []) if offering else frozenset()
    size, written = (volume.spec.get("size") or 0) * GIB, volume.status.get("physical_size") or 0
    room = host_room(session, volume.spec["zone"], host, open_=True)
    placement = place(Request(0, 0, disks=(DiskRequest(size, written, tags),)), [room])
    if placement.host is None:
        raise document.error("size", f"there is no storage for it; {placement.trace.reasons}")
    session.tx.allocate(volume.id, host, placement.storages[0], size=size)
    storage = placement.storages[0]
    took(session, volume.spec["zone"], host, storages={storage: size}, written={storage: written})
    return volume.with_spec(host=host, storage=placement.storages[0])


def grow(session: Session, document: Document, field: str, volume: Resource, before: int | None) -> None:
    """Account for a placed volume's new size. Raises when its storage has no room for it."""
    zone, host, storage = (volume.spec[name] for name in ("zone", "host", "storage"))
    more = (volume.spec["size"] - (before or 0)) * GIB
    room = host_room(session, zone, host, open_=True).only(storage)
    placement = place(Request(0, 0, disks=(DiskRequest(more),)), [room])
    if placement.host is None:
        raise document.error(field, f"it cannot grow to {volume.spec['size']} GiB; {placement.trace.reasons}")
    session.tx.allocate(volume.id, host, storage, size=volume.spec["size"] * GIB)
    took(session, zone, host, storages={storage: more})
