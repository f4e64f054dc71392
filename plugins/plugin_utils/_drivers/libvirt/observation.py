# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One look at a host: pools with their volumes, networks and domains, by as few calls as libvirt has for it."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import libvirt

from ..._core.naming import filter_id, filter_owner
from ..._core.world import FILTERS, DomainSeen, FilterSeen, HostSeen, NetworkSeen, NodeFacts, PoolSeen, VolumeSeen
from ..._ports.hypervisor import Scope
from . import carried, domain_xml, filter_xml, network_xml, pool_xml
from .networks import bridges, definitions, has_interfaces
from .session import RUN, Session, found
from .volumes import MARK

_MEMORY, _CPUS = 1, 2  # in the list that virNodeGetInfo gives; memory in MiB
_CAPACITY, _AVAILABLE = 1, 3  # in the list that virStoragePoolGetInfo gives


def node(session: Session) -> NodeFacts:
    with session.about("the host"):
        connection = session.connection
        info = connection.getInfo()
        return NodeFacts(
            hostname=connection.getHostname(),
            cpus=info[_CPUS],
            memory=_memory(session, info[_MEMORY]),
            hypervisor_version=_version(connection.getVersion()),
            libvirt_version=_version(connection.getLibVersion()),
            features=session.features,
        )


def _memory(session: Session, of_cells: int) -> int:
    """MiB of memory. What virNodeGetInfo gives leaves out NUMA cells that have memory and no CPU."""
    if not session.can(RUN):
        return of_cells
    return int(session.connection.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS)["total"]) // 1024


def observe(session: Session, scope: Scope) -> HostSeen:
    facts = node(session)
    with session.about("the host's objects"):
        return HostSeen(
            node=facts,
            pools=_pools(session, scope.pools),
            networks=_networks(session, scope.networks),
            domains=_domains(session, scope.domains),
            filters=_filters(session, scope.filters),
        )


def _version(number: int) -> str:
    """libvirt packs 9.0.0 into 9000000."""
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"


def _pools(session: Session, wanted: frozenset[str] | None) -> dict[str, PoolSeen]:
    if wanted is None:
        pools = session.connection.listAllStoragePools(0)
    else:
        look_up = session.connection.storagePoolLookupByUUIDString
        pools = _looked_up(look_up, wanted, libvirt.VIR_ERR_NO_STORAGE_POOL)
    seen = [_pool(pool) for pool in pools]
    return {pool.shape.id: pool for pool in seen}


def _pool(pool: t.Any) -> PoolSeen:
    shape, autostart = pool_xml.read(pool.XMLDesc(0)), bool(pool.autostart())
    if not pool.isActive() or not _refreshed(pool):
        return PoolSeen(shape, active=False, autostart=autostart)
    info = pool.info()
    volumes = _without_unfinished(_volume(volume) for volume in pool.listAllVolumes(0))
    return PoolSeen(shape, True, autostart, info[_CAPACITY], info[_AVAILABLE], volumes)


def _refreshed(pool: t.Any) -> bool:
    """Look at the directory again. libvirt stops a pool whose directory is gone; it refuses to look during a copy."""
    try:
        pool.refresh(0)
    except libvirt.libvirtError:
        return bool(pool.isActive())
    return True


def _volume(volume: t.Any) -> VolumeSeen | None:
    """None for a file that was deleted since the list was made."""
    xml = found(volume.XMLDesc, 0, libvirt.VIR_ERR_NO_STORAGE_VOL)
    return None if xml is None else pool_xml.read_volume(xml)


def _without_unfinished(volumes: t.Iterable[VolumeSeen | None]) -> dict[str, VolumeSeen]:
    named = {volume.name: volume for volume in volumes if volume is not None}
    for name in [name for name in named if name.endswith(MARK)]:
        named.pop(name.removesuffix(MARK), None)
    return named


