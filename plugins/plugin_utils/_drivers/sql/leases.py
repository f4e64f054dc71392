# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Leases: rows by which one process works alone on something.

A holder on this machine holds its lease as long as its process lives, and not a moment longer. One on another machine
renews it from time to time; when it no longer does, the lease ends.
"""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import Busy, DriverError
from .engine import Database, Mode
from .holder import Holder
from .rows import insert_new
from .tables import lease

# Seconds: how long a lease lasts that nobody renews, how often it is renewed, and how often a waiting one looks.
LASTS = 60.0
RENEWED = 15.0
FIRST_LOOK, LAST_LOOK = 0.05, 0.25


class Leases:
    """The leases that this process holds or waits for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._held: dict[str, str] = {}
        self._stop = threading.Event()

    @contextlib.contextmanager
    def hold(self, key: str, timeout: float) -> t.Iterator[None]:
        """Hold ``key`` alone. Raises Busy when it cannot be had within ``timeout`` seconds."""
        holder = str(Holder.new())
        self._acquire(key, holder, time.monotonic() + timeout)
        self._keep(key, holder)
        try:
            yield
        finally:
            self._leave(key)
            with self._database.begin(Mode.ROW, commit=True) as connection:
                connection.execute(sa.delete(lease).where(lease.c.key == key, lease.c.holder == holder))

    def holder(self, key: str) -> str | None:
        """Who holds ``key`` now."""
        found = self._other(key)
        return Holder.parse(found).label if found else None

    def _acquire(self, key: str, holder: str, deadline: float) -> None:
        if self._take(key, holder):
            return
        pause = FIRST_LOOK
        while True:
            other = self._other(key)
            if other is None and self._take(key, holder):
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise Busy(key, Holder.parse(other).label if other else "others")
            time.sleep(min(pause, left))
            pause = min(pause * 2, LAST_LOOK)

    def _other(self, key: str) -> str | None:
        """Who holds the lease. Waiting ones only read, so that they do not keep others from writing."""
        with self._database.begin(Mode.READ) as connection:
            return self._holder(connection, sa.select(lease).where(lease.c.key == key))

    def _holder(self, connection: sa.Connection, statement: sa.Select[t.Any]) -> str | None:
        row = connection.execute(statement).first()
        if row is None or Holder.parse(row.holder).dead:
            return None
        if not Holder.parse(row.holder).here and row.expires < _now(connection):
            return None
        return str(row.holder)

    def _take(self, key: str, holder: str) -> bool:
        with self._database.begin(Mode.ROW, commit=True) as connection:
            row = {"key": key, "holder": holder, "expires": _now(connection) + LASTS}
            if insert_new(connection, lease, row):
                return True
            if self._holder(connection, sa.select(lease).where(lease.c.key == key).with_for_update()) is not None:
                return False
            return connection.execute(sa.update(lease).where(lease.c.key == key), row).rowcount == 1

    def _keep(self, key: str, holder: str) -> None:
        with self._lock:
            self._held[key] = holder
            if len(self._held) == 1:
                self._stop = threading.Event()
                threading.Thread(target=self._renew, args=(self._stop,), name="cairn leases", daemon=True).start()

    def _leave(self, key: str) -> None:
        with self._lock:
            del self._held[key]
            if not self._held:
                self._stop.set()

    def _renew(self, stop: threading.Event) -> None:
        while not stop.wait(RENEWED):
            # A database that is away for a moment is tried again next time: a lease lasts for several.
            with contextlib.suppress(DriverError), self._database.begin(Mode.ROW, commit=True) as connection:
                with self._lock:
                    mine = list(self._held.values())
                expires = _now(connection) + LASTS
                connection.execute(sa.update(lease).where(lease.c.holder.in_(mine)).values(expires=expires))


def _now(connection: sa.Connection) -> float:
    """Seconds since 1970 by the clock that all users of the database share."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.execute(sa.select(sa.extract("epoch", sa.func.clock_timestamp()))).scalar_one())
