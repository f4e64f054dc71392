# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A database that was lost, read back from what the hosts keep; the hosts are only looked at."""

from __future__ import annotations

import collections
import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import KINDS, ORDER
from ...module_utils._schema.diff import redact
from ...module_utils._schema.errors import CairnError, Conflict, DriverError
from .._core.converge.instance import size_of
from .._core.converge.primary_storage import directory
from .._core.converge.router import size_of as router_size
from .._core.document import written
from .._core.naming import (
    image_file,
    image_format,
    is_image,
    is_record,
    memory_file,
    shared_mark,
    snapshot_file,
    whole_of,
)
from .._core.rebuild import Merged, chosen, merged
from .._core.record import DIGESTS, Record, read
from .._core.report import Entry, Report
from .._core.resource import MACHINES, Resource
from .._core.units import GIB
from .._core.world import HostSeen
from .._ports.hypervisor import Scope
from .._ports.images import Images
from .._ports.keys import Keys
from .._ports.store import Transaction
from .hosts import Hosts
from .moving import without_way
from .rules.network import own_addresses, range_addresses
from .rules.remote_access_vpn import client_addresses
from .session import scope_key

# Kinds that hold an address, and the field that says what hands it out.
_HOLDERS = {"ip_address": "public_network", "vpn_user": "vpn"}


