# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The engine of a process that serves many runs: its database and the connections to hosts stay open between them."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import typing as t

from ...module_utils._schema.errors import DriverError
from .._core.job import Standing
from .._services.cloud import Cloud
from .._services.hosts import Hosts
from .._services.pool import Pool
from .._settings import Settings
from .._wiring import Database, cloud, confined, connect, open_database

# How long, in seconds, the daemon's own transactions wait for other writers; runs say it for theirs.
_OWN = 60
# Databases are kept open by how long they wait: at most so many, since anybody may ask for any time.
_KEPT = 4


class Engine:
    """Opens the cloud for a run (:class:`.._run.Open`). Raises DriverError where the database cannot be had."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        _make(settings.exchange)
        self.database = open_database(settings, create=True, timeout=_OWN)
        self._bounds = confined(settings)
        self.hosts = Pool(connect(settings, self._bounds), time.monotonic)
        self._lock = threading.Lock()
        self._open: dict[int, Database] = {_OWN: self.database}

    @contextlib.contextmanager
    def cloud(
        self,
        *,
        check: bool,
        progress: t.Callable[[str], None] | None = None,
        timeout: int = _OWN,
        actor: str | None = None,
        standing: Standing | None = None,
    ) -> t.Iterator[Cloud]:
        hosts = Hosts(self.hosts.take, release=self.hosts.give)
        with self._database(timeout) as database:
            try:
                yield cloud(
                    self._settings,
                    database,
                    hosts,
                    self._bounds,
                    progress=progress,
                    timeout=timeout,
                    actor=actor,
                    standing=standing,
                )
            finally:
                hosts.close()

    @contextlib.contextmanager
    def _database(self, timeout: int) -> t.Iterator[Database]:
        with self._lock:
            kept = self._open.get(timeout)
        if kept is not None:
            yield kept
            return
        # Nobody waits for a database that does not answer but who asked for it.
        database = open_database(self._settings, create=True, timeout=timeout)
        with self._lock:
            keep = timeout not in self._open and len(self._open) < _KEPT
            if keep:
                self._open[timeout] = database
        try:
            yield database
        finally:
            if not keep:
                database.close()

    def healthy(self) -> None:
        """Raises DriverError where the database does not answer."""
        with self.database.reading() as tx:
            tx.installation()

    def key_named(self, digest: str) -> str | None:
        """The name of the API key with this digest; None when there is none, or it was revoked."""
        with self.database.reading() as tx:
            key = tx.api_key(digest)
        return None if key is None else key.name

    def close(self) -> None:
        self.hosts.close()
        for database in self._open.values():
            database.close()


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise DriverError(
            f"the folder {folder} cannot be made: {error.strerror}; mend the rights of its parent"
        ) from None
