# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Leases: rows by which one process works alone on something.

A holder on this machine holds its lease as long as its process lives, and not a moment longer. One on another machine
renews it from time to time; when it no longer does, the lease ends. A holder that lost its lease, since it could not
reach the database for so long, gets it back as soon as nobody else has it, and is told that it may have been another's.
"""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import Busy
from .engine import Database, Mode
from .holder import Holder
from .rows import insert_new
from .tables import lease

# Seconds: how long a lease lasts that nobody renews, how often it is renewed, and how often a waiting one looks.
LASTS = 60.0
RENEWED = 15.0
FIRST_LOOK, LAST_LOOK = 0.05, 0.25


class Held:
    """A lease that this process took; implements the port ``Lease``."""

    def __init__(self, key: str, holder: str) -> None:
        self.key, self.holder = key, holder
        # Taken by who renews it and by who gives it back, so that it is not renewed after it was given back.
        self.lock = threading.Lock()
        self.given_back = False
        self._broken, self._sure = False, time.monotonic()

    def renewed(self, since: float, *, kept: bool) -> None:
        """It was there (``kept``), or nobody's, at some time from ``since`` on."""
        self._broken = not kept or self.broken()
        self._sure = since

    def lost(self) -> None:
        self._broken = True

    def broken(self) -> bool:
        return self._broken or time.monotonic() - self._sure > LASTS


class Leases:
    """The leases that this process holds or waits for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._held: dict[str, Held] = {}
        self._stop = threading.Event()

    @contextlib.contextmanager
    def hold(self, key: str, timeout: float) -> t.Iterator[Held]:
        """Hold ``key`` alone. Raises Busy when it cannot be had within ``timeout`` seconds."""
        holder = str(Holder.new())
        self._acquire(key, holder, time.monotonic() + timeout)
        held = Held(key, holder)
        self._keep(held)
        try:
            yield held
        finally:
            self._leave(holder)
            with held.lock:
                held.given_back = True
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
            row = connection.execute(sa.select(lease).where(lease.c.key == key)).first()
            return str(row.holder) if row is not None and _in_force(connection, row) else None

    def _take(self, key: str, holder: str) -> bool:
        with self._database.begin(Mode.ROW, commit=True) as connection:
            mine = {"key": key, "holder": holder, "expires": _now(connection) + LASTS}
            while not insert_new(connection, lease, mine):
                row = connection.execute(sa.select(lease).where(lease.c.key == key).with_for_update()).first()
                if row is None:
                    # It was given back just now: who inserts it has it, which may be another again.
                    continue
                if _in_force(connection, row):
                    return False
                over = sa.update(lease).where(lease.c.key == key, lease.c.holder == row.holder)
                return connection.execute(over, mine).rowcount == 1
            return True

    def _keep(self, held: Held) -> None:
        with self._lock:
            self._held[held.holder] = held
            if len(self._held) == 1:
                self._stop = threading.Event()
                threading.Thread(target=self._renew, args=(self._stop,), name="cairn leases", daemon=True).start()

    def _leave(self, holder: str) -> None:
        with self._lock:
            del self._held[holder]
            if not self._held:
                self._stop.set()

    def _renew(self, stop: threading.Event) -> None:
        while not stop.wait(RENEWED):
            with self._lock:
                mine = list(self._held.values())
            for held in mine:
                # Whatever is wrong for a moment is tried again next time: a lease lasts for several.
                with contextlib.suppress(Exception), held.lock:
                    if not held.given_back:
                        self._renew_one(held)

    def _renew_one(self, held: Held) -> None:
        since = time.monotonic()
        with self._database.begin(Mode.ROW, commit=True) as connection:
            row = sa.update(lease).where(lease.c.key == held.key, lease.c.holder == held.holder)
            kept = connection.execute(row.values(expires=_now(connection) + LASTS)).rowcount == 1
        if kept or self._take(held.key, held.holder):
            held.renewed(since, kept=kept)
        else:
            held.lost()


def _in_force(connection: sa.Connection, row: sa.Row[t.Any]) -> bool:
    holder = Holder.parse(row.holder)
    return not holder.dead and (holder.here or row.expires >= _now(connection))


def _now(connection: sa.Connection) -> float:
    """Seconds since 1970 by the clock that all users of the database share."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.execute(sa.select(sa.extract("epoch", sa.func.clock_timestamp()))).scalar_one())
