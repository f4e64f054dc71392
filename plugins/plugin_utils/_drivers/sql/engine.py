# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A database, whichever it is: its URL, and how transactions on it begin, end and fail.

SQLite lets one process write at a time. PostgreSQL is held to the same rule by an advisory lock, so that what a
transaction looked at before it decided (room on a host, who refers to a network, a limit) still holds when it commits.
Readers wait for nobody on both.
"""

from __future__ import annotations

import contextlib
import enum
import json
import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import DriverError
from .failures import told

# How documents become text: as short as JSON gets, and readable for people who look into the database.
JSON: dict[str, t.Any] = {
    "json_serializer": json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode,
    "json_deserializer": json.loads,
}


class Mode(enum.Enum):
    """READ sees one snapshot; WRITE is alone among those that WRITE; ROW relies on locks of rows."""

    READ = "read"
    WRITE = "write"
    ROW = "row"


_Enter = t.Callable[[sa.Connection, Mode], None]


def parse(text: str) -> sa.URL:
    """The URL of a database. Raises DriverError, which does not repeat it: it may hold a password."""
    remedy = "write it like sqlite:////var/lib/cairn/cairn.db or postgresql://user@host/database"
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise DriverError(f"the URL of the database is not one; {remedy}") from None
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite" and (not url.database or url.database == ":memory:" or url.query or url.host):
        raise DriverError(f"the URL of an SQLite database has three slashes, a path and nothing else; {remedy}")
    if backend not in ("sqlite", "postgresql"):
        raise DriverError(f"a database of the sort '{url.drivername}' cannot be used; {remedy}")
    return url.set(drivername="sqlite" if backend == "sqlite" else "postgresql+psycopg")


def shown(url: sa.URL) -> str:
    """The URL as people may see it: without its password, and of its options only where the server is."""
    query = {key: value for key, value in url.query.items() if key in ("host", "port")}
    bare = sa.URL.create(
        url.get_backend_name(), username=url.username, host=url.host, port=url.port, database=url.database, query=query
    )
    return bare.render_as_string()


class Database:
    """An engine, and how its transactions begin.

    ``enter`` is run at the start of each transaction, ``close`` when the database is no longer used. A ``preview``
    is what the database would be with our schema: it never commits.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        name: str,
        enter: _Enter | None = None,
        read_options: t.Mapping[str, t.Any] | None = None,
        preview: bool = False,
        close: t.Callable[[], None] | None = None,
    ) -> None:
        self._engine = engine
        self._name = name
        self._enter = enter
        self._read_options = read_options or {}
        self._close = close
        self.preview = preview

    @contextlib.contextmanager
    def begin(self, mode: Mode, *, commit: bool = False) -> t.Iterator[sa.Connection]:
        """A transaction, rolled back on an error and without ``commit``. Raises DriverError."""
        with told(self._name), self._engine.connect() as connection:
            connection.execution_options(mode=mode, **(self._read_options if mode is Mode.READ else {}))
            with connection.begin() as work:
                if self._enter is not None:
                    self._enter(connection, mode)
                yield connection
                if not commit:
                    work.rollback()

    def close(self) -> None:
        self._engine.dispose()
        if self._close is not None:
            self._close()
