# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is on a host: shapes, in which what is wanted and what is seen can be compared.

A shape holds what the cloud decides on and nothing that the hypervisor fills in (addresses of
devices, paths of sockets). Drivers build objects from shapes and read shapes from objects, so that
``read(build(shape)) == shape`` is the whole contract.
"""

from __future__ import annotations

import dataclasses as dc
import hashlib
import json
import typing as t

# Features of hosts: network cards have filters; a directory can be one that other hosts have as well.
FILTERS = "filters"
SHARES = "shares"


@dc.dataclass(frozen=True)
class NodeFacts:
    """A host as its hypervisor describes it; memory in MiB."""

    hostname: str
    cpus: int
    memory: int
    hypervisor_version: str
    libvirt_version: str
    features: frozenset[str] = frozenset()


@dc.dataclass(frozen=True)
class PoolShape:
    """A pool of files; ``shared`` says that other hosts have the same directory, which libvirt is not told.

    What has a ``source``, ``server:/path``, is mounted by libvirt at the path, by NFS.
    """

    id: str
    name: str
    path: str
    source: str = ""
    shared: bool = dc.field(default=False, compare=False)


@dc.dataclass(frozen=True)
class VolumeSeen:
    """A file of a pool; sizes in bytes. ``written`` says when it was last written to; empty where nothing is known."""

    name: str
    capacity: int
    allocation: int
    format: str
    backing: str | None = None
    written: str = ""


@dc.dataclass(frozen=True)
class PoolSeen:
    shape: PoolShape
    active: bool
    autostart: bool
    capacity: int = 0
    available: int = 0
    volumes: t.Mapping[str, VolumeSeen] = dc.field(default_factory=dict)


@dc.dataclass(frozen=True, order=True)
class Lease:
    """A fixed DHCP lease of a network."""

    mac: str
    ip: str
    hostname: str


# What an Ethernet of 1500 bytes leaves within VXLAN over IPv4 (RFC 7348).
VXLAN_MTU = 1450


@dc.dataclass(frozen=True)
class NetworkShape:
    """A network; ``mode`` is nat, route (no address translation), isolated or bridge (an existing one).

    ``user_data`` says that its guests may ask the host for their metadata. ``vni`` is the number of the VXLAN that
    connects the bridges of an isolated network on all hosts.
    """

    id: str
    name: str
    mode: str
    bridge: str
    domain: str | None = None
    gateway: str | None = None
    netmask: str | None = None
    forwarders: tuple[str, ...] = ()
    leases: frozenset[Lease] = frozenset()
    document: str = ""
    user_data: bool = False
    vni: int | None = None


@dc.dataclass(frozen=True)
class NetworkSeen:
    shape: NetworkShape
    active: bool
    autostart: bool
    owned: bool = True
    bridge_up: bool = True


@dc.dataclass(frozen=True)
class Disk:
    """A disk of a domain: ``volume`` of ``pool`` as ``target``; ``device`` is disk or cdrom.

    A drive without a CD has neither pool nor volume. A ``fixed`` disk is never written to, and several domains may
    have it. What is written to a ``direct`` one is seen by other hosts at once, and not kept in this one's memory.
    """

    target: str
    pool: str
    volume: str
    format: str = "qcow2"
    device: str = "disk"
    fixed: bool = False
    direct: bool = False


@dc.dataclass(frozen=True, order=True)
class Allow:
    """Traffic that a filter lets through, replies included; ``direction`` is ingress or egress.

    ``peer`` is a CIDR, an address, or two with a hyphen between. ``first`` and ``last`` are ports of who is
    called, or ICMP's type and code; -1 stands for all.
    """

    direction: str
    protocol: str
    peer: str
    first: int = -1
    last: int = -1


@dc.dataclass(frozen=True)
class FilterShape:
    """What passes the network cards that are under a filter.

    ``guard``: a guest sends from its own MAC and address only. ``limits`` are directions in which nothing
    passes but ``allows``; ``resolver`` is the name server that can be asked all the same. What a guest sends to
    the networks ``apart`` ends at its card.
    """

    id: str
    name: str
    guard: bool = False
    limits: frozenset[str] = frozenset()
    resolver: str | None = None
    allows: frozenset[Allow] = frozenset()
    apart: frozenset[str] = frozenset()


@dc.dataclass(frozen=True)
class FilterSeen:
    """A filter of ours; one that is like none that the cloud makes has no shape."""

    id: str
    name: str
    shape: FilterShape | None


@dc.dataclass(frozen=True)
class Card:
    """A network card of a domain; ``network`` and ``filter`` are names on the host.

    ``address`` is what the filter takes for the guest's own. A card is made with its ``mtu``, where the network has
    another than usual, and not compared by it.
    """

    mac: str
    network: str
    filter: str = ""
    address: str = ""
    mtu: int | None = dc.field(default=None, compare=False)


@dc.dataclass(frozen=True)
class DomainShape:
    """A virtual machine; memory in MiB. ``document`` is the resource that the object carries, as JSON.

    ``most_vcpus`` and ``most_memory`` are up to what it can be scaled while it runs, where that is more than it has.
    ``keys`` are fingerprints of the SSH keys, and ``password`` is the number of the password, that its guest was given.
    """

    id: str
    name: str
    title: str
    vcpus: int
    memory: int
    virt_type: str
    cpu_model: str | None
    disks: tuple[Disk, ...]
    cards: tuple[Card, ...]
    document: str = ""
    most_vcpus: int = 0
    most_memory: int = 0
    keys: tuple[str, ...] = ()
    password: int = 0


@dc.dataclass(frozen=True)
class Configuration:
    """Files by which a running router is configured, names to contents, and a digest of them all."""

    digest: str
    files: t.Mapping[str, str] = dc.field(repr=False, compare=False)

    @classmethod
    def of(cls, files: t.Mapping[str, str]) -> Configuration:
        text = json.dumps(files, sort_keys=True)
        return cls(hashlib.sha256(text.encode()).hexdigest()[:16], dict(files))


@dc.dataclass(frozen=True)
class DomainSeen:
    """A domain; ``shape`` is its definition, ``live`` what runs now. Foreign ones have no shape.

    A ``paused`` one is active, and its guest stands still. ``configured`` is the digest of the configuration that a
    running router was given since it was started.
    """

    id: str
    name: str
    owned: bool
    active: bool
    autostart: bool = False
    shape: DomainShape | None = None
    live: DomainShape | None = None
    paused: bool = False
    configured: str = ""


@dc.dataclass(frozen=True)
class HostSeen:
    """One observation of a host; pools, networks, domains and filters by id."""

    node: NodeFacts
    pools: t.Mapping[str, PoolSeen] = dc.field(default_factory=dict)
    networks: t.Mapping[str, NetworkSeen] = dc.field(default_factory=dict)
    domains: t.Mapping[str, DomainSeen] = dc.field(default_factory=dict)
    filters: t.Mapping[str, FilterSeen] = dc.field(default_factory=dict)


@dc.dataclass(frozen=True)
class VolumeWanted:
    """A volume file; ``capacity`` in bytes, None for its base's. ``owner`` is the resource it is for.

    A new one is a copy of the pool's file ``source``, where that is given.
    """

    owner: str
    pool: str
    name: str
    format: str = "qcow2"
    capacity: int | None = None
    base: str | None = None
    base_format: str = "qcow2"
    source: str | None = None


@dc.dataclass(frozen=True)
class Carried:
    """A file of another host's ``pool``, that is to be a file of the same name of the pool ``into``.

    ``base`` is the file there that it lies over, if any; ``capacity`` in bytes.
    """

    pool: str
    name: str
    into: str
    capacity: int
    base: str | None = None


@dc.dataclass(frozen=True)
class Journey:
    """A running machine on its way to ``host``, where its disks, by their volumes, are in pools of these names, and its
    ``cards`` under their filters.

    Both hosts have the same files in the pools that are ``shared``, by their names; volumes that are ``direct`` there
    are named.
    """

    domain: str
    host: str
    pools: t.Mapping[str, str]
    cards: tuple[Card, ...]
    shared: frozenset[str] = frozenset()
    direct: frozenset[str] = frozenset()


@dc.dataclass(frozen=True)
class Route:
    """How another host is reached by a machine that goes there: at ``address`` (None: as that host calls itself), by
    TLS unless it is ``plain``, with a certificate of that host that is made out to ``name`` (None: the address)."""

    address: str | None = None
    name: str | None = None
    plain: bool = False


@dc.dataclass(frozen=True)
class SnapshotWanted:
    """A copy of the file ``volume`` as it was at a moment; once ``taken`` it cannot be had again.

    The volume's file is None when the volume is gone.
    """

    owner: str
    pool: str
    name: str
    volume: str | None
    taken: bool = False


@dc.dataclass(frozen=True)
class Memory:
    """A file of a pool that holds a guest's memory; a guest goes on from it once, which is time ``number``.

    One that is ``promised`` would be there if an earlier task of a check run had been done.
    """

    pool: str
    name: str
    number: int = 0
    promised: bool = False


@dc.dataclass(frozen=True)
class InstanceSnapshotWanted:
    """Copies of all disks of the machine ``domain`` at one moment, and its memory then, where that is wanted.

    Once ``taken`` they cannot be had again.
    """

    owner: str
    domain: str
    disks: tuple[SnapshotWanted, ...]
    memory: Memory | None = None
    taken: bool = False

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """(pool, file) of all that it is made of."""
        return tuple((one.pool, one.name) for one in (*self.disks, *((self.memory,) if self.memory else ())))


@dc.dataclass(frozen=True)
class BaseWanted:
    """An image's copy on a pool, and the file on secondary storage that it is made from."""

    owner: str
    pool: str
    name: str
    format: str
    source: str


