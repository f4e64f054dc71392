# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Networks and their leases."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ....module_utils._schema.field import Impact
from ..world import Lease, NetworkSeen, NetworkShape
from .steps import Part


class Networks(Part):
    """Plans networks and leases."""

    def networks(self) -> None:
        for network in self.wanted.networks:
            self._network(network)

    def gone_networks(self) -> None:
        for network in self.wanted.gone_networks:
            if network in self.seen.networks and self.seen.networks[network].owned:
                self.add(network, "remove_network", network, field="network", before="defined", after="absent")

    def gone_leases(self) -> None:
        for network, lease in self.wanted.gone_leases:
            seen = self.seen.networks.get(network)
            if seen and seen.owned and any(other.mac == lease.mac for other in seen.shape.leases):
                how: dict[str, t.Any] = {"field": "leases", "before": lease.ip, "after": "absent"}
                self.add(network, "drop_lease", network, lease, **how, group=self._holder(lease))

    def _holder(self, lease: Lease) -> str | None:
        """The machine that goes, with which the lease goes."""
        there = (self.seen.domains[ident] for ident in self.wanted.gone_domains if ident in self.seen.domains)
        return next((d.id for d in there if d.shape and any(c.mac == lease.mac for c in d.shape.cards)), None)

    def _network(self, shape: NetworkShape) -> None:
        seen = self.seen.networks.get(shape.id)
        if seen is not None and not seen.owned:
            self.plan.warn(shape.id, f"network '{seen.shape.name}' has its id but not its metadata, and is left alone")
            return
        if seen is None or _bare(seen.shape) != _bare(shape):
            if seen is not None:
                shape = dc.replace(shape, leases=shape.leases | self._others(shape, seen.shape.leases))
            self.add(
                shape.id,
                "define_network",
                shape,
                field="network",
                before="absent" if seen is None else "differs",
                after="active",
                impact=Impact.NONE if seen is None else Impact.LIVE,
            )
            return
        if not seen.active or not seen.bridge_up or not seen.autostart:
            self.add(shape.id, "start_network", shape.id, field="network", before=_network_state(seen), after="active")
        self._leases(shape, seen.shape.leases)

    def _leases(self, shape: NetworkShape, present: frozenset[Lease]) -> None:
        """Drop what is too much or in the way, then set: a network has one lease for each MAC, address and name."""
        gone, missing = self._leases_gone(shape.id), shape.leases - present
        for lease in sorted(present - shape.leases - self._others(shape, present)):
            changes = any(lease.mac == other.mac for other in missing)
            if lease.mac not in gone and (not changes or any(_in_the_way(lease, other) for other in missing)):
                self.add(shape.id, "drop_lease", shape.id, lease, field="leases", before=lease.ip, after="absent")
        for lease in sorted(missing):
            self._lease(shape.id, lease, present)

    def _others(self, shape: NetworkShape, present: frozenset[Lease]) -> frozenset[Lease]:
        """Leases that stay, though a run that is not complete does not know them."""
        if self.wanted.complete:
            return frozenset()
        known = self._leases_gone(shape.id) | {lease.mac for lease in shape.leases}
        return frozenset(
            lease
            for lease in present
            if lease.mac not in known and not any(_in_the_way(lease, mine) for mine in shape.leases)
        )

    def _leases_gone(self, network: str) -> set[str]:
        return {lease.mac for ident, lease in self.wanted.gone_leases if ident == network}

    def _lease(self, network: str, lease: Lease, present: frozenset[Lease]) -> None:
        holder = next(
            (d.shape.id for d in self.wanted.domains if any(c.mac == lease.mac for c in d.shape.cards)), network
        )
        old = next((other.ip for other in present if other.mac == lease.mac), "absent")
        self.add(holder, "set_lease", network, lease, field="lease", before=old, after=lease.ip)


def _in_the_way(lease: Lease, wanted: Lease) -> bool:
    return lease.mac != wanted.mac and (lease.ip == wanted.ip or lease.hostname == wanted.hostname)


def _bare(shape: NetworkShape) -> NetworkShape:
    """Without what changes while a network runs: leases are planned one by one, and libvirt cannot change the
    metadata of an active network (the document then is that of its last definition)."""
    return dc.replace(shape, leases=frozenset(), document="")


def _network_state(seen: NetworkSeen) -> str:
    if not seen.active:
        return "inactive"
    return "not started with its host" if seen.bridge_up else "without its bridge"
