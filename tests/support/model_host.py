# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A host in memory, which implements the port ``Hypervisor``.

It refuses (DriverError) what libvirt and QEMU refuse: to start a machine whose disk is missing, to open
a disk that another running machine has, two leases of one address. What they would let us do and we
must never do (touch what is foreign, delete a file in use) is an :class:`Unsafe`, which fails the test.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses as dc
import functools
import os
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_id, filter_owner, is_record
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    FILTERS,
    Access,
    BaseWanted,
    Card,
    Disk,
    DomainSeen,
    DomainShape,
    FilterSeen,
    FilterShape,
    HostSeen,
    InstanceSnapshotWanted,
    Lease,
    Memory,
    NetworkSeen,
    NetworkShape,
    NodeFacts,
    PoolSeen,
    PoolShape,
    RecordWanted,
    SeedWanted,
    SnapshotWanted,
    VolumeSeen,
    VolumeWanted,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Scope

GIB = 1 << 30
BASE_SIZE = GIB
EVERYTHING = Scope()

_P = t.ParamSpec("_P")
_R = t.TypeVar("_R")


class Unsafe(AssertionError):
    """The host was asked for something that must never be asked for."""


def _step(method: t.Callable[t.Concatenate[ModelHost, _P], _R]) -> t.Callable[t.Concatenate[ModelHost, _P], _R]:
    """A call that changes the host: counted, and watched before and after."""

    @functools.wraps(method)
    def watched(self: ModelHost, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        self.watch(method.__name__)
        told = method(self, *args, **kwargs)
        self.calls.append(method.__name__)
        self.watch(method.__name__)
        return told

    return watched


class ModelHost:
    """Pools, networks and domains by id, files by directory. ``watch`` is told of each call, twice, and may raise."""

    def __init__(self, name: str = "host", *, cpus: int = 8, memory: int = 16384, capacity: int = 1000 * GIB) -> None:
        self.facts = NodeFacts(name, cpus, memory, "8.2.0", "10.0.0", frozenset({FILTERS}))
        self.capacity = capacity
        self.pools: dict[str, PoolSeen] = {}
        self.files: dict[str, dict[str, VolumeSeen]] = {}
        self.networks: dict[str, NetworkSeen] = {}
        self.domains: dict[str, DomainSeen] = {}
        self.filters: dict[str, FilterSeen] = {}
        self.texts: dict[str, str] = {}
        # Files that a guest has run with: no memory of another guest may be put over them.
        self.used: set[str] = set()
        self.calls: list[str] = []
        self.watch: t.Callable[[str], None] = lambda call: None
        self.reading: t.Callable[[str], None] = lambda name: None

    def working(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def clone(self) -> ModelHost:
        other = copy.copy(self)
        other.pools, other.networks, other.domains = dict(self.pools), dict(self.networks), dict(self.domains)
        other.filters = dict(self.filters)
        other.files = {path: dict(files) for path, files in self.files.items()}
        other.texts, other.calls, other.used = dict(self.texts), [], set(self.used)
        return other

    def state(self) -> dict[str, t.Any]:
        """All that is on the host, to be compared."""
        files = {path: dict(files) for path, files in self.files.items() if files}
        return {
            "pools": dict(self.pools),
            "files": files,
            "networks": dict(self.networks),
            "domains": dict(self.domains),
            "filters": dict(self.filters),
        }

    # Look-ups

    def close(self) -> None:
        pass

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

    # Pools and files

    @_step
    def define_pool(self, shape: PoolShape) -> None:
        if any(one.shape.name == shape.name and ident != shape.id for ident, one in self.pools.items()):
            raise DriverError(f"pool {shape.name} exists already with another id")
        self.pools[shape.id] = PoolSeen(shape, active=True, autostart=True)
        self.files.setdefault(shape.path, {})

    @_step
    def remove_pool(self, pool_id: str) -> None:
        self.pools.pop(pool_id, None)

    def write(self, file: str, moment: str) -> None:
        """A guest wrote to the file."""
        for files in self.files.values():
            if file in files:
                files[file] = dc.replace(files[file], written=moment)

    def _directory(self, pool: str) -> dict[str, VolumeSeen]:
        seen = next((one for ident, one in self.pools.items() if pool in (ident, one.shape.name)), None)
        if seen is None or not seen.active:
            raise DriverError(f"there is no active pool {pool}")
        return self.files[seen.shape.path]

    @_step
    def put_base(self, base: BaseWanted) -> None:
        file = VolumeSeen(base.name, BASE_SIZE, BASE_SIZE // 10, base.format)
        self._directory(base.pool).setdefault(base.name, file)

    @_step
    def create_volume(self, volume: VolumeWanted) -> None:
        files = self._directory(volume.pool)
        if volume.source is not None and volume.name not in files:
            if volume.source not in files:
                raise DriverError(f"volume {volume.name} lacks its source {volume.source}")
            copied = files[volume.source]
            capacity = max(copied.capacity, volume.capacity or 0)
            files[volume.name] = dc.replace(copied, name=volume.name, capacity=capacity, backing=None)
            self.used.discard(volume.name)
            return
        if volume.base is not None and volume.base not in files:
            raise DriverError(f"volume {volume.name} lacks its base {volume.base}")
        file = VolumeSeen(volume.name, volume.capacity or BASE_SIZE, 200 << 10, volume.format, volume.base, "made")
        if volume.name not in files:
            files[volume.name] = file
            self.used.discard(volume.name)

    @_step
    def take_snapshot(self, snapshot: SnapshotWanted, domain_id: str | None, target: str | None) -> dict[str, t.Any]:
        files = self._directory(snapshot.pool)
        users = [(ident, disk.target) for ident, disk in self._open_disks() if disk.volume == snapshot.volume]
        if users != ([(domain_id, target)] if domain_id else []):
            raise Unsafe(f"{snapshot.volume} is copied past its user {users}")
        if snapshot.volume not in files:
            raise DriverError(f"there is no volume {snapshot.volume}")
        files.setdefault(snapshot.name, dc.replace(files[snapshot.volume], name=snapshot.name, backing=None))
        return {"taken": True, "quiesced": True}

    @_step
    def take_instance_snapshot(self, snapshot: InstanceSnapshotWanted) -> dict[str, t.Any]:
        if all(name in self._directory(pool) for pool, name in snapshot.files):
            return {"taken": True}
        live = self.domains[snapshot.domain].live if snapshot.domain in self.domains else None
        users = {disk.volume: ident for ident, disk in self._open_disks()}
        if snapshot.memory is not None and live is None:
            raise DriverError(f"domain {snapshot.domain} does not run and has no memory")
        made = {}
        for disk in snapshot.disks:
            files = self._directory(disk.pool)
            if users.get(str(disk.volume), snapshot.domain) != snapshot.domain:
                raise Unsafe(f"{disk.volume} is copied past its user")
            if disk.volume not in files:
                raise DriverError(f"there is no volume {disk.volume}")
            made[disk.pool, disk.name] = dc.replace(files[disk.volume], name=disk.name, backing=None)
        if snapshot.memory is not None:
            made[snapshot.memory.pool, snapshot.memory.name] = VolumeSeen(snapshot.memory.name, 1 << 20, 1 << 20, "raw")
        for (pool, name), file in made.items():
            self._directory(pool)[name] = file
        if live is not None:
            self.domains[snapshot.domain] = dc.replace(self.domains[snapshot.domain], paused=False)
        return {"taken": True, "quiesced": True}

    def read_file(self, pool_id: str, name: str, sink: t.Callable[[bytes], None]) -> None:
        if name not in self._directory(pool_id):
            raise DriverError(f"there is no file {name}")
        written = self._directory(pool_id)[name].written
        sink(self.texts.get(name, f"{name} {written}").encode())
        self.reading(name)

    @_step
    def resize_volume(self, volume: VolumeWanted, domain_id: str | None, target: str | None) -> None:
        files = self._directory(volume.pool)
        if volume.name not in files:
            raise DriverError(f"there is no volume {volume.name}")
        users = [(ident, disk.target) for ident, disk in self._open_disks() if disk.volume == volume.name]
        if users != ([(domain_id, target)] if domain_id else []):
            raise Unsafe(f"volume {volume.name} is resized past its user {users}")
        grown = max(files[volume.name].capacity, volume.capacity or 0)
        files[volume.name] = dc.replace(files[volume.name], capacity=grown)

    @_step
    def delete_volume(self, pool_id: str, name: str) -> None:
        files = self._directory(pool_id)
        if any(disk.volume == name and disk.device == "disk" for _ident, disk in self._open_disks()):
            raise Unsafe(f"{name} is deleted under a running machine")
        if any(file.backing == name for file in files.values()):
            raise Unsafe(f"{name} is deleted under its overlays")
        files.pop(name, None)

    @_step
    def put_seed(self, seed: SeedWanted) -> None:
        self._directory(seed.pool).setdefault(seed.name, VolumeSeen(seed.name, 1 << 20, 1 << 20, "iso"))

    @_step
    def put_record(self, record: RecordWanted) -> None:
        files = self._directory(record.pool)
        for name in [name for name in files if is_record(name, record.owner)]:
            del files[name]
        size = len(record.content)
        files[record.name] = VolumeSeen(record.name, size, size, "raw")
        self.texts[record.name] = record.content

    # Networks

    def _network(self, ident: str) -> NetworkSeen:
        if ident not in self.networks:
            raise DriverError(f"there is no network {ident}")
        if not self.networks[ident].owned:
            raise Unsafe(f"network {ident} is foreign")
        return self.networks[ident]

    @_step
    def define_network(self, shape: NetworkShape, *, start: bool = True) -> None:
        if shape.id in self.networks:
            self._network(shape.id)
        for lease in shape.leases:
            _refuse_twins(lease, shape.leases)
        self.networks[shape.id] = NetworkSeen(shape, active=start, autostart=True)

    @_step
    def start_network(self, network_id: str) -> None:
        seen = self._network(network_id)
        self.networks[network_id] = dc.replace(seen, active=True, autostart=True, bridge_up=True)

    @_step
    def remove_network(self, network_id: str) -> None:
        if network_id not in self.networks:
            return
        self._network(network_id)
        del self.networks[network_id]

    @_step
    def set_lease(self, network_id: str, lease: Lease) -> None:
        seen = self._network(network_id)
        others = frozenset(one for one in seen.shape.leases if one.mac != lease.mac)
        _refuse_twins(lease, others)
        self._lease(seen, others | {lease})

    @_step
    def drop_lease(self, network_id: str, lease: Lease) -> None:
        seen = self._network(network_id)
        self._lease(seen, frozenset(one for one in seen.shape.leases if one.mac != lease.mac))

    def _lease(self, seen: NetworkSeen, leases: frozenset[Lease]) -> None:
        self.networks[seen.shape.id] = dc.replace(seen, shape=dc.replace(seen.shape, leases=leases))

    # Filters

    @_step
    def define_filter(self, shape: FilterShape) -> None:
        if shape.id != filter_id(shape.name):
            raise Unsafe(f"filter {shape.name} cannot be told from others'")
        if any(one.name == shape.name and one.id != shape.id for one in self.filters.values()):
            raise DriverError(f"filter {shape.name} exists already with another id")
        self.filters[shape.id] = FilterSeen(shape.id, shape.name, shape)

    @_step
    def remove_filter(self, filter_id: str) -> None:
        seen = self.filters.pop(filter_id, None)
        for one in self.domains.values():
            if seen and any(seen.name == card.filter for side in (one.shape, one.live) if side for card in side.cards):
                raise Unsafe(f"filter {seen.name} is removed under machine {one.name}")

    def _check_card(self, card: Card) -> None:
        if card.filter and not any(one.name == card.filter for one in self.filters.values()):
            raise DriverError(f"there is no filter {card.filter}")

    @_step
    def filter_card(self, domain_id: str, card: Card) -> None:
        seen, shape = self._domain(domain_id)
        self._check_card(card)

        def under(old: DomainShape) -> DomainShape:
            same = (card.mac, card.network)
            return dc.replace(old, cards=tuple(card if (o.mac, o.network) == same else o for o in old.cards))

        live = under(seen.live) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=under(shape), live=live)

    # Domains

    def _domain(self, ident: str) -> tuple[DomainSeen, DomainShape]:
        if ident not in self.domains:
            raise DriverError(f"there is no domain {ident}")
        seen = self.domains[ident]
        if not seen.owned or seen.shape is None:
            raise Unsafe(f"domain {ident} is foreign")
        return seen, seen.shape

    def _open_disks(self) -> list[tuple[str, Disk]]:
        return [(one.id, disk) for one in self.domains.values() if one.live for disk in one.live.disks]

    def _check_disk(self, ident: str, disk: Disk) -> None:
        if disk.volume not in self._directory(disk.pool):
            raise DriverError(f"there is no volume {disk.volume}")
        others = [user for user, other in self._open_disks() if other.volume == disk.volume and user != ident]
        if others and disk.device == "disk":
            raise DriverError(f"volume {disk.volume} is locked by domain {others[0]}")

    @_step
    def define_domain(self, shape: DomainShape) -> None:
        if shape.id in self.domains:
            seen, _have = self._domain(shape.id)
            self.domains[shape.id] = dc.replace(seen, shape=shape, name=shape.name)
            return
        if any(one.name == shape.name for one in self.domains.values()):
            raise DriverError(f"domain {shape.name} exists already with another id")
        self.domains[shape.id] = DomainSeen(shape.id, shape.name, owned=True, active=False, shape=shape)

    @_step
    def start_domain(self, domain_id: str) -> None:
        self._start(domain_id)

    def _start(self, domain_id: str) -> None:
        seen, shape = self._domain(domain_id)
        if seen.active:
            return
        for disk in shape.disks:
            if disk.volume:
                self._check_disk(domain_id, disk)
        for card in shape.cards:
            if not any(one.active and one.shape.name == card.network for one in self.networks.values()):
                raise DriverError(f"network {card.network} is not active")
            self._check_card(card)
        self._run(seen, shape)

    def _run(self, seen: DomainSeen, live: DomainShape) -> None:
        self.domains[seen.id] = dc.replace(seen, active=True, live=live, paused=False)
        self.used |= {disk.volume for disk in live.disks if disk.device == "disk"}

    @_step
    def restore_domain(self, shape: DomainShape, memory: Memory) -> dict[str, t.Any]:
        seen, _shape = self._domain(shape.id)
        told = {"memory_number": memory.number}
        if memory.name not in self._directory(memory.pool):
            raise DriverError(f"there is no memory {memory.name}")
        if seen.live is not None and seen.live.disks[0] == shape.disks[0]:
            return told
        seen = self.domains[shape.id] = dc.replace(seen, active=False, live=None, paused=False)
        if shape.disks[0].volume in self.used:
            raise Unsafe(f"memory is put over {shape.disks[0].volume}, with which a guest has run")
        for disk in shape.disks:
            if disk.volume:
                self._check_disk(shape.id, disk)
        self._run(seen, shape)
        return told

    @_step
    def resume_domain(self, domain_id: str) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, paused=False)

    @_step
    def stop_domain(self, domain_id: str, timeout: int) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, active=False, live=None, paused=False)

    @_step
    def reboot_domain(self, domain_id: str, timeout: int) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, active=False, live=None, paused=False)
        self._start(domain_id)

    @_step
    def undefine_domain(self, domain_id: str) -> None:
        if domain_id in self.domains:
            self._domain(domain_id)
            del self.domains[domain_id]

    @_step
    def retitle_domain(self, shape: DomainShape) -> None:
        seen, have = self._domain(shape.id)

        def told(old: DomainShape) -> DomainShape:
            return dc.replace(old, title=shape.title, document=shape.document)

        self.domains[shape.id] = dc.replace(seen, shape=told(have), live=told(seen.live) if seen.live else None)

    @_step
    def scale_domain(self, domain_id: str, vcpus: int, memory: int) -> None:
        seen, shape = self._domain(domain_id)

        def scaled(old: DomainShape) -> DomainShape:
            most = max(old.most_vcpus, old.vcpus), max(old.most_memory, old.memory)
            if vcpus > most[0] or memory > most[1]:
                raise DriverError(f"domain {domain_id} cannot have more than {most}")
            cpus, mib = most[0] * (most[0] > vcpus), most[1] * (most[1] > memory)
            return dc.replace(old, vcpus=vcpus, memory=memory, most_vcpus=cpus, most_memory=mib)

        self.domains[domain_id] = dc.replace(seen, shape=scaled(shape), live=scaled(seen.live) if seen.live else None)

    @_step
    def attach_disk(self, domain_id: str, disk: Disk) -> None:
        seen, shape = self._domain(domain_id)
        if seen.live:
            self._check_disk(domain_id, disk)
        live = _plugged(seen.live, disk) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=_plugged(shape, disk), live=live)

    @_step
    def detach_disk(self, domain_id: str, disk: Disk) -> None:
        if disk.target == "vda":
            raise Unsafe(f"the root volume of {domain_id} is unplugged")
        seen, shape = self._domain(domain_id)
        live = _unplugged(seen.live, disk) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=_unplugged(shape, disk), live=live)

    @_step
    def change_media(self, domain_id: str, drive: Disk) -> None:
        seen, shape = self._domain(domain_id)
        if drive.volume:
            self._check_disk(domain_id, drive)

        def changed(old: DomainShape) -> DomainShape:
            if not any(disk.target == drive.target and disk.device == "cdrom" for disk in old.disks):
                raise DriverError(f"domain {domain_id} has no drive {drive.target}")
            return dc.replace(old, disks=tuple(drive if disk.target == drive.target else disk for disk in old.disks))

        live = changed(seen.live) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=changed(shape), live=live)

    @_step
    def let_in(self, shape: DomainShape, access: Access, keys: t.Sequence[str], timeout: int) -> None:
        seen, have = self._domain(shape.id)
        if not seen.active:
            raise DriverError(f"the agent of {shape.id} does not answer")

        def told(old: DomainShape) -> DomainShape:
            return dc.replace(old, document=shape.document, keys=shape.keys, password=shape.password)

        self.domains[shape.id] = dc.replace(seen, shape=told(have), live=told(seen.live) if seen.live else None)

    @_step
    def autostart_domain(self, domain_id: str, wanted: bool) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, autostart=wanted)

    def console(self, domain_id: str, source: int, sink: int, leave: bytes) -> None:
        """Prints who is there."""
        os.write(sink, f"{self._domain(domain_id)[1].name} login: ".encode())


def _refuse_twins(lease: Lease, others: t.Iterable[Lease]) -> None:
    """As libvirt does: a network has one lease for each MAC, address and name."""
    for other in others:
        if other != lease and (other.mac == lease.mac or other.ip == lease.ip or other.hostname == lease.hostname):
            raise DriverError(f"there is a lease that matches {lease}: {other}")


def _plugged(shape: DomainShape, disk: Disk) -> DomainShape:
    if disk in shape.disks:
        return shape
    if any(other.target == disk.target for other in shape.disks):
        raise DriverError(f"target {disk.target} already exists")
    disks = sorted((*shape.disks, disk), key=lambda one: (one.device != "disk", one.target))
    return dc.replace(shape, disks=tuple(disks))


def _unplugged(shape: DomainShape, disk: Disk) -> DomainShape:
    return dc.replace(shape, disks=tuple(one for one in shape.disks if one != disk))
