# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Networks and filters of a host in memory."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_id
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Card,
    FilterSeen,
    FilterShape,
    Lease,
    NetworkSeen,
    NetworkShape,
)
from support.model_state import ModelState, Unsafe, step


class ModelNetworks(ModelState):
    """The verbs of the port about networks, their leases, and filters."""

    def _network(self, ident: str) -> NetworkSeen:
        if ident not in self.networks:
            raise DriverError(f"there is no network {ident}")
        if not self.networks[ident].owned:
            raise Unsafe(f"network {ident} is foreign")
        return self.networks[ident]

    @step
    def define_network(self, shape: NetworkShape, *, start: bool = True) -> None:
        if shape.id in self.networks:
            self._network(shape.id)
        for lease in shape.leases:
            _refuse_twins(lease, shape.leases)
        self.networks[shape.id] = NetworkSeen(shape, active=start, autostart=True)

    @step
    def start_network(self, network_id: str) -> None:
        seen = self._network(network_id)
        self.networks[network_id] = dc.replace(seen, active=True, autostart=True, bridge_up=True)

    @step
    def remove_network(self, network_id: str) -> None:
        if network_id not in self.networks:
            return
        self._network(network_id)
        del self.networks[network_id]

    @step
    def set_lease(self, network_id: str, lease: Lease) -> None:
        seen = self._network(network_id)
        others = frozenset(one for one in seen.shape.leases if one.mac != lease.mac)
        _refuse_twins(lease, others)
        self._lease(seen, others | {lease})

    @step
    def drop_lease(self, network_id: str, lease: Lease) -> None:
        seen = self._network(network_id)
        self._lease(seen, frozenset(one for one in seen.shape.leases if one.mac != lease.mac))

    def _lease(self, seen: NetworkSeen, leases: frozenset[Lease]) -> None:
        self.networks[seen.shape.id] = dc.replace(seen, shape=dc.replace(seen.shape, leases=leases))

    @step
    def define_filter(self, shape: FilterShape) -> None:
        if shape.id != filter_id(shape.name):
            raise Unsafe(f"filter {shape.name} cannot be told from others'")
        if any(one.name == shape.name and one.id != shape.id for one in self.filters.values()):
            raise DriverError(f"filter {shape.name} exists already with another id")
        self.filters[shape.id] = FilterSeen(shape.id, shape.name, shape)

    @step
    def remove_filter(self, filter_id: str) -> None:
        seen = self.filters.pop(filter_id, None)
        for one in self.domains.values():
            if seen and any(seen.name == card.filter for side in (one.shape, one.live) if side for card in side.cards):
                raise Unsafe(f"filter {seen.name} is removed under machine {one.name}")

    def check_card(self, card: Card) -> None:
        if card.filter and not any(one.name == card.filter for one in self.filters.values()):
            raise DriverError(f"there is no filter {card.filter}")


def _refuse_twins(lease: Lease, others: t.Iterable[Lease]) -> None:
    """As libvirt does: a network has one lease for each MAC, address and name."""
    for other in others:
        if other != lease and (other.mac == lease.mac or other.ip == lease.ip or other.hostname == lease.hostname):
            raise DriverError(f"there is a lease that matches {lease}: {other}")
