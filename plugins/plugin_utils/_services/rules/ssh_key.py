# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of SSH keys: given ones are checked, missing ones generated."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..session import Session
from .base import Rules


class SshKeyRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if spec.get("public_key"):
            if before is not None and spec["public_key"] == before.status["public_key"]:
                return before.spec | {name: value for name, value in spec.items() if name != "public_key"}
            try:
                session.keys.fingerprint(spec["public_key"])
            except ValueError as error:
                raise document.error("public_key", str(error)) from None
        return spec

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        public = resource.spec.get("public_key")
        if not public:
            private, public = session.keys.generate()
            session.once[resource.id] = {"private_key": private}
        return resource.with_status(public_key=public, fingerprint=session.keys.fingerprint(public))

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        public = after.spec.get("public_key")
        if not public or public == before.status.get("public_key"):
            return after
        return after.with_status(public_key=public, fingerprint=session.keys.fingerprint(public))

    def written(self, resource: Resource) -> dict[str, t.Any]:
        """One that was generated is written as one that is given."""
        return {"public_key": resource.status["public_key"]}

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return dict(resource.status)
