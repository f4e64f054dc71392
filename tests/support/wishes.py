# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Wishes for one host in small numbers, from which hypothesis draws what is wanted of it."""

from __future__ import annotations

import dataclasses as dc
import typing as t
import uuid

from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_id, filter_name
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.units import GIB
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Access,
    Allow,
    BaseWanted,
    Card,
    Disk,
    DomainShape,
    DomainWanted,
    FilterShape,
    HostWanted,
    InstanceSnapshotWanted,
    Lease,
    Memory,
    NetworkShape,
    PoolShape,
    SeedWanted,
    SnapshotWanted,
    VolumeWanted,
)

HOST = "host-1"
MACHINES, NETWORKS, VOLUMES, GROUPS = (1, 2, 3), (1, 2), (1, 2, 3), (1, 2)


def uid(what: str, number: int = 0) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{what} {number}"))


@dc.dataclass(frozen=True)
class Machine:
    """``networks`` is network to address; ``revision`` counts how often the root volume was made anew.

    ``group`` is the number of its security group, if any.
    ``kept`` says what of it is kept as a snapshot; where that is its memory, a root volume that was made anew is
    started from by going on from it.
    """

    vcpus: int = 1
    title: str = "one"
    seed: int = 0
    iso: bool = False
    revision: int = 0
    size: int = 2
    running: bool = True
    networks: tuple[tuple[int, int], ...] = ()
    keys: tuple[str, ...] = ("SHA256:a",)
    password: int = 0
    group: int = 0
    kept: str = ""


@dc.dataclass(frozen=True)
class Wish:
    """``networks`` is network to how it is made; ``volumes`` is volume to its size and machine.

    ``port`` is what all groups let in.
    """

    machines: t.Mapping[int, Machine] = dc.field(default_factory=dict)
    networks: t.Mapping[int, str] = dc.field(default_factory=dict)
    volumes: t.Mapping[int, tuple[int, int | None]] = dc.field(default_factory=dict)
    port: int = 80

    def after(self, old: Wish) -> Wish:
        """With sizes that never shrink and revisions that only count up; a volume keeps its size or grows."""
        volumes = {n: (max(size, old.volumes.get(n, (0, None))[0]), vm) for n, (size, vm) in self.volumes.items()}
        machines = {
            n: dc.replace(
                one,
                size=max(one.size, old.machines.get(n, one).size),
                revision=max(one.revision, old.machines.get(n, one).revision),
            )
            for n, one in self.machines.items()
        }
        return Wish(machines, self.networks, volumes, self.port)

    def only(self, focus: t.Collection[int]) -> Wish:
        """What concerns the machines of ``focus``, and volumes of no machine."""
        machines = {n: one for n, one in self.machines.items() if n in focus}
        used = {network for one in machines.values() for network, _address in one.networks}
        volumes = {n: (size, vm) for n, (size, vm) in self.volumes.items() if vm in focus or vm is None}
        return Wish(machines, {n: how for n, how in self.networks.items() if n in used}, volumes, self.port)


@dc.dataclass(frozen=True)
class How:
    """How a wish is carried out."""

    complete: bool = True
    may_restart: bool = False
    reboot: bool = False


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """Any wish in which each address has one machine."""
    addresses = draw(st.permutations(MACHINES))
    networks = draw(st.dictionaries(st.sampled_from(NETWORKS), st.sampled_from(("nat", "route")), max_size=2))
    machines = {}
    for number in draw(st.sets(st.sampled_from(MACHINES))):
        used = draw(st.sets(st.sampled_from(sorted(networks)))) if networks else set()
        machines[number] = Machine(
            vcpus=draw(st.integers(1, 2)),
            title=draw(st.sampled_from(("one", "two"))),
            iso=draw(st.booleans()),
            seed=draw(st.integers(0, 1)),
            revision=draw(st.integers(0, 1)),
            size=draw(st.integers(2, 3)),
            running=draw(st.booleans()),
            keys=draw(st.sampled_from(((), ("SHA256:a",), ("SHA256:a", "SHA256:b"), ("SHA256:b",)))),
            password=draw(st.integers(0, 2)),
            group=draw(st.sampled_from((0, *GROUPS))),
            kept=draw(st.sampled_from(("", "", "disks", "memory"))),
            networks=tuple((n, addresses[number - 1]) for n in sorted(used)),
        )
    users = st.sampled_from([None, *sorted(machines)])
    volumes = draw(st.dictionaries(st.sampled_from(VOLUMES), st.tuples(st.integers(1, 2), users)))
    return Wish(machines, networks, volumes, draw(st.sampled_from((80, 443))))


