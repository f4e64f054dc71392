# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The part of a transaction that hands out addresses and network cards.

The addresses of a network are there as rows before the first one is taken, and the lowest free one is looked up in an
index: no scan of those in use, however full the network is.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import Conflict, DriverError
from ..._core import address as _address
from ..._core.record import Installation
from ..._core.resource import Nic
from . import tables
from .documents import Documents
from .rows import Part
from .tables import installation

_ROW = tables.address.c
_CARD = tables.nic.c


_THIS = (_ROW.network == sa.bindparam("within"), _ROW.number == sa.bindparam("wanted"))
_FREE = (_ROW.network == sa.bindparam("within"), _ROW.taken == sa.false())
# Others' locked rows are skipped rather than waited for; SQLite has no locks of rows, and nobody to wait for.
_LOWEST = (
    sa.select(_ROW.number)
    .where(*_FREE, _ROW.number >= sa.bindparam("at_least"))
    .order_by(_ROW.number)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_HAS = sa.select(_ROW.number).where(*_THIS)
_SET = sa.update(tables.address).where(*_THIS)
_TAKE = _SET.where(_ROW.taken == sa.false()).values(taken=True).returning(_ROW.address)
_TAKE_LOWEST = (
    sa.update(tables.address)
    .where(_ROW.network == sa.bindparam("within"), _ROW.number == _LOWEST.scalar_subquery())
    .values(taken=True)
    .returning(_ROW.address)
)
_RELEASE = _SET.values(taken=False)
_CARDS = sa.select(installation.c.number, installation.c.cards).with_for_update()
_ADD_CARD = sa.insert(tables.nic)
_DROP_CARD = sa.delete(tables.nic).where(
    _CARD.instance == sa.bindparam("of_instance"), _CARD.position == sa.bindparam("at")
)


class Addresses(Part):
    def __init__(self, connection: sa.Connection, documents: Documents) -> None:
        super().__init__(connection, documents)
        # By network, the number below which none is free. PostgreSQL's index keeps the entries of what this transaction
        # took until it ends, and would pass them again for each address.
        self._none_below: dict[str, int] = {}
        # The installation's number and the serial of its latest card, once a card was added.
        self._cards: tuple[int, int] | None = None

    def finish(self) -> None:
        """Write what was counted; to be called before the transaction commits."""
        if self._cards is not None:
            self._connection.execute(sa.update(installation).values(cards=self._cards[1]))

    def add_addresses(self, network: str, range_id: str, addresses: t.Iterable[str]) -> None:
        """Fill in the rows that addresses are taken from. Raises Conflict, and adds none, when one is there already."""
        rows: list[dict[str, t.Any]] = [
            {"network": network, "number": _address.number(one), "address": one, "range_id": range_id, "taken": False}
            for one in addresses
        ]
        if not rows:
            return
        self._none_below.pop(network, None)
        numbers = [row["number"] for row in rows]
        between = _ROW.number.between(min(numbers), max(numbers))
        statement = sa.select(_ROW.address, _ROW.number).where(_ROW.network == network, between)
        there = {number: one for one, number in self._connection.execute(statement.order_by(_ROW.number))}
        for number in sorted(there.keys() & set(numbers)):
            raise Conflict(f"the network hands out {there[number]} already; give a range without it")
        self._connection.execute(sa.insert(tables.address), rows)

    def drop_addresses(self, range_id: str) -> list[str]:
        """Drop a range's rows; none is dropped when some are taken, and those are returned, ascending."""
        of_range = _ROW.range_id == range_id
        statement = sa.select(_ROW.address).where(of_range, _ROW.taken == sa.true())
        taken = list(self._connection.scalars(statement.order_by(_ROW.number)))
        if not taken:
            self._connection.execute(sa.delete(tables.address).where(of_range))
        return taken

    def take_address(self, network: str, wanted: str | None = None) -> str | None:
        """Take the lowest free address, or ``wanted``; None when there is none, or it is not free."""
        if wanted is not None:
            return self._connection.execute(_TAKE, _this(network, wanted)).scalar()
        at_least = self._none_below.get(network, 0)
        taken: str | None = self._connection.execute(_TAKE_LOWEST, {"within": network, "at_least": at_least}).scalar()
        if taken is not None:
            self._none_below[network] = _address.number(taken) + 1
        return taken

    def addresses(self, network: str) -> tuple[int, int]:
        """How many addresses the network has, and how many are taken."""
        taken = sa.func.coalesce(sa.func.sum(sa.cast(_ROW.taken, sa.Integer)), 0)
        statement = sa.select(sa.func.count(), taken).where(_ROW.network == network)
        total, used = self._connection.execute(statement).one()
        return total, used

    def has_address(self, network: str, address: str) -> bool:
        return self._connection.execute(_HAS, _this(network, address)).first() is not None

    def release_address(self, network: str, address: str) -> None:
        self._connection.execute(_RELEASE, _this(network, address))
        self._none_below.pop(network, None)

    def add_nic(self, instance: str, network: str, position: int, ip: str | None) -> Nic:
        """A new network card with a MAC of its own. Raises DriverError when all MACs were given out."""
        card = self._number(instance, network, position, ip)
        values = {"instance": instance, "network": network, "position": position, "mac": card.mac, "ip": ip}
        self._connection.execute(_ADD_CARD, values)
        return card

    def _number(self, instance: str, network: str, position: int, ip: str | None) -> Nic:
        number, latest = self._cards or self._connection.execute(_CARDS).one()
        serial = latest + 1
        try:
            mac = _address.mac(number, serial)
        except ValueError as error:
            raise DriverError(f"{error}; move to a new installation") from None
        self._cards = number, serial
        return Nic(instance=instance, network=network, position=position, mac=mac, ip=ip)

    def installation(self) -> Installation:
        """Which cloud this is the database of."""
        return Installation(*self._connection.execute(sa.select(installation.c.id, installation.c.number)).one())

    def restore(self, known: Installation, nics: t.Iterable[Nic], macs: t.Iterable[str]) -> None:
        """Become the database of ``known``, with these cards, and number new ones above them and above ``macs``."""
        cards = list(nics)
        if cards:
            self._connection.execute(_ADD_CARD, [dc.asdict(card) for card in cards])
        numbered = map(_address.serial, {*macs, *(card.mac for card in cards)})
        latest = max((serial for number, serial in numbered if number == known.number), default=0)
        values = {"id": known.id, "number": known.number, "cards": latest}
        self._connection.execute(sa.update(installation).values(**values))

    def drop_nic(self, nic: Nic) -> None:
        """Remove the card and free its address."""
        self._connection.execute(_DROP_CARD, {"of_instance": nic.instance, "at": nic.position})
        if nic.ip is not None:
            self.release_address(nic.network, nic.ip)

    def nics(self, instances: t.Collection[str] | None = None, network: str | None = None) -> list[Nic]:
        """Network cards, sorted by instance and position."""
        statement = sa.select(_CARD.instance, _CARD.network, _CARD.position, _CARD.mac, _CARD.ip)
        if network is not None:
            statement = statement.where(_CARD.network == network)
        found = [Nic(*row) for row in self._among(statement, _CARD.instance, instances)]
        return sorted(found, key=lambda card: (card.instance, card.position))


def _this(network: str, address: str) -> dict[str, t.Any]:
    return {"within": network, "wanted": _address.number(address)}
