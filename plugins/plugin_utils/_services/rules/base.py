# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules: what is particular about a kind when its desired state changes."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..session import Session


class Rules:
    """The rules of a kind that has none; kinds override what they need.

    Each is called within the transaction. They raise ``document.error(field, problem)``.
    """

    def meant(self, session: Session, document: Document) -> Document:
        """The document with what follows from arguments that are not stored, before its resource is looked up."""
        return document

    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        """The spec, checked as a whole and with what follows from it filled in."""
        return spec

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        """Allocate what a new resource needs; returns it as it is to be stored."""
        return resource

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        """Change what was allocated; returns the resource as it is to be stored."""
        return after

    def live(self, session: Session, before: Resource, spec: t.Mapping[str, t.Any]) -> t.Container[str]:
        """Fields whose change to ``spec`` needs no stop, though it does in general."""
        return ()

    def implied(self, session: Session, document: Document, resource: Resource) -> t.Iterable[Document]:
        """Documents about other resources that this one stands for as well."""
        return []

    def removed(self, session: Session, resource: Resource) -> None:
        """Let go of what others may have; raises when it cannot go."""

    def shown(self, session: Session, resource: Resource) -> dict[str, t.Any]:
        """What was allocated for a new resource and a person wants to see (field to value or id)."""
        return {}

    def running(self, resource: Resource) -> bool:
        """True when a guest would feel a change."""
        return False

    def written(self, resource: Resource) -> dict[str, t.Any]:
        """Fields that a document about it would have, besides those of its spec."""
        return {}

    def listed(self, found: list[Resource]) -> list[Resource]:
        """What is read when all are asked for, sorted by name; one without an id is stored nowhere."""
        return found

    def machine(self, resource: Resource) -> str:
        """The id of the machine whose network cards are returned with it, if any."""
        return ""

    def state(self, resource: Resource) -> str:
        """The returned ``state``."""
        return str(resource.spec.get("allocation_state") or "Present")

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        """Computed fields of the returned document."""
        return dict(resource.status)