@dc.dataclass
class Look:
    """One host: what is on it, the records among that, and what is wrong with those that cannot be read."""

    seen: HostSeen
    records: list[Record] = dc.field(default_factory=list)
    problems: list[str] = dc.field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing of any cloud is known to be there."""
        owned = any(one.owned for one in self.seen.domains.values())
        owned = owned or any(one.owned for one in self.seen.networks.values())
        return not (self.problems or self.records or owned)


def look(hosts: Hosts, urls: t.Iterable[str]) -> dict[str, Look]:
    """What is on the hosts, by URL. Raises CairnError where one does not answer, or has no record that can be read."""
    looks: dict[str, Look] = {}
    for url, found in hosts.each({url: url for url in urls}, lambda url: _look(hosts, url)).items():
        if isinstance(found, DriverError):
            raise found
        looks[url] = found
        if not found.records and not found.empty:
            why = found.problems or ["it has objects of a cloud and no record of it; see that its pools are started"]
            raise CairnError(f"host {url}: {'; '.join(why)}")
    return looks


def _look(hosts: Hosts, url: str) -> Look:
    hypervisor = hosts.open(url)
    found = Look(hypervisor.observe(Scope()))
    for pool in found.seen.pools.values():
        for name in (name for name in pool.volumes if is_record(name) and whole_of(name) == name):
            pieces: list[bytes] = []
            hypervisor.read_file(pool.shape.id, name, pieces.append)
            try:
                found.records.append(read(b"".join(pieces).decode(errors="replace"), name))
            except ValueError as error:
                found.problems.append(f"record '{name}' in pool '{pool.shape.name}' cannot be read: {error}")
    return found


def said(looks: t.Mapping[str, Look], installation: str | None, *, partial: bool) -> Merged:
    """What the hosts say of the cloud. Raises CairnError where they contradict each other."""
    records = chosen({url: one.records for url, one in looks.items()}, installation)
    made = merged(records, {url for url, one in looks.items() if one.empty}, partial=partial)
    hosts = {record.host: looks[url].seen for url, record in records.items()}
    for url, one in looks.items():
        made.warnings += [f"host {url}: {problem}" for problem in one.problems]
        if url not in records:
            made.warnings.append(f"host {url}: it has nothing of this cloud")
        shapes = (domain.shape for domain in one.seen.domains.values() if domain.shape is not None)
        made.macs |= {card.mac for shape in shapes for card in shape.cards}
        made.warnings += [
            f"host {url}: domain '{domain.name}' is not in its record and is left alone"
            for domain in one.seen.domains.values()
            if domain.owned and domain.id not in made.resources
        ]
    made.resources = {ident: _looked_at(resource, hosts) for ident, resource in made.resources.items()}
    made.resources |= {one.id: without_way(one) for one in _arrived(made.resources, hosts)}
    made.resources |= {one.id: one for one in _complete(made.resources, hosts)}
    return made


def _looked_at(one: Resource, hosts: t.Mapping[str, HostSeen]) -> Resource:
    """With what is learnt of the hosts by looking: how full a storage is, which snapshots were taken."""
    if one.kind == "primary_storage":
        pools = {host: seen.pools[one.id] for host, seen in hosts.items() if one.id in seen.pools}
        full = {host: {"capacity": pool.capacity, "available": pool.available} for host, pool in pools.items()}
        marked = {"marked": True} if any(shared_mark(one.id) in pool.volumes for pool in pools.values()) else {}
        return one.with_status(hosts=full, **marked) if full else one
    if one.kind == "instance" and one.spec.get("memory_number"):
        # Whether it has gone on from the memory or not: it is not stopped for it now.
        return one.with_status(memory_number=one.spec["memory_number"])
    if one.kind == "volume_snapshot" and one.spec["host"] in hosts:
        pool = hosts[one.spec["host"]].pools.get(one.spec["storage"])
        return one.with_status(taken=True) if pool and snapshot_file(one.id) in pool.volumes else one
    return one


def _arrived(resources: t.Mapping[str, Resource], hosts: t.Mapping[str, HostSeen]) -> t.Iterator[Resource]:
    """What its record says is on its way, as it was when that was written, and is all there by now."""
    for instance in resources.values():
        if instance.kind not in MACHINES or not instance.spec.get("last_host"):
            continue
        mine = [
            instance,
            *(one for one in resources.values() if one.kind == "volume" and one.spec.get("vm") == instance.id),
        ]
        old, new = (hosts.get(instance.spec[name]) for name in ("last_host", "host"))
        if old is None or new is None or instance.id in old.domains or instance.id not in new.domains:
            continue
        files = [name for pool in old.pools.values() for name in pool.volumes]
        if not any(one.id in name for one in mine for name in files):
            yield from mine


def _complete(resources: t.Mapping[str, Resource], hosts: t.Mapping[str, HostSeen]) -> t.Iterator[Resource]:
    """Instance snapshots of which the copies of all disks, and the memory, are there."""
    copies: dict[str, list[Resource]] = collections.defaultdict(list)
    for one in resources.values():
        if one.kind == "volume_snapshot" and one.parent is not None:
            copies[one.parent].append(one)
    for one in resources.values():
        if one.kind == "instance_snapshot" and one.spec["host"] in hosts:
            pool = hosts[one.spec["host"]].pools.get(one.spec["storage"])
            memory = not one.spec.get("snapshot_memory") or (pool is not None and memory_file(one.id) in pool.volumes)
            if memory and copies[one.id] and all(copy.status.get("taken") for copy in copies[one.id]):
                yield one.with_status(taken=True)


def restore(tx: Transaction, made: Merged, images: Images, keys: Keys) -> Report:
    """Store it all in a database that is empty. Raises CairnError where it does not fit together."""
    refuse_used(tx)
    report, resources = Report(warnings=list(made.warnings)), made.resources
    for ident in sorted(resources, key=lambda ident: (ORDER[resources[ident].kind], resources[ident].name, ident)):
        one = resources[ident]
        if is_image(one):
            one = resources[ident] = _image(one, resources, images, report)
        if one.kind == "remote_access_vpn":
            one = resources[ident] = _with_keys(one, keys, report)
        kind = KINDS[one.kind]
        try:
            tx.insert(dc.replace(one, scope=scope_key(kind, one.spec, one.owner)))
        except Conflict:
            raise CairnError(f"there are two of {one.label} on the hosts; remove one of them by hand") from None
        if one.parent is None:
            report.entries.append(
                Entry(one.id, one.kind, one.name, "create", {}, redact(kind, written(one, resources)))
            )
    _addresses(tx, made)
    for one in resources.values():
        _allocate(tx, one, resources)
    return report


def refuse_used(tx: Transaction) -> None:
    there = next((kind.many for kind in KINDS.values() if tx.select(kind.name, removing=None)), None)
    if there is not None:
        what = there.replace("_", " ")
        raise CairnError(f"the database is not empty, it has {what}; name a new one by api_url, or remove the file")


def _image(one: Resource, resources: t.Mapping[str, Resource], images: Images, report: Report) -> Resource:
    """An image of which the file is looked for; one that was made of a snapshot is known by its file alone."""
    place, name = directory(resources[one.spec["secondary"]].spec["url"]), image_file(one)
    if not images.present(place, name):
        again = "made again from its snapshot" if one.spec.get("source") else "fetched again"
        report.warnings.append(f"{one.label}: its file {name} is not in {place}; it is {again} by the next apply")
    elif one.spec.get("source"):
        facts = images.inspect(f"{place}/{name}", image_format(one.kind, one.spec))
        return one.with_status(size=facts.virtual_size, physical_size=facts.physical_size, sha256=facts.sha256)
    return one


def _with_keys(one: Resource, keys: Keys, report: Report) -> Resource:
    """A VPN with a new pair of keys: its private key is in no record, and nobody else has it."""
    private, public = keys.exchange()
    report.warnings.append(f"{one.label}: it has new keys from the next apply on; tell its clients its new public_key")
    status = {name: value for name, value in one.status.items() if name != DIGESTS}
    return dc.replace(one.with_spec(private_key=private), status=status | {"public_key": public})


def _addresses(tx: Transaction, made: Merged) -> None:
    for one in made.resources.values():
        if one.kind == "network":
            tx.add_addresses(one.id, one.id, own_addresses(one))
        elif one.kind == "vlan_ip_range":
            network = made.resources[one.spec["network"]]
            tx.add_addresses(network.id, one.id, range_addresses(one, network))
        elif one.kind == "remote_access_vpn":
            tx.add_addresses(one.id, one.id, client_addresses(one))
    for nic in made.nics:
        if nic.ip is not None and tx.take_address(nic.network, nic.ip) is None:
            instance, network = made.resources[nic.instance], made.resources[nic.network]
            raise CairnError(f"{instance.label}: its address {nic.ip} is not one that {network.label} hands out")
    tx.restore(made.installation, made.nics, made.macs)
    for one in made.resources.values():
        if one.kind in _HOLDERS:
            _hold(tx, one, made.resources)


def _hold(tx: Transaction, one: Resource, resources: t.Mapping[str, Resource]) -> None:
    """The address is held by a card of its own, which is in no record since no machine has it."""
    giver, address = one.spec[_HOLDERS[one.kind]], one.spec["ip_address"]
    if tx.take_address(giver, address) is None:
        label = resources[giver].label
        raise CairnError(f"{one.label}: {address} is not one that {label} hands out, or taken twice")
    tx.add_nic(one.id, giver, 0, address)


def _allocate(tx: Transaction, one: Resource, resources: t.Mapping[str, Resource]) -> None:
    """Count what it takes of its host."""
    host, storage = one.spec.get("host"), one.spec.get("storage")
    if one.kind == "router":
        cpus, memory = router_size(resources.get(one.spec.get("service_offering") or ""))
        tx.allocate(one.id, one.spec["host"], cpus=cpus, memory=memory)
    elif one.kind == "instance":
        cpus, memory = size_of(one, resources.get(one.spec["service_offering"]))
        tx.allocate(one.id, one.spec["host"], cpus=cpus, memory=memory)
    elif one.kind == "volume" and host and storage:
        template = resources.get(one.spec.get("template") or "")
        size = (one.spec.get("size") or 0) * GIB or (template.status.get("size") if template else None) or 0
        tx.allocate(one.id, host, storage, size=size)
    elif one.kind == "instance_snapshot" and one.spec.get("snapshot_memory"):
        tx.allocate(one.id, one.spec["host"], storage, size=one.status["machine"]["size"][-1] << 20)
    elif one.kind == "volume_snapshot":
        tx.allocate(one.id, one.spec["host"], storage, size=one.status["size"])
