# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Runs for a job of a daemon, which another daemon takes over when this one could not be seen to live.

Such a run stops where it would do something next: it stores nothing more, and makes no further step.
"""

from __future__ import annotations

import contextlib
import typing as t

from ...module_utils._schema.errors import DriverError
from .._core.job import Standing
from .._ports.store import Lease, Store, Transaction


class TakenOver(DriverError):
    """Another daemon has the job."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(f"another daemon has taken over job {standing.job}; what comes of it is told there")


class JobStore:
    """The store of a run for a job; implements the port ``Store``. Raises TakenOver where the run is to stop."""

    def __init__(self, store: Store, standing: Standing) -> None:
        self._store, self._standing = store, standing

    @contextlib.contextmanager
    def transaction(self, *, commit: bool, whole: bool = False) -> t.Iterator[Transaction]:
        with self._store.transaction(commit=commit, whole=whole) as tx:
            # Writing transactions exclude each other: whoever takes the job over writes after this one.
            if commit:
                self._look(tx)
            yield tx

    def reading(self) -> contextlib.AbstractContextManager[Transaction]:
        return self._store.reading()

    def lease(self, key: str, timeout: float) -> contextlib.AbstractContextManager[Lease]:
        return self._store.lease(key, timeout)

    def holder(self, key: str) -> str | None:
        return self._store.holder(key)

    def close(self) -> None:
        self._store.close()

    def go_on(self) -> None:
        """Before something is done to the world: a look at the job, where it may have been taken over."""
        if self._standing.doubtful():
            with self.reading() as tx:
                self._look(tx)

    def _look(self, tx: Transaction) -> None:
        if not tx.has_job(self._standing):
            raise TakenOver(self._standing)
