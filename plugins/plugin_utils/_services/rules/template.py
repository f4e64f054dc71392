# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of templates: the image was fetched and looked into before anything is stored."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Resource
from ..session import Session
from .base import Rules


class TemplateRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is None:
            stores = [s for s in session.tx.select("secondary_storage") if s.spec["zone"] == spec["zone"]]
            if not stores:
                raise document.error("zone", "its zone has no secondary storage to keep the image; make one first")
            spec["secondary"] = stores[0].id
        return spec

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        spec = resource.spec
        facts = session.probes.images.get((spec["url"], spec["format"], spec.get("checksum")))
        if facts is None:
            return resource
        return resource.with_status(size=facts.virtual_size, physical_size=facts.physical_size, sha256=facts.sha256)

    def state(self, resource: Resource) -> str:
        return "Ready" if resource.status.get("size") else "Allocated"
