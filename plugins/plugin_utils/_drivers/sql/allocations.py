# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The part of a transaction that counts what resources take of hosts and storages."""

from __future__ import annotations

import typing as t

import sqlalchemy as sa

from ..._ports.store import Taken
from .rows import Part, insert_or_update
from .tables import allocation


class Allocations(Part):
    def usage(self, hosts: t.Collection[str] | None = None) -> dict[str, tuple[int, int]]:
        """CPUs and memory (MiB) that are allocated on each host."""
        sums = (_sum(allocation.c.cpus), _sum(allocation.c.memory))
        statement = sa.select(allocation.c.host, *sums).group_by(allocation.c.host)
        rows = self._among(statement, allocation.c.host, hosts)
        return {host: (cpus, memory) for host, cpus, memory in rows}

    def storage_usage(self, hosts: t.Collection[str] | None = None) -> dict[tuple[str, str], int]:
        """Bytes that are allocated on each (host, storage)."""
        place = (allocation.c.host, allocation.c.storage)
        statement = sa.select(*place, _sum(allocation.c.size)).where(allocation.c.storage.is_not(None)).group_by(*place)
        return {(host, storage): size for host, storage, size in self._among(statement, allocation.c.host, hosts)}

    def allocated(self, idents: t.Collection[str]) -> list[Taken]:
        """What these resources take."""
        columns = (allocation.c[name] for name in Taken._fields)
        return [Taken(*row) for row in self._among(sa.select(*columns), allocation.c.resource, idents)]

    def allocate(
        self, ident: str, host: str, storage: str | None = None, *, cpus: int = 0, memory: int = 0, size: int = 0
    ) -> None:
        """Record (or change) what a resource takes of a host and a storage; ends with the resource."""
        values = {"resource": ident, "host": host, "storage": storage, "cpus": cpus, "memory": memory, "size": size}
        insert_or_update(self._connection, allocation, values)


def _sum(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    # PostgreSQL's sum of integers is a numeric, which Python gets as Decimal.
    return sa.cast(sa.func.sum(column), sa.BigInteger)