@dc.dataclass(frozen=True)
class SeedWanted:
    """A cloud-init seed: file names to contents (which may hold secrets: never shown)."""

    owner: str
    pool: str
    name: str
    files: t.Mapping[str, str] = dc.field(repr=False, default_factory=dict)


@dc.dataclass(frozen=True)
class RecordWanted:
    """What the host ``owner`` keeps of the cloud, as a file; other records of the host go when it is there.

    ``content`` is the whole file, once it is to be written: ``body`` and when that was.
    """

    owner: str
    pool: str
    name: str
    body: str = dc.field(repr=False)
    content: str = dc.field(default="", repr=False)


@dc.dataclass(frozen=True)
class Access:
    """Whom a guest lets in: ``user``, by each of the public ``keys`` and, where there is one, the ``password``."""

    user: str
    keys: tuple[str, ...] = ()
    password: str | None = dc.field(repr=False, default=None)


class Ran(t.NamedTuple):
    """What came of a command in a guest."""

    code: int
    out: bytes
    err: bytes


@dc.dataclass(frozen=True)
class Told:
    """What a guest was told so far: fingerprints of SSH keys, and the number of a password."""

    keys: tuple[str, ...] = ()
    password: int = 0


@dc.dataclass(frozen=True)
class DomainWanted:
    """A machine as it is to be. With ``memory``, its root volume is to be started from by going on from that.

    ``told`` is what the guest on its root volume was told when that was kept, where it is a copy of a snapshot.
    A router has a ``configuration``, to be given to it whenever it runs without.
    """

    shape: DomainShape
    power: str
    access: Access
    may_restart: bool = False
    reboot: bool = False
    memory: Memory | None = None
    told: Told | None = None
    configuration: Configuration | None = None


