# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Opening a database on a PostgreSQL server."""

from __future__ import annotations

import sqlalchemy as sa

from ....module_utils._schema.errors import DriverError
from ..._ports.ambient import Clock
from .engine import JSON, Database, Mode, shown
from .migrate import ensure, revision
from .sqlite import preview
from .tables import REVISION

# A number of our own, so that no other user of the server's advisory locks has it ("cairn" in ASCII).
WRITERS_LOCK = int.from_bytes(b"cairn")

# Two reads of one transaction agree with each other.
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def open_server(url: sa.URL, *, create: bool, clock: Clock, timeout: float) -> Database:
    """Open the database; with ``create``, make or upgrade its schema where needed, else an empty one is in memory."""
    name = shown(url)
    database = Database(_engine(url, timeout), name=name, enter=_Lock(timeout), read_options=_SNAPSHOT)
    try:
        with database.begin(Mode.READ) as connection:
            found = revision(connection, name)
        if found == REVISION:
            return database
        if create:
            with database.begin(Mode.WRITE, commit=True) as connection:
                ensure(connection, name, clock)
            return database
    except BaseException:
        database.close()
        raise
    database.close()
    if found is None:
        return preview(None, name, clock=clock, timeout=timeout)
    raise DriverError(
        f"the database {name} was made by an older release (schema {found}, this one needs {REVISION});"
        " run a task that may change things, it upgrades the database"
    )


class _Lock:
    """Wait for one's turn to write, at most ``timeout`` seconds."""

    def __init__(self, timeout: float) -> None:
        self._milliseconds = str(max(1, int(timeout * 1000)))

    def __call__(self, connection: sa.Connection, mode: Mode) -> None:
        if mode is Mode.READ:
            return
        connection.execute(sa.select(sa.func.set_config("lock_timeout", self._milliseconds, True)))
        if mode is Mode.WRITE:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS_LOCK)))


def _engine(url: sa.URL, timeout: float) -> sa.Engine:
    arguments = {"connect_timeout": max(2, min(int(timeout), 15)), "application_name": "cairn.cloud"}
    # A daemon outlives restarts of its server: a connection is tried before it is used.
    return sa.create_engine(url, connect_args=arguments, pool_pre_ping=True, max_overflow=20, **JSON)
