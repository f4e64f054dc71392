# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The part of the desired state that a convergence works on, and the drafts that it is written into."""

from __future__ import annotations

import dataclasses as dc
import functools
import typing as t

from .overtaken import Members, members
from .resource import Nic, Resource
from .world import (
    BaseWanted,
    DomainWanted,
    FilterShape,
    HostWanted,
    InstanceSnapshotWanted,
    Lease,
    NetworkShape,
    PoolShape,
    RecordWanted,
    SeedWanted,
    SnapshotWanted,
    VolumeWanted,
)

# Kinds that say what the router of an isolated network is to do, by their field network.
ROUTED = (
    "firewall",
    "ip_address",
    "loadbalancer_rule",
    "loadbalancer_rule_member",
    "portforward",
    "remote_access_vpn",
    "static_nat",
    "vpn_user",
)
# Those that lead from a public address to an instance.
LED = ("loadbalancer_rule_member", "portforward", "static_nat")

# What goes with a resource of a kind, though that is not its parent: kind, and the field that refers to it.
ALONG = {
    "loadbalancer_rule": ("loadbalancer_rule_member", "name"),
    "remote_access_vpn": ("vpn_user", "vpn"),
    "security_group": ("security_group_rule", "security_group"),
}


def led_to(one: Resource) -> str:
    """The id of the instance that one of ``LED`` leads to."""
    return str(one.spec["vms"][0] if one.kind == "loadbalancer_rule_member" else one.spec["vm"])


@dc.dataclass(frozen=True)
class Extraction:
    """That a resource's content is to be the file ``dest`` of the management machine; ``found`` is the SHA-256 of the
    file that is there, if any."""

    dest: str
    found: str | None


@dc.dataclass(frozen=True)
class Desired:
    """Resources by id (with all that they refer to), network cards, and what this run is about.

    ``focus`` are the ids that are to be converged. ``complete`` says that these are all there are.
    ``restart`` are instances that may be stopped for a change, ``reboot`` those that must be. ``settled`` are
    security groups all of whose instances are among the resources. ``record`` says what a host is to keep of the
    cloud, by its id. ``extractions`` are what is asked for as files, by the resource's id. ``forced`` are ids of what
    waits for no host that does not answer.
    """

    resources: t.Mapping[str, Resource]
    nics: t.Mapping[str, tuple[Nic, ...]]
    focus: frozenset[str]
    complete: bool = False
    restart: frozenset[str] = frozenset()
    reboot: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    record: t.Callable[[str], RecordWanted | None] = lambda host: None
    extractions: t.Mapping[str, Extraction] = dc.field(default_factory=dict)
    forced: frozenset[str] = frozenset()

    def of(self, kind: str) -> list[Resource]:
        return self._by_kind.get(kind, [])

    def url_of(self, ident: str) -> str:
        """Where the host of this id is reached."""
        return str(self.resources[ident].spec["url"])

    @functools.cached_property
    def _by_kind(self) -> dict[str, list[Resource]]:
        kinds: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            kinds.setdefault(resource.kind, []).append(resource)
        return kinds

    @functools.cached_property
    def disks(self) -> dict[str, list[Resource]]:
        """Volumes by the instance that they are attached to, in the order of their devices."""
        found: dict[str, list[Resource]] = {}
        for volume in self.of("volume"):
            if volume.spec.get("vm") and not volume.removing:
                found.setdefault(volume.spec["vm"], []).append(volume)
        for volumes in found.values():
            volumes.sort(key=lambda v: v.spec.get("device_id") or 0)
        return found

    @functools.cached_property
    def copies(self) -> dict[str, list[Resource]]:
        """Volume snapshots by the instance snapshot that they belong to, in the order of their names."""
        found: dict[str, list[Resource]] = {}
        for snapshot in sorted(self.of("volume_snapshot"), key=lambda one: one.name):
            if snapshot.parent is not None:
                found.setdefault(snapshot.parent, []).append(snapshot)
        return found

    @functools.cached_property
    def cards(self) -> dict[str, list[tuple[Resource, Nic]]]:
        """Network cards by their network, each with its instance."""
        found: dict[str, list[tuple[Resource, Nic]]] = {}
        for instance in self.of("instance"):
            for nic in self.nics.get(instance.id, ()):
                found.setdefault(nic.network, []).append((instance, nic))
        return found

    @functools.cached_property
    def routed(self) -> dict[str, list[Resource]]:
        """By isolated network, its public addresses and the rules of its router."""
        found: dict[str, list[Resource]] = {}
        for kind in ROUTED:
            for one in self.of(kind):
                if one.spec.get("network"):
                    found.setdefault(one.spec["network"], []).append(one)
        return found

    @functools.cached_property
    def members(self) -> dict[str, list[Resource]]:
        """Instances by security group."""
        found: dict[str, list[Resource]] = {}
        for instance in self.of("instance"):
            for group in instance.spec.get("security_groups") or () if not instance.removing else ():
                found.setdefault(group, []).append(instance)
        return found

    @functools.cached_property
    def belongings(self) -> Members:
        """What is wanted of each instance and its volumes."""
        return members(self.resources.values())

    @functools.cached_property
    def rules(self) -> dict[str, list[Resource]]:
        """Rules by security group."""
        found: dict[str, list[Resource]] = {}
        for rule in self.of("security_group_rule"):
            if not rule.removing:
                found.setdefault(rule.spec["security_group"], []).append(rule)
        return found

    def ref(self, resource: Resource, field: str) -> Resource | None:
        """What a reference field of a resource names, if anything."""
        ident = resource.spec.get(field)
        return self.resources.get(ident) if ident else None