@dc.dataclass(frozen=True)
class HostWanted:
    """What is to be on a host.

    ``complete`` says that this is everything of ours on the host (a whole apply) rather than what one
    task concerns. ``gone_*`` are ids of what is to be removed; ``gone_owners`` are
    resources none of whose files stays, each with the pool, or "" for all pools. ``groups`` says with
    which instance a resource stands and falls. ``filter_owners`` are resources of whose filters all that are
    wanted are given. ``arrivals`` are instances that are on their way here, each with the host that it comes from.
    """

    id: str
    pools: tuple[PoolShape, ...] = ()
    networks: tuple[NetworkShape, ...] = ()
    bases: tuple[BaseWanted, ...] = ()
    volumes: tuple[VolumeWanted, ...] = ()
    snapshots: tuple[SnapshotWanted, ...] = ()
    instance_snapshots: tuple[InstanceSnapshotWanted, ...] = ()
    seeds: tuple[SeedWanted, ...] = ()
    domains: tuple[DomainWanted, ...] = ()
    record: RecordWanted | None = None
    gone_domains: tuple[str, ...] = ()
    gone_owners: frozenset[tuple[str, str]] = frozenset()
    gone_networks: tuple[str, ...] = ()
    gone_pools: tuple[str, ...] = ()
    gone_leases: tuple[tuple[str, Lease], ...] = ()
    groups: t.Mapping[str, str] = dc.field(default_factory=dict)
    filters: tuple[FilterShape, ...] = ()
    filter_owners: frozenset[str] = frozenset()
    arrivals: t.Mapping[str, str] = dc.field(default_factory=dict)
    complete: bool = False
