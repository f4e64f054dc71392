# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A host has a pool for each primary storage that it is to have; one that leaves has nothing of ours any more."""

from __future__ import annotations

from ..desired import Desired, Draft, Drafts
from ..resource import Resource
from .network import host_lease
from .primary_storage import drop_pool, pool_shape, serves


def _leave(ident: str, host: Resource, desired: Desired, draft: Draft) -> None:
    """An instance was started elsewhere while the host did not answer: its files are there as well, and stay."""
    instance = desired.resources.get(ident)
    if instance is not None and instance.spec.get("host") == host.id:
        return
    draft.gone_domains.add(ident)
    if instance is None:
        return
    for nic in desired.nics.get(ident, ()):
        lease, network = host_lease(nic, instance, desired), desired.resources.get(nic.network)
        if lease is not None and network is not None and not network.removing:
            draft.gone_leases.add((nic.network, lease))


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    draft = drafts[resource.id]
    for storage in desired.of("primary_storage"):
        if not serves(storage, resource):
            continue
        if resource.removing or storage.removing:
            drop_pool(storage, resource, desired, draft)
        else:
            draft.pools[storage.id] = pool_shape(storage)
    for ident in resource.status.get("left", ()):
        _leave(ident, resource, desired, draft)
    if resource.removing:
        networks, groups = desired.of("network"), desired.of("security_group")
        draft.gone_networks |= {network.id for network in networks if resource.id in network.status.get("hosts", [])}
        draft.filter_owners |= {one.id for one in (*networks, *groups) if resource.id in one.status.get("hosts", [])}
