# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of images (templates, ISOs), which were fetched and looked into before anything is stored."""

from __future__ import annotations

import typing as t

from ....module_utils._kinds.instance import INSTANCE
from ....module_utils._schema.validation import Document
from ..._core.naming import image_format, image_key
from ..._core.resource import Resource
from ..._core.settings import Settings
from ..._ports.images import ImageFacts
from ..session import Session
from .base import Rules
from .extraction import extract
from .snapshots import source_of


def image_facts(resource: Resource) -> ImageFacts:
    """What is known of an image that was looked into."""
    status = resource.status
    sort = image_format(resource.kind, resource.spec)
    return ImageFacts(sort, status["size"], status["physical_size"], status["sha256"])


def check_source(document: Document, settings: Settings) -> None:
    """Raises SpecError where the settings forbid that a new image comes from where it is."""
    url, checksum = document.spec["url"], document.spec.get("checksum")
    scheme, allowed = url.partition(":")[0].lower(), settings["secstorage.allowed.schemes"]
    if scheme not in allowed:
        remedy = f"setting secstorage.allowed.schemes allows {' and '.join(allowed)}"
        raise document.error("url", f"images may not be fetched by {scheme}; {remedy}")
    required = settings["secstorage.checksum.required"]
    if checksum is None and (required == "always" or required == scheme):
        raise document.error("checksum", f"it is missing; setting secstorage.checksum.required says {required}")


def fetched(session: Session, resource: Resource) -> Resource:
    """With what was learnt of its image when that was fetched."""
    facts = session.probes.images.get(image_key(resource.kind, resource.spec))
    if facts is None:
        return resource
    return resource.with_status(size=facts.virtual_size, physical_size=facts.physical_size, sha256=facts.sha256)


def secondary_of(session: Session, document: Document, zone: str) -> str:
    """The secondary storage that a new image is kept on. Raises SpecError."""
    stores = [store for store in session.tx.select("secondary_storage") if store.spec["zone"] == zone]
    if not stores:
        raise document.error("zone", "its zone has no secondary storage to keep the image; make one first")
    return stores[0].id


class ImageRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is None:
            if spec.get("url"):
                check_source(document, session.all_settings())
            spec["secondary"] = secondary_of(session, document, spec["zone"])
        return spec

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        resource = fetched(session, resource)
        extract(session, document, resource, resource.status.get("sha256"))
        return resource

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        extract(session, document, after, after.status.get("sha256"))
        return after

    def state(self, resource: Resource) -> str:
        return "Ready" if resource.status.get("size") else "Allocated"


class TemplateRules(ImageRules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        spec = super().complete(session, document, spec, before)
        if not spec.get("url") and not spec.get("snapshot"):
            raise document.error("url", "it is missing; a new template needs it, or a snapshot")
        if spec.get("url") and spec.get("snapshot"):
            raise document.error("snapshot", "it is given together with url; give one of them")
        if before is None and spec.get("snapshot"):
            if spec["format"] != "QCOW2" or spec.get("checksum"):
                field = "checksum" if spec.get("checksum") else "format"
                raise document.error(field, "a template that is made from a snapshot is QCOW2, without a checksum")
            spec["source"] = source_of(session, document, spec).id
        return spec

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        if not resource.spec.get("source"):
            return super().created(session, document, resource)
        size = session.one(resource.spec["source"]).status["size"]
        extract(session, document, resource, None)
        return resource.with_status(size=size, physical_size=size)

    def state(self, resource: Resource) -> str:
        return "Ready" if resource.status.get("sha256") or not resource.spec.get("source") else "Allocated"


class IsoRules(ImageRules):
    def implied(self, session: Session, document: Document, resource: Resource) -> list[Document]:
        """What is in an instance's drive is the instance's own; attaching an ISO is a change of that."""
        if document.state not in ("attached", "detached"):
            return []
        field = document.kind.fields["vm"]
        instance = session.resolve(document, "vm", field, document.spec["vm"], resource.spec["zone"])
        attached = instance.spec.get("iso") == resource.id
        if attached == (document.state == "attached"):
            return []
        if instance.spec["power"] == "Destroyed":
            raise document.error("vm", f"{instance.label} is destroyed; bring it back with state present first")
        iso = resource.id if document.state == "attached" else None
        return [Document(INSTANCE, instance.name, {"iso": iso}, id=instance.id, force=document.force)]
