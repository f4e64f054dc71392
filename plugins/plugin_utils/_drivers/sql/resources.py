# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The part of a transaction that keeps resources and what they refer to."""

from __future__ import annotations

import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import Conflict
from ..._core.resource import Resource
from .documents import wrong_key
from .rows import Part, insert_new
from .tables import installation, reference, resource


class Resources(Part):
    _key_checked = False

    def get(self, ident: str) -> Resource | None:
        return self._one(resource.c.id == ident)

    def find(self, kind: str, scope: str, name: str) -> Resource | None:
        return self._one(
            resource.c.kind == kind, resource.c.name == name, resource.c.scope == scope, resource.c.slot == ""
        )

    def named(self, kind: str, name: str) -> list[Resource]:
        return self._all(
            sa.select(resource).where(resource.c.kind == kind, resource.c.name == name, resource.c.slot == "")
        )

    def select(
        self,
        kind: str | None = None,
        *,
        ids: t.Collection[str] | None = None,
        parent: str | None = None,
        applyset: str | None = None,
        removing: bool | None = False,
    ) -> list[Resource]:
        statement = sa.select(resource)
        if kind is not None:
            statement = statement.where(resource.c.kind == kind)
        if parent is not None:
            statement = statement.where(resource.c.parent == parent)
        if applyset is not None:
            statement = statement.where(resource.c.applyset == applyset)
        if removing is not None:
            # "greater than" rather than "unlike": the former is looked up in the index.
            statement = statement.where(resource.c.slot > "" if removing else resource.c.slot == "")
        return self._all(statement, ids)

    def _one(self, *conditions: sa.ColumnElement[bool]) -> Resource | None:
        row = self._connection.execute(sa.select(resource).where(*conditions)).first()
        return None if row is None else self._documents.resource(row)

    def _all(self, statement: sa.Select[t.Any], ids: t.Collection[str] | None = None) -> list[Resource]:
        found = [self._documents.resource(row) for row in self._among(statement, resource.c.id, ids)]
        # Sorted here: databases sort text by their own locale.
        return sorted(found, key=lambda one: (one.kind, one.name, one.scope, one.id))

    def insert(self, new: Resource) -> None:
        """Raises Conflict when the name is taken in its scope."""
        if not insert_new(self._connection, resource, self._row(new)):
            raise Conflict(f"{new.label} exists already; choose another name")
        self._refer(new.id, self._documents.references(new))

    def update(self, changed: Resource) -> None:
        """Raises Conflict when the resource is gone, or its new name is taken; then the transaction is lost."""
        row = self._row(changed)
        try:
            result = self._connection.execute(sa.update(resource).where(resource.c.id == changed.id), row)
        except sa.exc.IntegrityError as error:
            raise Conflict(f"{changed.label} exists already; choose another name") from error
        if result.rowcount == 0:
            raise Conflict(f"{changed.label} is gone, it was removed meanwhile; run the task again")
        self._change_references(changed)

    def mark_removing(self, ident: str) -> None:
        """Nobody wants it any more: its name is free at once, its addresses are not."""
        self._connection.execute(sa.update(resource).where(resource.c.id == ident).values(slot=ident))

    def referrers(self, ident: str) -> list[Resource]:
        from_ids = sa.select(reference.c.from_id).where(reference.c.to_id == ident)
        return self._all(sa.select(resource).where(resource.c.id.in_(from_ids), resource.c.slot == ""))

    def referred(self, ident: str) -> set[str]:
        return set(self._connection.scalars(sa.select(reference.c.to_id).where(reference.c.from_id == ident)))

    def _change_references(self, changed: Resource) -> None:
        wanted = self._documents.references(changed)
        statement = sa.select(reference.c.field, reference.c.to_id).where(reference.c.from_id == changed.id)
        kept = {(field, to_id) for field, to_id in self._connection.execute(statement)}
        for field, to_id in kept - wanted:
            key = (reference.c.from_id == changed.id, reference.c.field == field, reference.c.to_id == to_id)
            self._connection.execute(sa.delete(reference).where(*key))
        self._refer(changed.id, wanted - kept)

    def _refer(self, from_id: str, references: set[tuple[str, str]]) -> None:
        if references:
            rows = [{"from_id": from_id, "field": field, "to_id": to_id} for field, to_id in sorted(references)]
            self._connection.execute(sa.insert(reference), rows)

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
