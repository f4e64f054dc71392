# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The part of a transaction that keeps resources and what they refer to."""

from __future__ import annotations

import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import Conflict
from ..._core.resource import Resource
from .documents import Documents, wrong_key
from .rows import Part, insert_new
from .tables import installation, reference, resource

_GET = sa.select(resource).where(resource.c.id == sa.bindparam("ident"))
_NAMED = sa.select(resource).where(
    resource.c.kind == sa.bindparam("of_kind"), resource.c.name == sa.bindparam("named"), resource.c.slot == ""
)
_FIND = _NAMED.where(resource.c.scope == sa.bindparam("within"))
_KEY = sa.select(resource).where(
    resource.c.kind == "api_key",
    resource.c.slot == "",
    resource.c.status["digest"].as_string() == sa.bindparam("digest"),
)
_UPDATE = sa.update(resource).where(resource.c.id == sa.bindparam("ident"))
_REFERENCES = sa.select(reference.c.field, reference.c.to_id).where(reference.c.from_id == sa.bindparam("ident"))
_REFER = sa.insert(reference)
# For conditions on what is found by its id: SQLite would rather read all of a kind, or all that are wanted, by index.
_SLOT, _KIND = resource.c.slot.concat(""), resource.c.kind.concat("")


class Resources(Part):
    _key_checked = False

    def __init__(self, connection: sa.Connection, documents: Documents) -> None:
        super().__init__(connection, documents)
        # What was read by id. Nobody else changes it before the transaction ends: a writing one is alone, and one that
        # reads has a snapshot.
        self._read: dict[str, Resource] = {}

    def get(self, ident: str) -> Resource | None:
        found = self._read.get(ident) or self._one(_GET, {"ident": ident})
        if found is not None:
            self._read[ident] = found
        return found

    def find(self, kind: str, scope: str, name: str) -> Resource | None:
        return self._one(_FIND, {"of_kind": kind, "named": name, "within": scope})

    def api_key(self, digest: str) -> Resource | None:
        return self._one(_KEY, {"digest": digest})

    def named(self, kind: str, name: str) -> list[Resource]:
        rows = self._connection.execute(_NAMED, {"of_kind": kind, "named": name})
        return self._sorted(rows)

    def select(
        self,
        *kinds: str,
        ids: t.Collection[str] | None = None,
        parent: str | None = None,
        applyset: str | None = None,
        removing: bool | None = False,
    ) -> list[Resource]:
        statement, slot = sa.select(resource), resource.c.slot if ids is None else _SLOT
        if kinds:
            statement = statement.where((resource.c.kind if ids is None else _KIND).in_(kinds))
        if parent is not None:
            statement = statement.where(resource.c.parent == parent)
        if applyset is not None:
            statement = statement.where(resource.c.applyset == applyset)
        if removing is not None:
            # "greater than" rather than "unlike": the former is looked up in the index.
            statement = statement.where(slot > "" if removing else slot == "")
        return self._sorted(self._among(statement, resource.c.id, ids))

    def _one(self, statement: sa.Select[t.Any], values: dict[str, str]) -> Resource | None:
        row = self._connection.execute(statement, values).first()
        return None if row is None else self._documents.resource(row)

    def _sorted(self, rows: t.Iterable[t.Any]) -> list[Resource]:
        # Sorted here: databases sort text by their own locale.
        found = (self._documents.resource(row) for row in rows)
        return sorted(found, key=lambda one: (one.kind, one.name, one.scope, one.id))

    def insert(self, new: Resource) -> None:
        """Raises Conflict when the name is taken in its scope."""
        if not insert_new(self._connection, resource, self._row(new)):
            raise Conflict(f"{new.label} exists already; choose another name")
        self._refer(new.id, self._documents.references(new))

    def update(self, changed: Resource) -> None:
        """Raises Conflict when the resource is gone, or its new name is taken; then the transaction is lost."""
        row = self._row(changed)
        self._read.pop(changed.id, None)
        try:
            result = self._connection.execute(_UPDATE, row | {"ident": changed.id})
        except sa.exc.IntegrityError as error:
            raise Conflict(f"{changed.label} exists already; choose another name") from error
        if result.rowcount == 0:
            raise Conflict(f"{changed.label} is gone, it was removed meanwhile; run the task again")
        self._change_references(changed)

    def mark_removing(self, ident: str) -> None:
        """Nobody wants it any more: its name is free at once, its addresses are not."""
        self._read.pop(ident, None)
        self._connection.execute(sa.update(resource).where(resource.c.id == ident).values(slot=ident))

    def referrers(self, ident: str) -> list[Resource]:
        from_ids = sa.select(reference.c.from_id).where(reference.c.to_id == ident)
        statement = sa.select(resource).where(resource.c.id.in_(from_ids), _SLOT == "")
        return self._sorted(self._connection.execute(statement))

    def referred(self, idents: t.Collection[str]) -> set[str]:
        return {to_id for (to_id,) in self._among(sa.select(reference.c.to_id), reference.c.from_id, idents)}

    def _change_references(self, changed: Resource) -> None:
        wanted = self._documents.references(changed)
        kept = {(field, to_id) for field, to_id in self._connection.execute(_REFERENCES, {"ident": changed.id})}
        for field, to_id in kept - wanted:
            key = (reference.c.from_id == changed.id, reference.c.field == field, reference.c.to_id == to_id)
            self._connection.execute(sa.delete(reference).where(*key))
        self._refer(changed.id, wanted - kept)

    def _refer(self, from_id: str, references: set[tuple[str, str]]) -> None:
        if references:
            rows = [{"from_id": from_id, "field": field, "to_id": to_id} for field, to_id in sorted(references)]
            self._connection.execute(_REFER, rows)

    def _row(self, one: Resource) -> dict[str, t.Any]:
        if not self._key_checked and self._documents.holds_secrets(one):
            self._check_key()
        return self._documents.row(one)

    def _check_key(self) -> None:
        """All secrets of a database are encrypted with one key; the first that is used is kept in mind."""
        digest = self._documents.cipher.digest
        known = self._connection.scalar(sa.select(installation.c.key_digest))
        if known is None:
            self._connection.execute(sa.update(installation).values(key_digest=digest))
        elif known != digest:
            raise wrong_key()
        self._key_checked = True
