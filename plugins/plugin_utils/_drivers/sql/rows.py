# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the parts of a transaction share: its connection, and lists of any length in a condition."""

from __future__ import annotations

import typing as t

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from .documents import Documents

# Values in one IN list; SQLite takes 32766 variables a statement, PostgreSQL 65535.
CHUNK = 5000


class Part:
    """A part of a transaction."""

    def __init__(self, connection: sa.Connection, documents: Documents) -> None:
        self._connection = connection
        self._documents = documents

    def _among(
        self, statement: sa.Select[t.Any], column: sa.ColumnElement[t.Any], values: t.Iterable[str] | None
    ) -> t.Iterator[t.Any]:
        """Rows of ``statement`` whose ``column`` is one of the values, however many; None is all rows."""
        if values is None:
            yield from self._connection.execute(statement)
            return
        distinct = list(dict.fromkeys(values))
        for start in range(0, len(distinct), CHUNK):
            yield from self._connection.execute(statement.where(column.in_(distinct[start : start + CHUNK])))


def insert_new(connection: sa.Connection, table: sa.Table, values: dict[str, t.Any]) -> bool:
    """Insert the row unless one of the table's constraints forbids it; the transaction goes on in either case."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(statement, values).first() is not None
