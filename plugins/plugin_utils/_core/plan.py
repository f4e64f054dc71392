# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The plan: the ordered steps from what is seen on a host to what is wanted there.

Pure: two descriptions in, steps out. A step names a call of the hypervisor's port with its
arguments, the field that it mends with before and after, and its impact. Nothing wanted and seen
alike yields a step, so an empty plan is the proof that there is nothing to do.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._schema.field import Impact
from .naming import owner_of, whole_of
from .world import (
    Disk,
    DomainSeen,
    DomainShape,
    DomainWanted,
    HostSeen,
    HostWanted,
    Lease,
    NetworkSeen,
    NetworkShape,
    PoolSeen,
    VolumeSeen,
    VolumeWanted,
)


@dc.dataclass(frozen=True)
class Step:
    """One call to make for ``resource`` on ``host``.

    ``group`` is the instance with which the step stands and falls; steps of no group are shared, and
    nothing after a failed one is tried. ``exclusive`` steps are made by one process at a time.
    """

    host: str
    resource: str
    call: str
    args: tuple[t.Any, ...] = dc.field(repr=False)
    field: str
    before: t.Any
    after: t.Any
    impact: Impact = Impact.NONE
    group: str = ""
    exclusive: bool = False


@dc.dataclass
class Plan:
    """Steps in the order in which they are made, and sentences on what they cannot mend."""

    steps: list[Step] = dc.field(default_factory=list)
    warnings: dict[str, list[str]] = dc.field(default_factory=dict)

    def warn(self, resource: str, sentence: str) -> None:
        self.warnings.setdefault(resource, []).append(sentence)


# What a guest feels of a call; calls that are not named are not felt.
_IMPACTS = {
    "undefine_domain": Impact.RECREATE,
    "stop_domain": Impact.RESTART,
    "reboot_domain": Impact.RESTART,
    "resize_volume": Impact.LIVE,
    "retitle_domain": Impact.LIVE,
    "attach_disk": Impact.LIVE,
    "detach_disk": Impact.LIVE,
    "start_network": Impact.LIVE,
}
# Calls on what several instances share, or that take long: made by one process at a time.
_EXCLUSIVE = frozenset({"define_pool", "remove_pool", "define_network", "start_network", "remove_network", "put_base"})


