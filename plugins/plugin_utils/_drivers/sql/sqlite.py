# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Opening a database that is a file, or a copy of it in memory."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import sqlite3
import time
import typing as t
import uuid
from pathlib import Path

import sqlalchemy as sa

from ....module_utils._schema.errors import DriverError
from ..._ports.ambient import Clock
from .engine import JSON, Database, Mode
from .failures import LOCKED
from .migrate import ensure, is_current


def open_file(path: Path, name: str, *, create: bool, clock: Clock, timeout: float) -> Database:
    """Open the file; with ``create``, make it and upgrade its schema where needed, else work on a copy in memory."""
    _check_place(path, name)
    if path.exists():
        database = Database(_file_engine(path, timeout), name=name)
        if _has_schema(database, name):
            return database
    if not create:
        return preview(path if path.exists() else None, name, clock=clock, timeout=timeout)
    with _alone_in(path.parent, name, timeout):
        with contextlib.suppress(FileExistsError):
            # The log and the shared memory beside it get the same mode.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _upgrade(path, name, clock, timeout)
    return Database(_file_engine(path, timeout), name=name)


def _check_place(path: Path, name: str) -> None:
    if not path.parent.is_dir():
        raise DriverError(f"the database {name} cannot be opened, there is no directory {path.parent}; make it")
    if path.is_dir():
        raise DriverError(f"the database {name} cannot be opened, {path} is a directory; name a file in it")
    if not os.access(path if path.exists() else path.parent, os.R_OK | os.W_OK):
        raise DriverError(
            f"the database {name} cannot be written to;"
            " run as its owner, or correct the rights of the file and its directory"
        )


def _has_schema(database: Database, name: str) -> bool:
    """Whether the schema is ours as it should be; otherwise the database is closed."""
    with contextlib.ExitStack() as unless:
        unless.callback(database.close)
        with database.begin(Mode.READ) as connection:
            current = is_current(connection, name)
        if current:
            unless.pop_all()
    return current


def _upgrade(path: Path, name: str, clock: Clock, timeout: float) -> None:
    # Without foreign keys: a migration that makes a table anew drops the old one, and nothing must go with it.
    engine = _file_engine(path, timeout, foreign_keys=False)
    with contextlib.closing(Database(engine, name=name)) as database:
        with contextlib.closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
        with database.begin(Mode.WRITE, commit=True) as connection:
            ensure(connection, name, clock)


def preview(path: Path | None, name: str, *, clock: Clock, timeout: float) -> Database:
    """What a database would be, in memory: a copy of the file if there is one, with our schema."""
    memory = _opener(f"file:cairn-{uuid.uuid4().hex}?mode=memory&cache=shared", timeout)
    anchor = memory()
    if path is not None:
        with contextlib.closing(_opener(_uri(path), timeout)()) as source:
            source.backup(anchor)
    engine = sa.create_engine("sqlite://", creator=memory, poolclass=sa.NullPool, **JSON)
    # Connections that share a cache would wait for each other where those of a file do not.
    _control(engine, ("PRAGMA foreign_keys = ON", "PRAGMA read_uncommitted = ON"))
    database = Database(engine, name=name, preview=True, close=anchor.close)
    with database.begin(Mode.WRITE, commit=True) as connection:
        ensure(connection, name, clock)
    return database


@contextlib.contextmanager
def _alone_in(directory: Path, name: str, timeout: float) -> t.Iterator[None]:
    """One process at a time makes or upgrades a database in the directory.

    SQLite has no lock for a file that is not there yet. The directory is locked rather than a file in it, since closing
    any descriptor of a database's file would drop SQLite's own locks (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    deadline = time.monotonic() + timeout
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DriverError(f"the database {name} {LOCKED}") from None
                time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _file_engine(path: Path, timeout: float, *, foreign_keys: bool = True) -> sa.Engine:
    engine = sa.create_engine(
        "sqlite://", creator=_opener(_uri(path), timeout), poolclass=sa.QueuePool, max_overflow=20, **JSON
    )
    # FULL: what a committed transaction wants must survive a loss of power (in WAL mode, NORMAL may lose the last).
    _control(engine, ("PRAGMA synchronous = FULL", f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}"))
    return engine


def _uri(path: Path) -> str:
    """For a file that exists: merely connecting never makes one."""
    return f"{path.absolute().as_uri()}?mode=rw"


def _opener(uri: str, timeout: float) -> t.Callable[[], sqlite3.Connection]:
    # isolation_level None: sqlite3 itself begins no transaction, see _control. The pool hands a connection to one
    # thread at a time, though not always to the one that opened it.
    return functools.partial(
        sqlite3.connect, uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )


def _control(engine: sa.Engine, pragmas: tuple[str, ...]) -> None:
    """Run the pragmas on each new connection, and begin transactions ourselves (SQLAlchemy's documented way).

    A transaction that may write takes the write lock at once: one that took it after it had read could neither wait
    (its snapshot is old) nor go on.
    """

    def connected(connection: sqlite3.Connection, _record: t.Any) -> None:
        for pragma in pragmas:
            connection.execute(pragma).close()

    def begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("mode") is Mode.READ
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", connected)
    sa.event.listen(engine, "begin", begin)
