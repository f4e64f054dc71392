# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A host in memory, which implements the port ``Hypervisor``.

It refuses (DriverError) what libvirt and QEMU refuse: to start a machine whose disk is missing, to open
a disk that another running machine has, two leases of one address. What they would let us do and we
must never do (touch what is foreign, delete a file in use) is an :class:`Unsafe`, which fails the test.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_id, filter_owner
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    HostSeen,
    NodeFacts,
    PoolSeen,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Scope
from support.model_moves import ModelMoves

EVERYTHING = Scope()


class ModelHost(ModelMoves):
    """The verbs that look."""

    def close(self) -> None:
        pass

    def alive(self) -> bool:
        return True

    def node(self) -> NodeFacts:
        return self.facts

    def probe_virt_type(self) -> str:
        return "kvm"

    def observe(self, scope: Scope = EVERYTHING) -> HostSeen:
        def within(found: dict[str, t.Any], asked: frozenset[str] | None) -> dict[str, t.Any]:
            return {ident: one for ident, one in found.items() if asked is None or ident in asked}

        pools = {ident: self._pool_seen(pool) for ident, pool in within(self.pools, scope.pools).items()}
        owners = scope.filters
        ours = {ident: one for ident, one in self.filters.items() if ident == filter_id(one.name)}
        filters = {i: one for i, one in ours.items() if owners is None or filter_owner(one.name) in owners}
        networks, domains = within(self.networks, scope.networks), within(self.domains, scope.domains)
        return HostSeen(self.facts, pools, networks, domains, filters)

    def _pool_seen(self, pool: PoolSeen) -> PoolSeen:
        if not pool.active:
            return pool
        files = dict(self.files.get(pool.shape.path, {}))
        used = sum(file.allocation for file in files.values())
        return dc.replace(pool, capacity=self.capacity, available=self.capacity - used, volumes=files)
