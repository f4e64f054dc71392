# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The view of hosts: zones, pods, clusters and hosts, how full they are, and what is on them."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from .model import NOTHING, Diagram, Found, Leaf, Meter, Part, counted, facts, of_limit, parts_of_limit, troubled
from .within import One, Within

KINDS = ("zone", "pod", "cluster", "host", "primary_storage", "router", "instance")


def hosts(found: Found, limit: int) -> Diagram:
    """Of what the info modules of KINDS return, and ``capacity`` of that of this name."""
    full = {place["id"]: place for place in found["capacity"]}
    parts = tuple(_Zone(Within(found, zone["name"]), full, zone, limit).part() for zone in found["zone"])
    counts = [counted(len(found[kind]), kind) for kind in ("zone", "cluster", "host", "instance")]
    return Diagram("Hosts of the cloud", f"{', '.join(counts[:-1])} and {counts[-1]}.", parts or NOTHING)


@dc.dataclass(frozen=True)
class _Zone:
    within: Within
    full: t.Mapping[str, One]
    zone: One
    limit: int

    def part(self) -> Part:
        lost = self._machines(None)
        nowhere = Part("on no host", leaves=of_limit(lost, self.limit))
        pods = [self._pod(one) for one in self.within.of("pod")]
        storages = [self._storage(one) for one in self._storages()]
        inside = (
            *parts_of_limit(pods, self.limit, "pods"),
            *parts_of_limit(storages, self.limit, "primary storages"),
            *((nowhere,) if lost else ()),
        )
        return self._place("zone", self.zone, inside=inside)

    def _pod(self, pod: One) -> Part:
        clusters = [self._cluster(one) for one in self.within.of("cluster", pod=pod["name"])]
        return self._place("pod", pod, inside=parts_of_limit(clusters, self.limit, "clusters"))

    def _cluster(self, cluster: One) -> Part:
        inside = [self._host(one) for one in self.within.of("host", cluster=cluster["name"])]
        storages = [self._storage(one) for one in self._storages(cluster["name"])]
        parts = (
            *parts_of_limit(inside, self.limit, "hosts"),
            *parts_of_limit(storages, self.limit, "primary storages"),
        )
        return self._place("cluster", cluster, inside=parts)

    def _host(self, host: One) -> Part:
        leaves = self._machines(host["name"])
        own = [self._meter(one, "storage", one["name"]) for one in self.within.of("primary_storage", host=host["name"])]
        meters = (
            self._meter(host, "cpu", "CPU"),
            self._meter(host, "memory", "memory"),
            self._meter(host, "storage", "storage"),
            *own,
        )
        return self._place("host", host, meters=meters, leaves=of_limit(leaves, self.limit))

    def _place(self, sort: str, one: One, *, meters: tuple[Meter | None, ...] = (), **more: t.Any) -> Part:
        state = one["state"]
        known = tuple(meter for meter in meters if meter)
        return Part(sort, one["name"], facts(troubled(state)), state, known, **more)

    def _storages(self, cluster: str | None = None) -> list[One]:
        """Those of a cluster, or else of the whole zone."""
        return self.within.of("primary_storage", cluster=cluster, host=None)

    def _storage(self, storage: One) -> Part:
        told = facts(storage.get("storage_url"))
        part = self._place("primary storage", storage, meters=(self._meter(storage, "storage", "storage"),))
        return dc.replace(part, facts=told + part.facts)

    def _machines(self, host: str | None) -> list[Leaf]:
        routers = [_machine(one, "router") for one in self.within.of("router", host=host)]
        return [
            *(_machine(one, one.get("service_offering")) for one in self.within.of("instance", host=host)),
            *routers,
        ]

    def _meter(self, one: One, name: str, label: str) -> Meter | None:
        known = self.full.get(one["id"], {})
        if name not in known:
            return None
        used, total, unit = known[name]["used"], known[name]["total"], {"storage": "GiB"}.get(name, "")
        if name == "memory":
            used, total, unit = round(used / 1024, 1), round(total / 1024, 1), "GiB"
        return Meter(label, used, total, unit)


def _machine(one: One, sort: str | None) -> Leaf:
    return Leaf(one["name"], facts(sort, one.get("default_ip"), troubled(one["state"])), one["state"])
