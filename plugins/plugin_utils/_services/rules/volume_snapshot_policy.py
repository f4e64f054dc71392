# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of volume snapshot policies: which volume they are for, and that their moments can be understood."""

from __future__ import annotations

import dataclasses as dc
import typing as t
import zoneinfo

from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..._core.schedule import parse
from ..session import Session
from .base import Rules
from .snapshots import disks_of


class VolumeSnapshotPolicyRules(Rules):
    def meant(self, session: Session, document: Document) -> Document:
        """With its volume, where that was said by an instance and a device."""
        spec = document.spec
        if document.id or not spec.get("vm"):
            if spec.get("device_id") is not None:
                raise document.error("device_id", "it goes with vm; give the instance as well, or leave it out")
            return document
        if spec.get("volume"):
            raise document.error("vm", "it is given together with volume; give one of them")
        instance = session.resolve(document, "vm", document.kind.fields["vm"], spec["vm"], None)
        device = spec.get("device_id") or 0
        for volume in disks_of(session, instance.id):
            if (volume.spec.get("device_id") or 0) == device:
                return dc.replace(document, spec=spec | {"volume": volume.id})
        raise document.error("device_id", f"{instance.label} has no volume {device}; name one that it has")

    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        try:
            parse(spec["interval_type"], spec["schedule"])
        except ValueError as error:
            raise document.error("schedule", str(error)) from None
        if time_zone(spec["time_zone"]) is None:
            name = spec["time_zone"]
            raise document.error("time_zone", f"there is no time zone '{name}'; write one like Europe/Vienna or UTC")
        return spec | {"zone": session.one(spec["volume"]).spec["zone"]}

    def removed(self, session: Session, resource: Resource) -> None:
        """What it took stays, and nobody counts it any more."""
        for snapshot in session.tx.referrers(resource.id):
            session.tx.update(snapshot.with_spec(policy=None))

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {"last": resource.status.get("last")}


def time_zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The time zone of that name, if there is one."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return None
