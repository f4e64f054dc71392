# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The view of networks: the world, public networks, routers and their addresses, networks, and who is on them."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from .model import NOTHING, Diagram, Found, Leaf, Part, counted, facts, of_limit, parts_of_limit, troubled
from .within import One, Within

KINDS = ("zone", "network_offering", "network", "router", "ip_address", "static_nat", "instance")


def networks(found: Found, limit: int, *, only: str | None = None) -> Diagram:
    """Of what the info modules of KINDS return. ``only`` is the id of the one network to be shown."""
    sorts = {one["name"]: one for one in found["network_offering"]}
    parts = tuple(_Zone(Within(found, zone["name"]), sorts, zone, limit, only).part() for zone in found["zone"])
    return Diagram("Networks of the cloud", _summary(found, only), parts or NOTHING)


def _summary(found: Found, only: str | None) -> str:
    for one in found["network"]:
        if one["id"] == only:
            return f"Network {one['name']} of zone {one['zone']}."
    counts = [counted(len(found[kind]), kind) for kind in ("zone", "network", "router", "instance")]
    return f"{', '.join(counts[:-1])} and {counts[-1]}."


@dc.dataclass(frozen=True)
class _Zone:
    within: Within
    sorts: t.Mapping[str, One]
    zone: One
    limit: int
    only: str | None

    def part(self) -> Part:
        """Public networks and what is behind their routers hang below the world, with the shared ones that reach it."""
        public, outside, apart = self._sorted()
        world = (Part("the world", below=(*public, *outside)),) if public or outside else ()
        state = self.zone["state"]
        return Part(
            "zone",
            self.zone["name"],
            facts(self.zone.get("network_type"), troubled(state)),
            state,
            inside=(*world, *apart, *self._unplugged()),
        )

    def _sorted(self) -> list[tuple[Part, ...]]:
        """Public networks, others that reach the world without a router of ours, and those that do not."""
        found: tuple[list[Part], list[Part], list[Part]] = ([], [], [])
        public, outside, apart = found
        for network in self.within.of("network"):
            if network["traffic_type"] == "PUBLIC":
                public += [self._public(network)] if self._is_shown(network) else []
            elif self._is_meant(network) and not self._router_with_outside(network):
                (outside if self._reaches_world(network) else apart).append(self._network_or_router(network))
        return [parts_of_limit(some, self.limit, "networks") for some in found]

    def _is_meant(self, network: One) -> bool:
        return self.only in (None, network["id"])

    def _is_shown(self, public: One) -> bool:
        """A public network is also there for the sake of the network that is meant."""
        return self._is_meant(public) or any(
            self._is_meant(network) and self._router_with_outside(network, public["name"])
            for network in self.within.of("network")
        )

    def _router_with_outside(self, network: One, public: str | None = None) -> bool:
        routers = self.within.of("router", network=network["name"])
        return any(one.get("public_network") and public in (None, one["public_network"]) for one in routers)

    def _offering(self, network: One) -> One:
        return self.sorts.get(network["network_offering"], {})

    def _reaches_world(self, network: One) -> bool:
        offering = self._offering(network)
        return offering.get("guest_ip_type") != "L2" and bool(offering.get("source_nat"))

    def _public(self, network: One) -> Part:
        routers = [
            one for one in self.within.of("router", public_network=network["name"]) if self._serves_meant(one, network)
        ]
        below = parts_of_limit([self._router(one) for one in routers], self.limit, "routers")
        ends = (network.get("start_ip"), network.get("end_ip"))
        handed = f"hands out {ends[0]} to {ends[1]}" if all(ends) else None
        return Part("public network", network["name"], facts(network.get("cidr"), handed), below=below)

    def _serves_meant(self, router: One, public: One) -> bool:
        if self._is_meant(public):
            return True
        return any(self._is_meant(one) for one in self.within.of("network", name=router["network"]))

    def _router(self, router: One) -> Part:
        addresses = self.within.of("ip_address", network=router["network"])
        addresses.sort(key=lambda one: (not one.get("is_source_nat"), _number(one["ip_address"])))
        told = [self._address(one) for one in addresses]
        if len(told) > self.limit:
            told[self.limit :] = [f"and {len(told) - self.limit} more addresses"]
        served = [self._network(one) for one in self.within.of("network", name=router["network"])]
        state = router["state"]
        return Part("router", router["name"], facts(*told, _on(router), troubled(state)), state, below=tuple(served))

    def _address(self, one: One) -> str:
        stands = next(
            (nat["vm"] for nat in self.within.of("static_nat", ip_address=one["ip_address"]) if nat.get("vm")), None
        )
        use = "source NAT" if one.get("is_source_nat") else f"for {stands}" if stands else None
        return f"{one['ip_address']} ({use})" if use else str(one["ip_address"])

    def _network_or_router(self, network: One) -> Part:
        """A router that has no outside stands before its network nevertheless."""
        routers = self.within.of("router", network=network["name"])
        return self._router(routers[0]) if routers else self._network(network)

    def _network(self, network: One) -> Part:
        sort = self._offering(network).get("guest_ip_type")
        number = f"VNI {network['vlan']}" if network.get("vlan") else None
        cabling = f"on {network['physical_network']}" if network.get("physical_network") else None
        plugged = self.within.on(network["name"])
        leaves = [_instance(one, _address_in(one, network), _on(one)) for one in plugged]
        told = facts(sort, network.get("cidr"), number, cabling, None if leaves else "no instances")
        return Part("network", network["name"], told, leaves=of_limit(leaves, self.limit))

    def _unplugged(self) -> tuple[Part, ...]:
        leaves = [_instance(one, _on(one)) for one in self.within.of("instance") if not one["nic"]]
        if not leaves or self.only:
            return ()
        return (Part("on no network", leaves=of_limit(leaves, self.limit)),)


def _instance(one: One, *told: str | None) -> Leaf:
    return Leaf(one["name"], facts(*told, troubled(one["state"])), one["state"])


def _address_in(instance: One, network: One) -> str | None:
    return next((nic["ip_address"] for nic in instance["nic"] if nic["network"] == network["name"]), None)


def _on(machine: One) -> str | None:
    return f"on {machine['host']}" if machine.get("host") else None


def _number(address: str) -> tuple[int, ...]:
    return tuple(int(part) for part in address.split(".") if part.isdecimal())
