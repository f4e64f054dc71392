# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The records that hosts keep of the cloud, made of what the store has."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import KINDS
from .._core.converge import wanted
from .._core.desired import Desired
from .._core.record import PLACED, Common, Digest, Records, Written, content
from .._core.resource import MACHINES, Nic, Resource
from .._core.world import RecordWanted
from .._ports.ambient import Clock
from .._ports.store import Store, Transaction


class Recorder:
    """Says what hosts are to keep, as a transaction sees it, and what is to be written when it is written."""

    def __init__(self, *, store: Store, clock: Clock, digest: Digest) -> None:
        self._store, self._clock, self._digest = store, clock, digest
        # The last one that was made, and the number of the latest event then: whatever is stored has one.
        self._common: tuple[int, Common] | None = None

    def described(self, tx: Transaction, desired: Desired, *, changed: bool) -> Desired:
        """With the records that the run is to bring up to date: all of a whole one, else, where anything was
        ``changed``, those of the hosts that it works on."""
        if desired.complete:
            everything = desired.resources.values()
            records = Records(Common(tx.installation(), everything, self._digest), everything, desired.nics)
            return dc.replace(desired, record=records.of)
        hosts = wanted(desired).keys() if changed else ()
        if not hosts:
            return desired
        records = self._of_hosts(tx, hosts)
        found = {host: records.of(host) for host in hosts}
        pools = {one.pool for one in found.values() if one is not None} - desired.resources.keys()
        resources = {**desired.resources, **{one.id: one for one in tx.select(ids=pools)}} if pools else None
        return dc.replace(desired, record=found.get, resources=resources or desired.resources)

    def latest(self, host: str) -> RecordWanted | None:
        """A host's record as it is to be written now: other processes may have changed the cloud meanwhile."""
        with self._store.reading() as tx:
            found = self._of_hosts(tx, [host]).of(host)
            written = Written(self._clock(), _number(tx))
        return dc.replace(found, content=content(found, written)) if found is not None else None

    def _of_hosts(self, tx: Transaction, hosts: t.Collection[str]) -> Records:
        """Records that are right for these hosts, by as little as they are made of."""
        placed = {one.id: one for one in tx.select("host", ids=hosts)}
        placed |= {one.id: one for host in hosts for one in tx.referrers(host) if one.kind in PLACED}
        return Records(self._common_of(tx), placed.values(), _cards(tx, placed.values()))

    def _common_of(self, tx: Transaction) -> Common:
        """What is on no host, read again where anything was stored since: each of many hosts is asked for it."""
        number, known = _number(tx), self._common
        if known is None or known[0] != number:
            shared = tx.select(*(kind for kind in KINDS if kind not in PLACED or kind == "host"))
            known = self._common = number, Common(tx.installation(), shared, self._digest)
        return known[1]


def _number(tx: Transaction) -> int:
    events = tx.events(limit=1)
    return events[0].number if events else 0


def _cards(tx: Transaction, placed: t.Iterable[Resource]) -> dict[str, list[Nic]]:
    found: dict[str, list[Nic]] = {}
    for nic in tx.nics([one.id for one in placed if one.kind in MACHINES]):
        found.setdefault(nic.instance, []).append(nic)
    return found
