# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of volume snapshots: they take room beside their volume, and volumes and templates are made from them."""

from __future__ import annotations

import typing as t

from ....module_utils._kinds.instance import INSTANCE
from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..session import Session
from .base import Rules
from .snapshots import become, described, keep_awaited, take_room


class VolumeSnapshotRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is not None:
            return spec
        if document.state == "reverted":
            raise document.error("state", "there is no such snapshot to revert to; name one that is there")
        volume = session.one(spec["volume"])
        if volume.spec["zone"] != spec["zone"]:
            raise document.error("volume", f"{volume.label} is in another zone; name one of the snapshot's zone")
        if not volume.spec.get("storage"):
            raise document.error("volume", f"{volume.label} is on no storage yet; attach it to an instance first")
        return spec | {name: volume.spec[name] for name in ("storage", "host")}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        (taken,) = session.tx.allocated([resource.spec["volume"]])
        take_room(session, document, "volume", resource, taken.size)
        if resource.spec.get("policy"):
            session.tx.update(session.one(resource.spec["policy"]).with_status(last=resource.created))
        return resource.with_status(size=taken.size, **described(session, session.one(resource.spec["volume"])))

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        if document.state != "reverted":
            return after
        if not after.spec.get("volume"):
            raise document.error("state", "its volume is gone; make a new volume from the snapshot")
        if not after.status.get("taken") and after.id not in session.promised:
            raise document.error("state", "it is not complete yet; apply it again first")
        volume = session.one(after.spec["volume"])
        instance = session.one(volume.spec["vm"]) if volume.spec.get("vm") else None
        if instance is not None and instance.spec["power"] == "Running" and not document.force:
            raise document.error("force", f"{instance.label} has to be restarted; stop it, or say force: true")
        become(session, volume, after)
        return after

    def implied(self, session: Session, document: Document, resource: Resource) -> list[Document]:
        """The instance of a reverted volume is restarted, where it runs."""
        volume = session.one(resource.spec["volume"]) if document.state == "reverted" else None
        if volume is None or not volume.spec.get("vm"):
            return []
        instance = session.one(volume.spec["vm"])
        state = "restarted" if instance.spec["power"] == "Running" else "present"
        if instance.spec["power"] == "Destroyed":
            return []
        return [Document(INSTANCE, instance.name, {}, state=state, id=instance.id, force=document.force)]

    def removed(self, session: Session, resource: Resource) -> None:
        keep_awaited(session, resource, [resource])

    def state(self, resource: Resource) -> str:
        return "Ready" if resource.status.get("taken") else "Allocated"

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {"taken": False} | resource.status