def pool(number: int) -> PoolShape:
    return PoolShape(uid("pool", number), f"pool-{number}", f"/pool/{number}")


def pool_of(volume: int) -> PoolShape:
    return pool(volume % 2)


def root_file(machine: int, revision: int) -> str:
    return f"volume-{uid('root', machine)}{f'-r{revision}' if revision else ''}.qcow2"


def data_file(volume: int) -> str:
    return f"volume-{uid('volume', volume)}.qcow2"


def memory_of(machine: int) -> Memory:
    return Memory(pool(0).id, f"instance_snapshot-{uid('kept', machine)}.save", 1)


def seed_name(machine: int, seed: int) -> str:
    return f"seed-{uid('machine', machine)}-{seed:012x}.iso"


def lease(machine: int, network: int, address: int) -> Lease:
    """A card of another address is another card, with a MAC of its own."""
    return Lease(f"06:00:00:{machine:02x}:{network:02x}:{address:02x}", f"10.0.{network}.{address}", f"vm{machine}")


def network_shape(wish: Wish, number: int) -> NetworkShape:
    leases = frozenset(
        lease(machine, network, address)
        for machine, one in wish.machines.items()
        for network, address in one.networks
        if network == number
    )
    how = wish.networks[number]
    return NetworkShape(uid("network", number), f"net-{number}", how, f"cn{number}", leases=leases, document="{}")


def domain_shape(wish: Wish, number: int) -> DomainShape:
    one = wish.machines[number]
    data = [
        Disk(f"vd{chr(ord('a') + volume)}", pool_of(volume).name, data_file(volume))
        for volume, (_size, vm) in sorted(wish.volumes.items())
        if vm == number
    ]
    root = Disk("vda", pool(0).name, root_file(number, one.revision))
    seed = Disk("hda", pool(0).name, seed_name(number, one.seed), "raw", "cdrom")
    drive = Disk("hdc", pool(0).name if one.iso else "", ISO_COPY.name if one.iso else "", "raw", "cdrom")
    cards = []
    for network, address in one.networks:
        mine = lease(number, network, address)
        name = under(network, one.group)
        cards.append(Card(mine.mac, f"net-{network}", name, mine.ip if name else ""))
    return DomainShape(
        id=uid("machine", number),
        name=f"vm{number}",
        title=one.title,
        vcpus=one.vcpus,
        memory=256,
        virt_type="kvm",
        cpu_model=None,
        disks=(root, *data, seed, drive),
        cards=tuple(cards),
        document=one.title,
        keys=one.keys,
        password=one.password,
    )


def under(network: int, group: int) -> str:
    """The name of the filter of a group's cards in a network."""
    return filter_name(uid("network", network), [uid("group", group)]) if group else ""


def filter_shapes(wish: Wish) -> tuple[FilterShape, ...]:
    """Filters of the cards that there are."""
    allows = frozenset({Allow("ingress", "tcp", "0.0.0.0/0", wish.port, wish.port)})
    names = {under(network, one.group) for one in wish.machines.values() for network, _address in one.networks}
    limits = frozenset({"ingress"})
    return tuple(FilterShape(filter_id(n), n, True, limits, allows=allows) for n in sorted(names - {""}))


