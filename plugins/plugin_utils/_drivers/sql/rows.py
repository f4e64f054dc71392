# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the parts of a transaction share: its connection, and lists of any length in a condition."""

from __future__ import annotations

import functools
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
    return connection.execute(_insert_new(connection.dialect.name, table), values).first() is not None


def insert_or_update(
    connection: sa.Connection, table: sa.Table, values: dict[str, t.Any] | list[dict[str, t.Any]]
) -> None:
    """Insert the row, or make the one with its primary key like it; or each of several rows."""
    connection.execute(_insert_or_update(connection.dialect.name, table), values)


# Statements that are run thousands of times in a transaction are made once: SQLAlchemy takes four times as long to make
# one and find its SQL as to run it. Each module keeps its own at its top.
_INSERT: dict[str, t.Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@functools.cache
def _insert_new(dialect: str, table: sa.Table) -> sa.Executable:
    statement: sa.Executable = _INSERT[dialect](table).on_conflict_do_nothing().returning(*table.primary_key)
    return statement


@functools.cache
def _insert_or_update(dialect: str, table: sa.Table) -> sa.Executable:
    insert = _INSERT[dialect](table)
    changes = {column.name: column for column in insert.excluded if not column.primary_key}
    statement: sa.Executable = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=changes)
    return statement
