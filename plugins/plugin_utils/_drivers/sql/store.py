# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The store: transactions and leases on a database, SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

from ....module_utils._schema.kind import Kind
from ..._ports.ambient import Clock
from .documents import Cipher, Documents
from .engine import Database, Mode, parse, shown
from .held import HeldTransaction
from .jobs import SqlJobs
from .leases import Held, Leases
from .postgresql import open_server
from .sqlite import open_file
from .transaction import SqlTransaction


class SqlStore:
    """Implements the port ``Store``; made by :func:`open_store`."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self._documents = documents
        self._leases = Leases(database)
        self.jobs = SqlJobs(database, documents.cipher)

    @contextlib.contextmanager
    def transaction(self, *, commit: bool, whole: bool = False) -> t.Iterator[SqlTransaction]:
        """A writing transaction that is rolled back on an error, and when ``commit`` is false.

        ``whole`` holds all resources in memory, for a run that concerns most of them.
        """
        if commit and self._database.preview:
            raise ValueError("the store was opened without create, and its database has not our schema")
        with self._database.begin(Mode.WRITE, commit=commit) as connection:
            work = (HeldTransaction if whole else SqlTransaction)(connection, self._documents)
            yield work
            if commit:
                work.finish()

    @contextlib.contextmanager
    def reading(self) -> t.Iterator[SqlTransaction]:
        """A transaction that only reads, and waits for nobody."""
        with self._database.begin(Mode.READ) as connection:
            yield SqlTransaction(connection, self._documents)

    @contextlib.contextmanager
    def lease(self, key: str, timeout: float) -> t.Iterator[Held]:
        """Hold ``key`` alone among all processes; a holder that died holds nothing."""
        with self._leases.hold(key, timeout) as held:
            yield held

    def holder(self, key: str) -> str | None:
        return self._leases.holder(key)

    def close(self) -> None:
        self._database.close()


def open_store(
    url: str,
    *,
    kinds: t.Mapping[str, Kind],
    create: bool,
    clock: Clock,
    secret_key: bytes | None = None,
    timeout: float = 60.0,
) -> SqlStore:
    """Open the database at ``url``: ``sqlite:////path`` or ``postgresql://user@host/name``.

    With ``create`` a database without our schema, or with that of an older release, gets it. Without, such a database
    is left as it is, and transactions work on what it would be; they cannot commit then. ``secret_key`` is a Fernet
    key, needed once there are secrets. ``timeout`` is how many seconds to wait for other writers.
    Raises DriverError.
    """
    parsed = parse(url)
    documents = Documents(kinds, Cipher(secret_key))
    if parsed.get_backend_name() == "sqlite":
        path = Path(str(parsed.database))
        database = open_file(path, shown(parsed), create=create, clock=clock, timeout=timeout)
    else:
        database = open_server(parsed, create=create, clock=clock, timeout=timeout)
    return SqlStore(database, documents)