class _Planner:
    """Builds the plan of one host."""

    def __init__(self, wanted: HostWanted, seen: HostSeen) -> None:
        self.wanted, self.seen, self.plan = wanted, seen, Plan()

    def add(
        self,
        resource: str,
        call: str,
        *args: t.Any,
        field: str,
        before: t.Any,
        after: t.Any,
        impact: Impact | None = None,
    ) -> None:
        group, exclusive = self.wanted.groups.get(resource, ""), call in _EXCLUSIVE
        impact = _IMPACTS.get(call, Impact.NONE) if impact is None else impact
        step = Step(self.wanted.id, resource, call, args, field, before, after, impact, group, exclusive)
        self.plan.steps.append(step)

    def run(self) -> Plan:
        self._gone_domains()
        self._gone_leases()
        self._pools()
        for network in self.wanted.networks:
            self._network(network)
        self._files_wanted()
        for domain in self.wanted.domains:
            # Of all domains first: a volume may move from one to another, and only one can have it open.
            self._unplug(domain)
        for domain in self.wanted.domains:
            self._domain(domain)
        self._gone()
        if self.wanted.complete:
            self._strays()
        return self.plan

    def _gone_domains(self) -> None:
        for ident in self.wanted.gone_domains:
            if ident in self.seen.domains and self.seen.domains[ident].owned:
                self.add(ident, "undefine_domain", ident, field="domain", before="defined", after="absent")

    def _files_wanted(self) -> None:
        for base in self.wanted.bases:
            if base.name not in self._files(base.pool):
                self.add(base.owner, "put_base", base, field="copy", before="absent", after="present")
        for volume in self.wanted.volumes:
            self._volume(volume)
        for seed in self.wanted.seeds:
            if seed.name not in self._files(seed.pool):
                self.add(seed.owner, "put_seed", seed, field="seed", before="absent", after="present")

    def _strays(self) -> None:
        """Domains with our metadata that the database does not know are named and left alone."""
        known = {domain.shape.id for domain in self.wanted.domains} | set(self.wanted.gone_domains)
        for ident in sorted(set(self.seen.domains) - known):
            if self.seen.domains[ident].owned:
                self.plan.warn(
                    "", f"domain '{self.seen.domains[ident].name}' is not of this database and is left alone"
                )

    def _pools(self) -> None:
        for pool in self.wanted.pools:
            seen = self.seen.pools.get(pool.id)
            if seen is None or seen.shape != pool or not seen.active or not seen.autostart:
                self.add(pool.id, "define_pool", pool, field="pool", before=_pool_state(seen), after="active")

    def _files(self, pool: str) -> t.Mapping[str, VolumeSeen]:
        seen = self.seen.pools.get(pool)
        return seen.volumes if seen else {}

    def _looked_into(self, pool: str) -> bool:
        """Whether the pool's files were seen; those of an inactive one are not."""
        return pool in self.seen.pools and self.seen.pools[pool].active

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

    def _volume(self, volume: VolumeWanted) -> None:
        seen = self._files(volume.pool).get(volume.name)
        if seen is None:
            self.add(volume.owner, "create_volume", volume, field="file", before="absent", after="present")
            if self._looked_into(volume.pool) and self._defined_with(volume):
                self.plan.warn(volume.owner, "the file of a volume was gone and is made anew, without what was on it")
        elif volume.capacity is not None and seen.capacity < volume.capacity:
            domain, target = self._user(volume)
            self.add(
                volume.owner,
                "resize_volume",
                volume,
                domain,
                target,
                field="capacity",
                before=seen.capacity,
                after=volume.capacity,
            )
        elif volume.capacity is not None and seen.capacity > volume.capacity:
            self.plan.warn(volume.owner, "the file of the volume is larger than described; a volume never shrinks")

    def _defined_with(self, volume: VolumeWanted) -> bool:
        """Whether the volume's instance has it as a disk, so that its file was there once."""
        domain = self.seen.domains.get(self.wanted.groups.get(volume.owner, ""))
        disks = domain.shape.disks if domain is not None and domain.shape is not None else ()
        return any(disk.volume == volume.name for disk in disks)

    def _user(self, volume: VolumeWanted) -> tuple[str | None, str | None]:
        """The running domain that has the volume, and as what; none that goes in this run."""
        for domain in self.seen.domains.values():
            if domain.id in self.wanted.gone_domains:
                continue
            for disk in domain.live.disks if domain.live else ():
                if disk.volume == volume.name:
                    return domain.id, disk.target
        return None, None

    def _domain(self, wanted: DomainWanted) -> None:
        shape, seen = wanted.shape, self.seen.domains.get(wanted.shape.id)
        if seen is not None and not seen.owned:
            self.plan.warn(shape.id, f"domain '{seen.name}' has its id but not its metadata, and is left alone")
            return
        if seen is None:
            self.add(shape.id, "define_domain", shape, field="domain", before="absent", after="defined")
        elif seen.shape is not None:
            self._mend(wanted, seen, seen.shape)
        # A machine that a task stopped stays so when its host starts again.
        wants, has = wanted.power == "Running", seen is not None and seen.autostart
        if wants != has:
            self.add(shape.id, "autostart_domain", shape.id, wants, field="autostart", before=has, after=wants)
        self._power(wanted, seen)

    def _mend(self, wanted: DomainWanted, seen: DomainSeen, have: DomainShape) -> None:
        shape, differs = wanted.shape, False
        impact = Impact.RESTART if self._restarts(wanted, seen) else Impact.NONE
        for name in _SHAPE_FIELDS:
            before, after = _value(have, name), _value(shape, name)
            if before != after:
                self.add(shape.id, "define_domain", shape, field=name, before=before, after=after, impact=impact)
                differs = True
        if not differs:
            self._retitle(shape, have)
        self._plug_in(shape, shape if differs else have, seen.live if self._stays(wanted, seen) else None)

    def _retitle(self, shape: DomainShape, have: DomainShape) -> None:
        for name in ("title", "document"):
            if getattr(have, name) != getattr(shape, name):
                before, after = (have.title, shape.title) if name == "title" else ("outdated", "as described")
                self.add(shape.id, "retitle_domain", shape, field=name, before=before, after=after)

    def _unplug(self, wanted: DomainWanted) -> None:
        """Unplug data disks that are too many, where the guest runs and in its definition."""
        seen = self.seen.domains.get(wanted.shape.id)
        if seen is None or not seen.owned or seen.shape is None:
            return
        there = {*_plugged(seen.shape), *(_plugged(seen.live) if seen.live else ())}
        for disk in sorted(there - set(_plugged(wanted.shape)), key=lambda d: d.target):
            ident = wanted.shape.id
            self.add(ident, "detach_disk", ident, disk, field="disks", before=disk.target, after="absent")

    def _plug_in(self, shape: DomainShape, defined: DomainShape, live: DomainShape | None) -> None:
        """Plug in data disks that are missing, where the guest runs and in its definition."""
        there = set(_plugged(defined)) & set(_plugged(live or defined))
        for disk in sorted(set(_plugged(shape)) - there, key=lambda d: d.target):
            self.add(shape.id, "attach_disk", shape.id, disk, field="disks", before="absent", after=disk.target)

    def _stays(self, wanted: DomainWanted, seen: DomainSeen) -> bool:
        """Whether the guest goes on running as it is."""
        return seen.active and wanted.power == "Running" and not self._restarts(wanted, seen)

    def _restarts(self, wanted: DomainWanted, seen: DomainSeen) -> bool:
        if not seen.active or wanted.power != "Running":
            return False
        # A guest with another root volume is one that was to be restored, in a run that was cut short.
        restored = self._stale(wanted, seen, ("root",))
        return wanted.reboot or restored or (wanted.may_restart and self._stale(wanted, seen))

    @staticmethod
    def _stale(wanted: DomainWanted, seen: DomainSeen, fields: t.Iterable[str] | None = None) -> bool:
        """Whether the guest runs with anything else than what is wanted."""
        names = _SHAPE_FIELDS if fields is None else fields
        return seen.live is not None and any(_value(seen.live, n) != _value(wanted.shape, n) for n in names)

    def _power(self, wanted: DomainWanted, seen: DomainSeen | None) -> None:
        ident, active = wanted.shape.id, seen is not None and seen.active
        if wanted.power == "Running" and not active:
            self.add(ident, "start_domain", ident, field="power", before="Stopped", after="Running")
        elif wanted.power == "Stopped" and active:
            self.add(ident, "stop_domain", ident, field="power", before="Running", after="Stopped")
        elif seen is not None and self._restarts(wanted, seen):
            self.add(ident, "reboot_domain", ident, field="power", before="Running", after="restarted")
        elif seen is not None and active and self._stale(wanted, seen):
            self.plan.warn(ident, "it runs with other devices than it is defined with, until it is restarted")

    def _gone_leases(self) -> None:
        for network, lease in self.wanted.gone_leases:
            seen = self.seen.networks.get(network)
            if seen and seen.owned and any(other.mac == lease.mac for other in seen.shape.leases):
                self.add(network, "drop_lease", network, lease, field="leases", before=lease.ip, after="absent")

    def _gone(self) -> None:
        self._gone_files()
        for network in self.wanted.gone_networks:
            if network in self.seen.networks and self.seen.networks[network].owned:
                self.add(network, "remove_network", network, field="network", before="defined", after="absent")
        for pool in self.wanted.gone_pools:
            if pool in self.seen.pools:
                self.add(pool, "remove_pool", pool, field="pool", before="defined", after="absent")

    def _gone_files(self) -> None:
        """Files of resources that are gone, and outdated ones (another seed, an older root) of those that stay."""
        kept = {item.name for group in (self.wanted.volumes, self.wanted.seeds, self.wanted.bases) for item in group}
        owners = {("", item.owner) for group in (self.wanted.volumes, self.wanted.seeds) for item in group}
        owners |= self.wanted.gone_owners
        for pool, seen in self.seen.pools.items():
            # Copies of templates last: volumes lie over them.
            for name in sorted(seen.volumes, key=lambda n: (seen.volumes[n].backing is None, n)):
                owner = owner_of(name)
                if owner and whole_of(name) not in kept and {("", owner), (pool, owner)} & owners:
                    self.add(owner, "delete_volume", pool, name, field="file", before="present", after="absent")


# What a guest must be restarted for, and what a redefinition mends.
_SHAPE_FIELDS = ("vcpus", "memory", "virt_type", "cpu_model", "cards", "root", "seed")
_ROOT = "vda"


def _value(shape: DomainShape, name: str) -> t.Any:
    if name == "seed":
        return [disk.volume for disk in shape.disks if disk.device == "cdrom"]
    if name == "root":
        return [disk.volume for disk in shape.disks if disk.target == _ROOT]
    if name == "cards":
        return [[card.mac, card.network] for card in shape.cards]
    return getattr(shape, name)


def _plugged(shape: DomainShape) -> tuple[Disk, ...]:
    return tuple(disk for disk in shape.disks if disk.device == "disk" and disk.target != _ROOT)


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


def _pool_state(seen: PoolSeen | None) -> str:
    if seen is None:
        return "absent"
    return "differs" if seen.active else "inactive"


def plan(wanted: HostWanted, seen: HostSeen) -> Plan:
    """The steps from ``seen`` to ``wanted`` on one host."""
    return _Planner(wanted, seen).run()