def _networks(session: Session, wanted: frozenset[str] | None) -> dict[str, NetworkSeen]:
    if wanted is None:
        networks = session.connection.listAllNetworks(0)
    else:
        networks = _looked_up(session.connection.networkLookupByUUIDString, wanted, libvirt.VIR_ERR_NO_NETWORK)
    there = bridges(session) if networks else None
    seen = [_network(session, network, there) for network in networks]
    return {network.shape.id: network for network in seen}


def _network(session: Session, network: t.Any, there: frozenset[str] | None) -> NetworkSeen:
    """What runs, with the document of the definition, which alone can be changed while the network runs.

    Where both differ in more than that, the next start would change the network: it is then shown without a
    document, so that it is unlike anything that is wanted.
    """
    active = bool(network.isActive())
    live, stored = definitions(network, active, session)
    shape = network_xml.read(stored)
    if live is not None and live != stored:
        running = network_xml.read(live)
        alike = dc.replace(running, leases=shape.leases, document=shape.document) == shape
        leases = running.leases & shape.leases
        shape = dc.replace(running, leases=leases, document=shape.document if alike else "")
    return NetworkSeen(
        shape=shape,
        active=active,
        autostart=bool(network.autostart()) if network.isPersistent() else False,
        owned=carried.is_in(stored),
        bridge_up=not active or has_interfaces(session, shape, there),
    )


def _domains(session: Session, wanted: frozenset[str] | None) -> dict[str, DomainSeen]:
    connection = session.connection
    if wanted is None:
        domains = connection.listAllDomains(0)
        started = connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_AUTOSTART)
        autostart = {domain.UUIDString() for domain in started}
        still = connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_PAUSED)
        paused = {domain.UUIDString() for domain in still}
    else:
        domains = _looked_up(connection.lookupByUUIDString, wanted, libvirt.VIR_ERR_NO_DOMAIN)
        autostart = {domain.UUIDString() for domain in domains if domain.isPersistent() and domain.autostart()}
        paused = {domain.UUIDString() for domain in domains if domain.state()[0] == libvirt.VIR_DOMAIN_PAUSED}
    seen = [_domain(domain, autostart, paused) for domain in domains]
    return {domain.id: domain for domain in seen if domain is not None}


def _domain(domain: t.Any, autostart: set[str], paused: set[str]) -> DomainSeen | None:
    """What a domain is; None for one that has ended since the list was made.

    The list says of each domain whether it runs: it then has a number.
    """
    ident, number = domain.UUIDString(), domain.ID()
    active = number != -1
    stored = found(domain.XMLDesc, libvirt.VIR_DOMAIN_XML_INACTIVE, libvirt.VIR_ERR_NO_DOMAIN)
    if stored is None:
        return None
    shape = domain_xml.read(stored)
    live, configured = None, ""
    if active and shape is not None:
        running = domain.XMLDesc(0).replace(f" id='{number}'", "", 1)
        found_live = shape if running == stored else domain_xml.read(running)
        live = domain_xml.settled(found_live, shape) if found_live is not None else None
        configured = domain_xml.configured(running)
    name, starts, stands = domain.name(), ident in autostart, active and ident in paused
    return DomainSeen(ident, name, shape is not None, active, starts, shape, live, stands, configured)


def _filters(session: Session, owners: frozenset[str] | None) -> dict[str, FilterSeen]:
    """Filters have no metadata: one is ours when it has a name of ours, and the UUID that goes with it."""
    if not session.can(FILTERS) or (owners is not None and not owners):
        return {}
    seen = {}
    for item in session.connection.listAllNWFilters(0):
        name, ident = item.name(), item.UUIDString()
        if ident != filter_id(name) or (owners is not None and filter_owner(name) not in owners):
            continue
        xml = found(item.XMLDesc, 0, libvirt.VIR_ERR_NO_NWFILTER)
        if xml is not None:
            seen[ident] = FilterSeen(ident, name, filter_xml.read(xml))
    return seen


def _looked_up(look_up: t.Callable[[str], t.Any], wanted: t.Iterable[str], absent: int) -> list[t.Any]:
    objects = [found(look_up, ident, absent) for ident in sorted(wanted)]
    return [item for item in objects if item is not None]
