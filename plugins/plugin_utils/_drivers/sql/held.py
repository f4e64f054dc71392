# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A transaction that holds all resources in memory, for a run that concerns most of them.

They are read by one statement and written by a few at the end. That is sound because writing
transactions exclude each other: nobody else changes what is held.
"""

from __future__ import annotations

import collections
import functools
import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import Conflict
from ..._core.resource import Nic, Resource
from ..._ports.store import Taken
from . import tables
from .documents import Documents
from .rows import insert_or_update
from .transaction import SqlTransaction

_RESERVED = 256  # free addresses of a network that are read at once
_ROW = tables.address.c
_FREE = (
    sa.select(_ROW.number, _ROW.address)
    .where(_ROW.network == sa.bindparam("within"), _ROW.taken == sa.false(), _ROW.number >= sa.bindparam("at_least"))
    .order_by(_ROW.number)
    .limit(_RESERVED)
)
_TAKE = (
    sa.update(tables.address)
    .where(_ROW.network == sa.bindparam("within"), _ROW.number == sa.bindparam("wanted"))
    .values(taken=True)
)
_CHANGE = sa.update(tables.resource).where(tables.resource.c.id == sa.bindparam("ident"))
_REFER = tables.reference
_FORGET = sa.delete(_REFER).where(
    _REFER.c.from_id == sa.bindparam("source"),
    _REFER.c.field == sa.bindparam("by"),
    _REFER.c.to_id == sa.bindparam("target"),
)

_Key = tuple[str, str]


class Index:
    """Resources by what they are looked up by."""

    def __init__(self, documents: Documents, resources: t.Iterable[Resource]) -> None:
        self._documents = documents
        self.by_id: dict[str, Resource] = {}
        self._named: dict[_Key, dict[str, None]] = collections.defaultdict(dict)
        self._kinds: dict[str, dict[str, None]] = collections.defaultdict(dict)
        self._children: dict[str, dict[str, None]] = collections.defaultdict(dict)
        for resource in resources:
            self._add(resource)

    def put(self, resource: Resource) -> None:
        old = self.by_id.get(resource.id)
        if old is not None:
            self._drop(old)
        self._add(resource)
        if "users" in self.__dict__:
            for _field, target in self.references(old) if old is not None else ():
                self.users[target].pop(resource.id, None)
            self._use(self.users, resource)

    def pop(self, ident: str) -> None:
        old = self.by_id.pop(ident, None)
        if old is not None:
            self._drop(old)
            for _field, target in self.references(old):
                self.users[target].pop(ident, None)

    def references(self, resource: Resource) -> set[_Key]:
        return self._documents.references(resource)

    def named(self, kind: str, name: str) -> list[Resource]:
        return self._wanted(self._named.get((kind, name), ()))

    def of(self, kind: str) -> t.Iterable[Resource]:
        return [self.by_id[ident] for ident in self._kinds.get(kind, ())]

    def children(self, parent: str) -> t.Iterable[Resource]:
        return [self.by_id[ident] for ident in self._children.get(parent, ())]

    def referrers(self, ident: str) -> list[Resource]:
        return self._wanted(self.users.get(ident, ()))

    @functools.cached_property
    def users(self) -> dict[str, dict[str, None]]:
        """By id, the ids of what refers to it."""
        found: dict[str, dict[str, None]] = collections.defaultdict(dict)
        for resource in self.by_id.values():
            self._use(found, resource)
        return found

    def _use(self, users: dict[str, dict[str, None]], resource: Resource) -> None:
        for _field, target in self.references(resource):
            users[target][resource.id] = None

    def _wanted(self, idents: t.Iterable[str]) -> list[Resource]:
        return [self.by_id[ident] for ident in idents if not self.by_id[ident].removing]

    def _add(self, resource: Resource) -> None:
        self.by_id[resource.id] = resource
        self._named[resource.kind, resource.name][resource.id] = None
        self._kinds[resource.kind][resource.id] = None
        if resource.parent is not None:
            self._children[resource.parent][resource.id] = None

    def _drop(self, resource: Resource) -> None:
        del self._named[resource.kind, resource.name][resource.id]
        del self._kinds[resource.kind][resource.id]
        if resource.parent is not None:
            del self._children[resource.parent][resource.id]


class HeldTransaction(SqlTransaction):
    """Implements the port ``Transaction``; :meth:`finish` writes."""

    def __init__(self, connection: sa.Connection, documents: Documents) -> None:
        super().__init__(connection, documents)
        self._index = Index(documents, super().select(removing=None))
        self._cards_of: dict[str, list[Nic]] = collections.defaultdict(list)
        for card in super().nics():
            self._cards_of[card.instance].append(card)
        self._new: dict[str, None] = {}
        self._changed: dict[str, Resource] = {}
        self._new_cards: list[Nic] = []
        self._allocations: dict[str, dict[str, t.Any]] = {}
        self._reserved: dict[str, collections.deque[tuple[int, str]]] = {}
        self._taken: list[dict[str, t.Any]] = []

    # Reading

    def get(self, ident: str) -> Resource | None:
        return self._index.by_id.get(ident)

    def find(self, kind: str, scope: str, name: str) -> Resource | None:
        return next((one for one in self._index.named(kind, name) if one.scope == scope), None)

    def named(self, kind: str, name: str) -> list[Resource]:
        return _sorted(self._index.named(kind, name))

    def select(
        self,
        *kinds: str,
        ids: t.Collection[str] | None = None,
        parent: str | None = None,
        applyset: str | None = None,
        removing: bool | None = False,
    ) -> list[Resource]:
        index, found = self._index, t.cast("t.Iterable[Resource]", self._index.by_id.values())
        if ids is not None:
            found = [index.by_id[ident] for ident in set(ids) if ident in index.by_id]
        elif parent is not None:
            found = index.children(parent)
        elif kinds:
            found = [one for kind in kinds for one in index.of(kind)]
        return _sorted(
            one
            for one in found
            if (not kinds or one.kind in kinds)
            and parent in (None, one.parent)
            and applyset in (None, one.applyset)
            and removing in (None, one.removing)
        )

    def referrers(self, ident: str) -> list[Resource]:
        return _sorted(self._index.referrers(ident))

    def referred(self, idents: t.Collection[str]) -> set[str]:
        found = [one for one in map(self.get, idents) if one is not None]
        return {target for one in found for _field, target in self._index.references(one)}

    def nics(self, instances: t.Collection[str] | None = None, network: str | None = None) -> list[Nic]:
        among = self._cards_of if instances is None else set(instances)
        found = [card for ident in among for card in self._cards_of.get(ident, ()) if network in (None, card.network)]
        return sorted(found, key=lambda card: (card.instance, card.position))

    def usage(self, hosts: t.Collection[str] | None = None) -> dict[str, tuple[int, int]]:
        self._write_allocations()
        return super().usage(hosts)

    def storage_usage(self, hosts: t.Collection[str] | None = None) -> dict[tuple[str, str], int]:
        self._write_allocations()
        return super().storage_usage(hosts)

    def allocated(self, idents: t.Collection[str]) -> list[Taken]:
        self._write_allocations()
        return super().allocated(idents)

    # Writing

    def insert(self, new: Resource) -> None:
        """Raises Conflict when the name is taken in its scope."""
        if new.id in self._index.by_id or self.find(new.kind, new.scope, new.name) is not None:
            raise Conflict(f"{new.label} exists already; choose another name")
        self._new[new.id] = None
        self._index.put(new)

    def update(self, changed: Resource) -> None:
        """Raises Conflict when the resource is gone, or its new name is taken."""
        before = self.get(changed.id)
        if before is None:
            raise Conflict(f"{changed.label} is gone, it was removed meanwhile; run the task again")
        other = self.find(changed.kind, changed.scope, changed.name)
        if other is not None and other.id != changed.id and not changed.removing:
            raise Conflict(f"{changed.label} exists already; choose another name")
        if changed.id not in self._new:
            self._changed.setdefault(changed.id, before)
        self._index.put(changed)

    def mark_removing(self, ident: str) -> None:
        found = self.get(ident)
        if found is not None:
            self.update(found.with_removing())

    def delete(self, ident: str) -> None:
        self._write()
        super().delete(ident)
        self._index.pop(ident)
        self._cards_of.pop(ident, None)

    def allocate(
        self, ident: str, host: str, storage: str | None = None, *, cpus: int = 0, memory: int = 0, size: int = 0
    ) -> None:
        values = {"resource": ident, "host": host, "storage": storage, "cpus": cpus, "memory": memory, "size": size}
        self._allocations[ident] = values

    def add_nic(self, instance: str, network: str, position: int, ip: str | None) -> Nic:
        card = self._number(instance, network, position, ip)
        self._new_cards.append(card)
        self._cards_of[instance].append(card)
        return card

    def drop_nic(self, nic: Nic) -> None:
        self._write()
        super().drop_nic(nic)
        self._cards_of[nic.instance] = [one for one in self._cards_of[nic.instance] if one.position != nic.position]

    def take_address(self, network: str, wanted: str | None = None) -> str | None:
        if wanted is not None:
            self._write_addresses()
            return super().take_address(network, wanted)
        free = self._reserved.setdefault(network, collections.deque())
        if not free:
            values = {"within": network, "at_least": self._none_below.get(network, 0)}
            free.extend((number, one) for number, one in self._connection.execute(_FREE, values))
        if not free:
            return None
        number, taken = free.popleft()
        self._none_below[network] = number + 1
        self._taken.append({"within": network, "wanted": number})
        return taken

    def add_addresses(self, network: str, range_id: str, addresses: t.Iterable[str]) -> None:
        self._write_addresses()
        super().add_addresses(network, range_id, addresses)

    def drop_addresses(self, range_id: str) -> list[str]:
        self._write_addresses()
        return super().drop_addresses(range_id)

    def addresses(self, network: str) -> tuple[int, int]:
        self._write_addresses()
        return super().addresses(network)

    def release_address(self, network: str, address: str) -> None:
        self._write_addresses()
        super().release_address(network, address)

    def finish(self) -> None:
        self._write()
        super().finish()

    def _write(self) -> None:
        """What is held and not written yet, a statement a table."""
        new = [self._index.by_id[ident] for ident in self._new]
        changed = {ident: self._index.by_id[ident] for ident in self._changed}
        if changed:
            # A name that is let go is free before another takes it.
            rows = [self._row(one) | {"ident": ident} for ident, one in changed.items()]
            self._connection.execute(_CHANGE, sorted(rows, key=lambda row: row["slot"] == ""))
        if new:
            self._connection.execute(sa.insert(tables.resource), [self._row(one) for one in new])
        self._write_references(new, changed)
        self._new, self._changed = {}, {}
        if self._new_cards:
            fields = ("instance", "network", "position", "mac", "ip")
            rows = [{field: getattr(card, field) for field in fields} for card in self._new_cards]
            self._connection.execute(sa.insert(tables.nic), rows)
            self._new_cards = []
        self._write_allocations()
        self._write_addresses()

    def _write_references(self, new: list[Resource], changed: dict[str, Resource]) -> None:
        added = [(one.id, key) for one in new for key in self._index.references(one)]
        gone: list[tuple[str, _Key]] = []
        for ident, one in changed.items():
            before, after = self._index.references(self._changed[ident]), self._index.references(one)
            added += [(ident, key) for key in after - before]
            gone += [(ident, key) for key in before - after]
        if gone:
            rows = [{"source": ident, "by": field, "target": target} for ident, (field, target) in gone]
            self._connection.execute(_FORGET, rows)
        if added:
            rows = [{"from_id": ident, "field": field, "to_id": target} for ident, (field, target) in added]
            self._connection.execute(sa.insert(_REFER), rows)

    def _write_allocations(self) -> None:
        if self._allocations:
            insert_or_update(self._connection, tables.allocation, list(self._allocations.values()))
            self._allocations = {}

    def _write_addresses(self) -> None:
        """Mark what was taken, and forget what is known to be free."""
        if self._taken:
            self._connection.execute(_TAKE, self._taken)
        self._taken, self._reserved = [], {}


def _sorted(found: t.Iterable[Resource]) -> list[Resource]:
    several = list(found)
    if len(several) > 1:
        several.sort(key=lambda one: (one.kind, one.name, one.scope, one.id))
    return several