ISO_COPY = BaseWanted(uid("iso"), pool(0).id, f"iso-{uid('iso')}.iso", "raw", "/secondary/iso")


def wanted_of(wish: Wish, how: How, old: Wish | None = None) -> HostWanted:
    """What ``wish`` wants of a host on which ``old`` may have been carried out."""
    gone = _gone(old or Wish(), wish)
    base = BaseWanted(uid("template"), pool(0).id, f"template-{uid('template')}.qcow2", "qcow2", "/secondary/template")
    return HostWanted(
        id=HOST,
        pools=(pool(0), pool(1)),
        networks=tuple(network_shape(wish, number) for number in wish.networks),
        bases=(base, ISO_COPY) if wish.machines else (),
        volumes=(*_roots(wish, base), *_data(wish)),
        instance_snapshots=tuple(_kept(wish)),
        seeds=tuple(
            SeedWanted(uid("machine", n), pool(0).id, seed_name(n, one.seed)) for n, one in wish.machines.items()
        ),
        domains=tuple(
            DomainWanted(
                domain_shape(wish, n),
                "Running" if one.running else "Stopped",
                Access("root", one.keys, str(one.password) if one.password else None),
                how.may_restart or how.reboot,
                how.reboot,
                memory_of(n) if one.kept == "memory" and one.revision else None,
            )
            for n, one in wish.machines.items()
        ),
        gone_domains=tuple(sorted(uid("machine", n) for n in gone.machines)),
        gone_owners=frozenset(
            {("", uid(what, n)) for n in gone.machines for what in ("machine", "root")}
            | {("", uid("volume", n)) for n in gone.volumes}
            | {
                ("", uid(what, n))
                for n, one in (old or Wish()).machines.items()
                if one.kept and (n not in wish.machines or not wish.machines[n].kept)
                for what in ("kept", "copy")
            }
        ),
        gone_networks=tuple(sorted(uid("network", n) for n in gone.networks)),
        gone_leases=tuple(
            (uid("network", network), lease(n, network, address))
            for n, one in sorted(gone.machines.items())
            for network, address in one.networks
            if network not in gone.networks
        ),
        groups=_groups(old or Wish()) | _groups(wish),
        filters=filter_shapes(wish),
        filter_owners=frozenset(uid("group", number) for number in GROUPS if how.complete),
        complete=how.complete,
    )


def _gone(old: Wish, new: Wish) -> Wish:
    return Wish(
        {n: one for n, one in old.machines.items() if n not in new.machines},
        {n: one for n, one in old.networks.items() if n not in new.networks},
        {n: one for n, one in old.volumes.items() if n not in new.volumes},
    )


def _roots(wish: Wish, base: BaseWanted) -> t.Iterator[VolumeWanted]:
    for n, one in wish.machines.items():
        name = root_file(n, one.revision)
        yield VolumeWanted(uid("root", n), pool(0).id, name, capacity=one.size * GIB, base=base.name)


def _kept(wish: Wish) -> t.Iterator[InstanceSnapshotWanted]:
    for n, one in wish.machines.items():
        copy = SnapshotWanted(
            uid("copy", n), pool(0).id, f"volume_snapshot-{uid('copy', n)}.qcow2", root_file(n, one.revision)
        )
        memory = memory_of(n) if one.kept == "memory" else None
        if one.kept:
            yield InstanceSnapshotWanted(uid("kept", n), uid("machine", n), (copy,), memory)


def _data(wish: Wish) -> t.Iterator[VolumeWanted]:
    for n, (size, _vm) in wish.volumes.items():
        yield VolumeWanted(uid("volume", n), pool_of(n).id, data_file(n), capacity=size * GIB)


def _groups(wish: Wish) -> dict[str, str]:
    machines = {uid(what, n): uid("machine", n) for n in wish.machines for what in ("machine", "root", "kept")}
    volumes = {
        uid("volume", n): uid("volume", n) if vm is None else uid("machine", vm) for n, (_s, vm) in wish.volumes.items()
    }
    return machines | volumes
