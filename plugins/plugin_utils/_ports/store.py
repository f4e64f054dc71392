# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the cloud asks of its database.

A transaction either commits whole or leaves no trace; nothing else writes. Allocations (names, MACs,
addresses) are unique by the database's own constraints, so that any number of processes may work on
one database at the same time.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._core.event import Event
from .._core.job import Standing
from .._core.record import Installation
from .._core.resource import Nic, Resource


class Taken(t.NamedTuple):
    """What one resource takes of a host and, where it has one, of a storage: CPUs, memory (MiB) and bytes."""

    host: str
    storage: str | None
    cpus: int
    memory: int
    size: int


class Transaction(t.Protocol):
    """One unit of work. Resources are returned whole, secrets in clear."""

    def get(self, ident: str) -> Resource | None: ...

    def named(self, kind: str, name: str) -> list[Resource]:
        """All of ``kind`` with this name, in whatever scope, that are not being removed."""

    def find(self, kind: str, scope: str, name: str) -> Resource | None:
        """The one with this name in this scope that is not being removed."""

    def select(
        self,
        *kinds: str,
        ids: t.Collection[str] | None = None,
        parent: str | None = None,
        applyset: str | None = None,
        removing: bool | None = False,
    ) -> list[Resource]:
        """Resources by kinds, ids, parent and so on, sorted by kind and name; ``removing`` None is both."""

    def api_key(self, digest: str) -> Resource | None:
        """The API key of this digest."""

    def insert(self, resource: Resource) -> None:
        """Raises Conflict when the name is taken in its scope."""

    def update(self, resource: Resource) -> None: ...

    def mark_removing(self, ident: str) -> None:
        """Nobody wants it any more: its name is free at once, its addresses are not."""

    def delete(self, ident: str) -> None:
        """Forget it for good, with its network cards and addresses."""

    def referrers(self, ident: str) -> list[Resource]:
        """Those not being removed whose spec refers to it."""

    def referred(self, idents: t.Collection[str]) -> set[str]:
        """Ids that their specs refer to."""

    def add_addresses(self, network: str, range_id: str, addresses: t.Iterable[str]) -> None:
        """Fill in the rows that addresses are taken from. Raises Conflict when one is there already."""

    def drop_addresses(self, range_id: str) -> list[str]:
        """Drop a range's rows; none is dropped when some are taken, and those are returned."""

    def take_address(self, network: str, wanted: str | None = None) -> str | None:
        """Take the lowest free address, or ``wanted``; None when there is none, or it is not free.
        Without scanning: a row is locked and skipped by others."""

    def addresses(self, network: str) -> tuple[int, int]:
        """How many addresses the network has, and how many are taken."""

    def has_address(self, network: str, address: str) -> bool: ...

    def release_address(self, network: str, address: str) -> None: ...

    def add_nic(self, instance: str, network: str, position: int, ip: str | None) -> Nic:
        """A new network card with a MAC of its own."""

    def installation(self) -> Installation:
        """Which cloud this is the database of."""

    def restore(self, installation: Installation, nics: t.Iterable[Nic], macs: t.Iterable[str]) -> None:
        """Become the database of ``installation``, with these cards, whose addresses have to be taken besides, and
        number new ones above them and above ``macs``."""

    def drop_nic(self, nic: Nic) -> None:
        """Remove the card and free its address."""

    def nics(self, instances: t.Collection[str] | None = None, network: str | None = None) -> list[Nic]:
        """Network cards, sorted by instance and position."""

    def usage(self, hosts: t.Collection[str] | None = None) -> dict[str, tuple[int, int]]:
        """CPUs and memory (MiB) that are allocated on each host."""

    def storage_usage(self, hosts: t.Collection[str] | None = None) -> dict[tuple[str, str], int]:
        """Bytes that are allocated on each (host, storage)."""

    def allocated(self, idents: t.Collection[str]) -> list[Taken]:
        """What these resources take."""

    def allocate(
        self, ident: str, host: str, storage: str | None = None, *, cpus: int = 0, memory: int = 0, size: int = 0
    ) -> None:
        """Record (or change) what a resource takes of a host and a storage; ends with the resource."""

    def record(self, events: t.Iterable[Event]) -> None:
        """Add events; what is added is never changed."""

    def has_job(self, standing: Standing) -> bool:
        """Whether the daemon that works on a job still has it, in the same attempt."""

    def events(
        self, *, since: str | None = None, until: str | None = None, limit: int | None = None, **equal: str
    ) -> list[Event]:
        """The latest first; ``equal`` are values by kind, name, resource, action and actor."""


class Lease(t.Protocol):
    def broken(self) -> bool:
        """Whether it is not certain that nobody else had it since it was taken."""


class Store(t.Protocol):
    """The database. All raise DriverError with a sentence when it cannot be used (locked, unreachable, ...)."""

    def transaction(self, *, commit: bool, whole: bool = False) -> contextlib.AbstractContextManager[Transaction]:
        """A writing transaction that is rolled back on an error, and when ``commit`` is false.
        ``whole`` says that most resources will be read: all of them are, at once."""

    def reading(self) -> contextlib.AbstractContextManager[Transaction]:
        """A transaction that only reads, and waits for nobody."""

    def lease(self, key: str, timeout: float) -> contextlib.AbstractContextManager[Lease]:
        """Hold ``key`` alone among all processes; a holder that died holds nothing.
        Raises Busy when it cannot be had within ``timeout`` seconds."""

    def holder(self, key: str) -> str | None:
        """Who holds ``key`` now, in words; None where nobody does."""

    def close(self) -> None: ...
