# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One transaction's work on documents: looking up what they refer to, within reach of their owner."""

from __future__ import annotations

import collections
import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import KINDS
from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.field import Field
from ...module_utils._schema.kind import Kind
from ...module_utils._schema.validation import Document
from .._core.desired import Extraction
from .._core.place import Placement, Rooms
from .._core.record import Digest
from .._core.resource import Owner, Resource
from .._core.settings import in_force
from .._core.world import NodeFacts
from .._ports.ambient import Clock, Identify
from .._ports.images import ImageFacts
from .._ports.keys import Keys
from .._ports.store import Transaction


class NotFound(CairnError):
    """A reference that names nothing."""


@dc.dataclass(frozen=True)
class ProbedHost:
    """A host that answered before anything was stored."""

    facts: NodeFacts
    runs: str | None


@dc.dataclass
class Probes:
    """What was learnt of the outside world before the transaction: hosts by URL, images by (URL, format, checksum), and
    the SHA-256 of files by their path, None where there is none. ``staged`` are images that were fetched for it, and
    ``silent`` the ids of hosts which do not answer, of those that were asked."""

    hosts: dict[str, ProbedHost] = dc.field(default_factory=dict)
    images: dict[tuple[str, str, str | None], ImageFacts] = dc.field(default_factory=dict)
    staged: set[tuple[str, str, str | None]] = dc.field(default_factory=set)
    files: dict[str, str | None] = dc.field(default_factory=dict)
    silent: set[str] = dc.field(default_factory=set)


@dc.dataclass
class Session:
    """What rules and the realizer work with during one transaction."""

    tx: Transaction
    clock: Clock
    identify: Identify
    keys: Keys
    digest: Digest
    probes: Probes = dc.field(default_factory=Probes)
    # Whether the run takes up whatever is not complete, and not only what its documents are about.
    whole: bool = False
    applyset: str | None = None
    once: dict[str, dict[str, t.Any]] = dc.field(default_factory=dict)
    warnings: dict[str, list[str]] = dc.field(default_factory=dict)
    rooms: dict[str, Rooms] = dc.field(default_factory=dict)
    leaving: set[str] = dc.field(default_factory=set)
    crowds: dict[tuple[str, Owner], collections.Counter[str]] = dc.field(default_factory=dict)
    explain: bool = False
    placements: dict[str, Placement] = dc.field(default_factory=dict)
    # What earlier tasks of a check run would have made, or brought to completion.
    promised: set[str] = dc.field(default_factory=set)
    # What becomes a copy of a snapshot by this task.
    copying: set[str] = dc.field(default_factory=set)
    extractions: dict[str, Extraction] = dc.field(default_factory=dict)
    settings: dict[str, t.Any] = dc.field(default_factory=dict)

    def setting(self, name: str) -> t.Any:
        """A setting of the cloud, as this transaction leaves it so far."""
        return self.all_settings()[name]

    def all_settings(self) -> dict[str, t.Any]:
        if not self.settings:
            self.settings |= in_force(self.tx.select("configuration"))
        return self.settings

    def new_task(self) -> None:
        """What was read of hosts before is read again, since the task may have changed them; its files are its own, and
        its copies are made."""
        self.promised |= self.copying
        self.copying.clear()
        self.rooms.clear()
        self.crowds.clear()
        self.extractions.clear()

    def warn(self, resource: Resource, sentence: str) -> None:
        self.warnings.setdefault(resource.id, []).append(sentence)

    def one(self, ident: str) -> Resource:
        """A resource that is known to be there."""
        found = self.tx.get(ident)
        if found is None:
            raise CairnError(f"the database names a resource {ident} that it does not have; restore it from a backup")
        return found

    def resolve(self, document: Document, name: str, field: Field, value: str, zone: str | None) -> Resource:
        """The resource that ``value`` (a name or an id) of a document's field names."""
        kind = KINDS[str(field.ref)]
        found = self.tx.get(value)
        if found is not None and found.kind == kind.name and not found.removing:
            return found
        reach = self.within_reach(kind, self.tx.named(kind.name, value), owner_of(document), zone)
        if not reach:
            raise NotFound(
                str(document.error(name, f"{kind.title} '{value}' not found; make it first, or mend the name"))
            )
        if len(reach) > 1:
            raise document.error(name, f"there are several {kind.title}s '{value}'; name one by its id")
        return reach[0]

    def only(self, document: Document, name: str, field: Field, zone: str | None) -> Resource | None:
        """What there is only one of is the default; None when there is none. Raises when there are several."""
        kind = KINDS[str(field.ref)]
        reach = self.within_reach(kind, self.tx.select(kind.name), owner_of(document), zone)
        reach = [one for one in reach if not kind.is_aside(one.spec)]
        if len(reach) > 1:
            names = ", ".join(sorted(r.name for r in reach)[:5])
            raise document.error(name, f"there are several {kind.title}s ({names}); name one")
        return reach[0] if reach else None

    def within_reach(self, kind: Kind, found: t.Iterable[Resource], owner: Owner, zone: str | None) -> list[Resource]:
        """Those that the owner may refer to, in the zone where that is known."""
        return [
            resource
            for resource in found
            if (not kind.owned or resource.owner == owner)
            and (zone is None or resource.spec.get("zone") in (None, zone))
        ]

    def new(
        self,
        kind: Kind,
        spec: dict[str, t.Any],
        owner: Owner,
        *,
        applyset: str | None = None,
        parent: str | None = None,
    ) -> Resource:
        """A resource that is made now, and is not stored yet."""
        return Resource(
            id=self.identify(),
            kind=kind.name,
            name=str(spec[kind.identity]),
            spec=spec,
            owner=owner,
            scope=scope_key(kind, spec, owner),
            created=self.clock(),
            applyset=applyset,
            parent=parent,
        )


def owner_of(document: Document) -> Owner:
    given = document.owner
    return Owner(given.get("domain") or "ROOT", given.get("account") or "admin", given.get("project") or "")


def scope_key(kind: Kind, spec: t.Mapping[str, t.Any], owner: Owner) -> str:
    """Where a name is unique, as one string."""
    parts = [f"{name}={spec.get(name)}" for name in kind.scope]
    if kind.owned:
        parts.append(f"owner={owner.path}")
    return ";".join(parts)
