# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The part of a transaction that keeps events."""

from __future__ import annotations

import typing as t

import sqlalchemy as sa

from ..._core.event import Event
from .rows import Part
from .tables import event

_COLUMNS = [column for column in event.c if column.name != "number"]
# The filters that are columns' values; ``since`` and ``until`` are compared.
_EQUAL = ("kind", "name", "resource", "action", "actor")


class Events(Part):
    def record(self, events: t.Iterable[Event]) -> None:
        rows = [{column.name: getattr(one, column.name) for column in _COLUMNS} for one in events]
        if rows:
            self._connection.execute(sa.insert(event), rows)

    def events(
        self, *, since: str | None = None, until: str | None = None, limit: int | None = None, **equal: str
    ) -> list[Event]:
        """The latest first; ``equal`` are values by kind, name, resource, action and actor."""
        statement = sa.select(*_COLUMNS, event.c.number).order_by(event.c.number.desc()).limit(limit)
        for name in _EQUAL:
            if equal.get(name) is not None:
                statement = statement.where(event.c[name] == equal[name])
        if since is not None:
            statement = statement.where(event.c.at >= since)
        if until is not None:
            statement = statement.where(event.c.at <= until)
        return [Event(**row) for row in self._connection.execute(statement).mappings()]