@dc.dataclass
class Draft:
    """What is to be on one host, while it is being gathered; things may be asked for more than once."""

    pools: dict[str, PoolShape] = dc.field(default_factory=dict)
    networks: dict[str, NetworkShape] = dc.field(default_factory=dict)
    leases: dict[str, set[Lease]] = dc.field(default_factory=dict)
    bases: dict[tuple[str, str], BaseWanted] = dc.field(default_factory=dict)
    volumes: dict[str, VolumeWanted] = dc.field(default_factory=dict)
    snapshots: dict[str, SnapshotWanted] = dc.field(default_factory=dict)
    instance_snapshots: dict[str, InstanceSnapshotWanted] = dc.field(default_factory=dict)
    seeds: dict[str, SeedWanted] = dc.field(default_factory=dict)
    domains: dict[str, DomainWanted] = dc.field(default_factory=dict)
    record: RecordWanted | None = None
    gone_domains: set[str] = dc.field(default_factory=set)
    gone_owners: set[tuple[str, str]] = dc.field(default_factory=set)
    gone_networks: set[str] = dc.field(default_factory=set)
    gone_pools: set[str] = dc.field(default_factory=set)
    gone_leases: set[tuple[str, Lease]] = dc.field(default_factory=set)
    groups: dict[str, str] = dc.field(default_factory=dict)
    filters: dict[str, FilterShape] = dc.field(default_factory=dict)
    filter_owners: set[str] = dc.field(default_factory=set)
    arrivals: dict[str, str] = dc.field(default_factory=dict)

    def finish(self, host: str, complete: bool) -> HostWanted:
        return HostWanted(
            id=host,
            pools=tuple(self.pools.values()),
            networks=tuple(
                dc.replace(shape, leases=frozenset(self.leases.get(ident, ())))
                for ident, shape in self.networks.items()
            ),
            bases=tuple(self.bases.values()),
            volumes=tuple(self.volumes.values()),
            snapshots=tuple(self.snapshots.values()),
            instance_snapshots=tuple(self.instance_snapshots.values()),
            seeds=tuple(self.seeds.values()),
            domains=tuple(self.domains.values()),
            record=self.record,
            gone_domains=tuple(sorted(self.gone_domains)),
            gone_owners=frozenset(self.gone_owners),
            gone_networks=tuple(sorted(self.gone_networks)),
            gone_pools=tuple(sorted(self.gone_pools)),
            gone_leases=tuple(sorted(self.gone_leases)),
            groups=dict(self.groups),
            filters=tuple(self.filters.values()),
            filter_owners=frozenset(self.filter_owners),
            arrivals=dict(self.arrivals),
            complete=complete,
        )


class Drafts(dict[str, Draft]):
    """A draft for each host by its id, made when it is first asked for."""

    def __missing__(self, host: str) -> Draft:
        draft = self[host] = Draft()
        return draft
