# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The store against the hosts: everything belongs to exactly one resource, and everything of a resource is there."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.primary_storage import (
    directory,
    serves,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.router import size_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import (
    filter_id,
    image_file,
    is_image,
    is_record,
    memory_file,
    owner_of,
    snapshot_file,
    volume_file,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.units import GIB
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    DomainSeen,
    FilterSeen,
    NetworkSeen,
    PoolSeen,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.store import Transaction
from support.lab import STAGING

Found = t.Iterator[str]


class Host(t.Protocol):
    """What is on a host: objects by id, and of each directory that a pool is for, the names of its files."""

    @property
    def domains(self) -> t.Mapping[str, DomainSeen]: ...
    @property
    def networks(self) -> t.Mapping[str, NetworkSeen]: ...
    @property
    def pools(self) -> t.Mapping[str, PoolSeen]: ...
    @property
    def files(self) -> t.Mapping[str, t.Iterable[str]]: ...
    @property
    def filters(self) -> t.Mapping[str, FilterSeen]: ...


class Images(t.Protocol):
    """Paths of images that are kept."""

    @property
    def kept(self) -> t.Collection[str]: ...


class Audited(t.Protocol):
    """A cloud in memory, or a real one."""

    @property
    def hosts(self) -> t.Mapping[str, Host]: ...
    @property
    def images(self) -> Images: ...

    def store(self) -> t.ContextManager[SqlStore]: ...
    def host(self, url: str) -> Host: ...


def audit(lab: Audited) -> list[str]:
    """What does not fit together; nothing is expected to be half-way removed any more."""
    with lab.store() as store, store.reading() as tx:
        resources = {one.id: one for one in tx.select(removing=None)}
        problems = [f"{one.label} is still being removed" for one in resources.values() if one.removing]
        problems += _cards(tx, resources)
        problems += _allocations(tx, resources)
        problems += _images(lab, resources)
        for host in (one for one in resources.values() if one.kind == "host"):
            problems += _host(lab, tx, host, resources)
        urls = {one.spec["url"] for one in resources.values() if one.kind == "host"}
        problems += [p for url in lab.hosts.keys() - urls for p in _left(lab, url)]
    return problems


def _of(resources: t.Mapping[str, Resource], kind: str, **spec: t.Any) -> list[Resource]:
    return [
        one
        for one in resources.values()
        if one.kind == kind and all(one.spec.get(name) == value for name, value in spec.items())
    ]


def _differ(what: str, wanted: t.Collection[t.Any], found: t.Collection[t.Any]) -> Found:
    for item in wanted:
        if item not in found:
            yield f"{what}: {item} is missing"
    for item in found:
        if item not in wanted:
            yield f"{what}: {item} is too much"


def _cards(tx: Transaction, resources: t.Mapping[str, Resource]) -> Found:
    """Each card is of an instance and network; each taken address is of one card."""
    nics = tx.nics()
    macs, ips = [nic.mac for nic in nics], [(nic.network, nic.ip) for nic in nics if nic.ip]
    if len(set(macs)) != len(macs) or len(set(ips)) != len(ips):
        yield "two network cards have one MAC or address"
    wanted = {(one.id, ident) for one in _of(resources, "instance") for ident in one.spec.get("networks") or []}
    for one in _of(resources, "router"):
        wanted |= {(one.id, one.spec[name]) for name in ("network", "public_network") if one.spec.get(name)}
    wanted |= {(one.id, one.spec["public_network"]) for one in _of(resources, "ip_address")}
    yield from _differ("network cards", wanted, {(nic.instance, nic.network) for nic in nics})
    for network in _of(resources, "network"):
        mine = [nic for nic in nics if nic.network == network.id and nic.ip]
        taken = tx.addresses(network.id)[1]
        if taken != len(mine):
            yield f"{network.label}: {taken} addresses are taken and {len(mine)} are used"


def _allocations(tx: Transaction, resources: t.Mapping[str, Resource]) -> Found:
    """What is counted as taken is what instances and volumes take."""
    cpus: dict[str, tuple[int, int]] = {}
    for one in _of(resources, "instance"):
        offering = resources[one.spec["service_offering"]].spec
        had = cpus.get(one.spec["host"], (0, 0))
        size = (one.spec.get("cpu") or offering["cpu_number"], one.spec.get("memory") or offering["memory"])
        cpus[one.spec["host"]] = (had[0] + size[0], had[1] + size[1])
    for one in _of(resources, "router"):
        had, size = cpus.get(one.spec["host"], (0, 0)), size_of(resources.get(one.spec.get("service_offering") or ""))
        cpus[one.spec["host"]] = (had[0] + size[0], had[1] + size[1])
    usage = {host: size for host, size in tx.usage().items() if size != (0, 0)}
    if usage != cpus:
        yield f"processors and memory: {usage} are counted, {cpus} are taken"
    sizes: dict[tuple[str, str], int] = {}
    for volume in _of(resources, "volume"):
        if volume.spec.get("storage"):
            key = (volume.spec["host"], volume.spec["storage"])
            own = (volume.spec.get("size") or 0) * GIB
            sizes[key] = sizes.get(key, 0) + (own or resources[volume.spec["template"]].status["size"])
    for snapshot in _of(resources, "volume_snapshot"):
        key = (snapshot.spec["host"], snapshot.spec["storage"])
        sizes[key] = sizes.get(key, 0) + snapshot.status["size"]
    for kept in _of(resources, "instance_snapshot", snapshot_memory=True):
        key = (kept.spec["host"], kept.spec["storage"])
        sizes[key] = sizes.get(key, 0) + sum(taken.size for taken in tx.allocated([kept.id]))
    if tx.storage_usage() != sizes:
        yield f"storage: {tx.storage_usage()} is counted, {sizes} is taken"


def _images(lab: Audited, resources: t.Mapping[str, Resource]) -> Found:
    wanted = set()
    for image in (one for one in resources.values() if is_image(one)):
        place = directory(resources[image.spec["secondary"]].spec["url"])
        wanted.add(f"{place}/{image_file(image)}")
    kept = {path for path in lab.images.kept if not path.startswith(STAGING)}
    yield from _differ("secondary storage", wanted, kept)


def _host(lab: Audited, tx: Transaction, host: Resource, resources: t.Mapping[str, Resource]) -> Found:
    seen = lab.host(host.spec["url"])
    mine = _of(resources, "instance", host=host.id)
    machines = [*mine, *_of(resources, "router", host=host.id)]
    alive = {one.id: one.spec["power"] == "Running" for one in machines if one.spec["power"] != "Destroyed"}
    domains = {one.id: one.active for one in seen.domains.values() if one.owned}
    yield from _differ(f"{host.label}: machines", alive.items(), domains.items())
    yield from _differ(f"{host.label}: files", set(_files(seen, host, resources)), {*_ours(lab, host.spec["url"])})
    names = {one.id: one.name for one in mine}
    # Those of an isolated network are its router's.
    isolated = {one.id for sort in _of(resources, "network_offering", guest_ip_type="Isolated")
                for one in _of(resources, "network", network_offering=sort.id)}  # fmt: skip
    nics = [nic for nic in tx.nics(names) if nic.ip and nic.network not in isolated]
    leases = {(nic.network, nic.mac, nic.ip, names[nic.instance]) for nic in nics}
    found = {
        (ident, lease.mac, lease.ip, lease.hostname)
        for ident, network in seen.networks.items()
        if network.owned
        for lease in network.shape.leases
    }
    yield from _differ(f"{host.label}: leases", leases, found)
    yield from (
        f"{host.label}: network {ident} is of nobody"
        for ident, network in seen.networks.items()
        if network.owned and ident not in resources
    )
    yield from _filters(tx, seen, mine, resources)


def _filters(tx: Transaction, seen: Host, mine: list[Resource], resources: t.Mapping[str, Resource]) -> Found:
    """Each card is under the filter of its network and groups, which lets in whom the rules name, and nothing is left.

    A guest that runs with other cards than it is to have waits for its restart.
    """
    networks = (resources.get(ident) for ident, one in seen.networks.items() if one.owned)
    used = {f"cairn-{one.id}" for one in networks if one is not None and one.spec.get("cidr")}
    for instance in mine:
        domain = seen.domains.get(instance.id)
        if domain is None or domain.shape is None or not domain.owned:
            continue
        for nic in tx.nics([instance.id]):
            (card,) = (one for one in domain.shape.cards if one.mac == nic.mac)
            live = [one for one in domain.live.cards if one.mac == nic.mac] if domain.live else []
            used |= {card.filter, *(one.filter for one in domain.live.cards)} if domain.live else {card.filter}
            yield from (f"{instance.label} runs under {one.filter}" for one in live if one != card)
            yield from _card(tx, seen, nic, card.filter, instance, resources)
    ours = {one.name for one in seen.filters.values() if filter_id(one.name) == one.id}
    yield from _differ("filters", used - {""}, ours)


def _card(
    tx: Transaction, seen: Host, nic: Nic, name: str, instance: Resource, resources: t.Mapping[str, Resource]
) -> Found:
    groups, shared = instance.spec.get("security_groups") or [], bool(nic.ip)
    if not groups and not shared:
        yield from [f"{instance.label} is under {name}"] if name else []
        return
    shape = next((one.shape for one in seen.filters.values() if one.name == name), None)
    if shape is None:
        yield f"{instance.label}: there is no filter {name!r}"
        return
    others = {one.spec["cidr"] for one in _of(resources, "network") if one.spec.get("cidr") and one.id != nic.network}
    if groups and not shape.apart <= others:
        yield f"{instance.label}: {name} keeps it from {sorted(shape.apart)}"
    rules = [one for one in _of(resources, "security_group_rule") if one.spec["security_group"] in groups]
    limits = frozenset({"ingress", *(one.spec["type"] for one in rules)} if groups else ())
    offering = resources[resources[nic.network].spec["network_offering"]]
    guard = shared and not offering.spec.get("forged_transmits")
    if (shape.guard, shape.limits) != (guard, limits):
        yield f"{instance.label}: {name} guards {shape.guard} and limits {sorted(shape.limits)}"
    allowed = {(one.spec["type"], peer) for one in rules for peer in _allowed(tx, one, resources)}
    yield from _differ(name, allowed, {(one.direction, p) for one in shape.allows for p in _single(one.peer)})


def _allowed(tx: Transaction, rule: Resource, resources: t.Mapping[str, Resource]) -> t.Iterator[str]:
    """The other sides of a rule: networks, or each address of a group's instances."""
    group = rule.spec.get("user_security_group")
    yield from rule.spec.get("cidr") or ()
    for one in _of(resources, "instance") if group else ():
        if group in (one.spec.get("security_groups") or ()):
            yield from (nic.ip for nic in tx.nics([one.id]) if nic.ip)


def _single(peer: str) -> t.Iterator[str]:
    """The addresses of a range, each; a network as it is."""
    first, hyphen, last = peer.partition("-")
    if not hyphen:
        yield peer
        return
    ends = (int(ipaddress.IPv4Address(one)) for one in (first, last))
    low, high = ends
    yield from (str(ipaddress.IPv4Address(number)) for number in range(low, high + 1))


def _files(seen: Host, host: Resource, resources: t.Mapping[str, Resource]) -> t.Iterator[tuple[str, str]]:
    """(directory, file) that ought to be; copies of images may stay where they were needed once."""
    storages = {one.id: directory(one.spec["storage_url"]) for one in _of(resources, "primary_storage")}
    keepers = [one for one in _of(resources, "primary_storage") if serves(one, host)]
    if keepers:
        path = storages[min(keepers, key=lambda one: (one.created, one.id)).id]
        # Which record it is to be is for the planner to say; there is one.
        yield path, next((name for name in seen.files.get(path, ()) if is_record(name, host.id)), "record")
    for volume in _of(resources, "volume", host=host.id):
        instance = resources.get(volume.spec.get("vm") or "")
        revision = instance.spec["revision"] if instance and volume.spec["type"] == "ROOT" else 0
        yield storages[volume.spec["storage"]], volume_file(volume, revision + (volume.spec.get("revision") or 0))
        if is_image(volume):
            yield storages[volume.spec["storage"]], image_file(volume)
    for snapshot in _of(resources, "volume_snapshot", host=host.id):
        yield storages[snapshot.spec["storage"]], snapshot_file(snapshot.id)
    for kept in _of(resources, "instance_snapshot", host=host.id, snapshot_memory=True):
        yield storages[kept.spec["storage"]], memory_file(kept.id)
    for domain in seen.domains.values():
        for disk in domain.shape.disks if domain.shape else ():
            if disk.device == "cdrom" and disk.volume:
                path = next(pool.shape.path for pool in seen.pools.values() if pool.shape.name == disk.pool)
                yield path, disk.volume
    images = {one.id for one in (*_of(resources, "template"), *_of(resources, "iso"))}
    for path, files in seen.files.items():
        yield from ((path, name) for name in files if owner_of(name) in images)


def _ours(lab: Audited, url: str) -> t.Iterator[tuple[str, str]]:
    for path, files in lab.host(url).files.items():
        yield from ((path, name) for name in files if owner_of(name))


def _left(lab: Audited, url: str) -> Found:
    """What a host that is none of the cloud's any more still has of it."""
    seen = lab.host(url)
    yield from (f"{url}: machine {one.name} is left" for one in seen.domains.values() if one.owned)
    yield from (f"{url}: network {one.shape.name} is left" for one in seen.networks.values() if one.owned)
    yield from (f"{url}: pool {one.shape.name} is left" for one in seen.pools.values())
    yield from (f"{url}: file {name} is left" for _path, name in _ours(lab, url))
    yield from (f"{url}: filter {one.name} is left" for one in seen.filters.values() if filter_id(one.name) == one.id)
