# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of networks and of the ranges of addresses that they hand out."""

from __future__ import annotations

import itertools
import typing as t

from ....module_utils._schema.errors import Conflict
from ....module_utils._schema.validation import Document
from ..._core.address import Subnet, addresses, check_range, overlaps, subnet
from ..._core.resource import Resource
from ..session import Session
from . import ip_address as public_address
from .base import Rules
from .isolated import is_isolated

# What an isolated network has for its instances, unless it is told otherwise.
_ISOLATED_CIDR = "10.1.1.0/24"
_ADDRESSED = ("cidr", "gateway", "netmask", "start_ip", "end_ip")
# Below are numbers that VLANs have too, and that people therefore choose themselves.
_FIRST_VNI = 4096


def subnet_of(network: Resource) -> Subnet:
    return subnet(network.spec.get("cidr"), network.spec.get("gateway"), network.spec.get("netmask"))


def own_addresses(network: Resource) -> list[str]:
    """What a network hands out by itself: of its range, or of its whole subnet until it is given a VLAN IP range."""
    if not network.spec.get("cidr") or not (network.spec.get("start_ip") or network.status.get("whole_subnet")):
        return []
    return addresses(subnet_of(network), network.spec.get("start_ip"), network.spec.get("end_ip"))


def range_addresses(range_: Resource, network: Resource) -> list[str]:
    return addresses(subnet_of(network), range_.spec["start_ip"], range_.spec["end_ip"])


class NetworkRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is not None:
            return spec
        sort = session.one(spec["network_offering"]).spec
        isolated = sort["guest_ip_type"] == "Isolated"
        self._fits(document, spec, sort, session.one(spec["zone"]))
        spec["traffic_type"] = sort.get("traffic_type") or "GUEST"
        if sort["guest_ip_type"] == "L2":
            return self._numbered(session, document, spec)
        if isolated and not any(spec.get(name) for name in _ADDRESSED):
            spec["cidr"] = _ISOLATED_CIDR
        if spec.get("end_ip") and not spec.get("start_ip"):
            raise document.error("start_ip", "it is missing; end_ip makes sense only with it")
        try:
            net = subnet(spec.get("cidr"), spec.get("gateway"), spec.get("netmask"))
            if spec.get("start_ip"):
                check_range(net, spec["start_ip"], spec.get("end_ip") or spec["start_ip"])
        except ValueError as error:
            raise document.error("start_ip" if spec.get("start_ip") else "cidr", str(error)) from None
        self._unlike_others(session, document, spec, net, isolated)
        spec |= {"cidr": net.cidr, "gateway": net.gateway, "netmask": net.netmask}
        return self._numbered(session, document, spec) if isolated else spec

    def _numbered(self, session: Session, document: Document, spec: dict[str, t.Any]) -> dict[str, t.Any]:
        """With the identifier of its VXLAN, its own within the zone, if its physical network is isolated so."""
        cabling = session.one(spec["physical_network"]) if spec.get("physical_network") else None
        if cabling is None or cabling.spec.get("isolation_method") != "VXLAN":
            if spec.get("vlan"):
                raise document.error("vlan", "its physical network is not isolated by VXLAN; name one that is")
            return spec
        others = {
            other.spec["vlan"]: other
            for other in session.tx.select("network")
            if other.spec["zone"] == spec["zone"] and other.spec.get("vlan")
        }
        if spec.get("vlan") in others:
            raise document.error("vlan", f"{others[spec['vlan']].label} has {spec['vlan']} already; use another one")
        free = next(number for number in itertools.count(_FIRST_VNI) if number not in others)
        return spec | {"vlan": spec.get("vlan") or free}

    @staticmethod
    def _fits(document: Document, spec: t.Mapping[str, t.Any], sort: t.Mapping[str, t.Any], zone: Resource) -> None:
        """Raises SpecError where the sort of network has no use for a field, or the zone none for the sort."""
        if sort["guest_ip_type"] == "L2":
            for name in _ADDRESSED:
                if spec.get(name):
                    raise document.error(name, "an L2 network has no addresses; leave it out")
        if sort["guest_ip_type"] != "Shared" and zone.spec["network_type"] == "Basic":
            raise document.error("network_offering", f"{zone.label} is a basic one, which has only shared networks")
        if sort["guest_ip_type"] == "Shared" and spec.get("vlan"):
            problem = "only L2 and isolated networks on a physical network isolated by VXLAN have one; leave it out"
            raise document.error("vlan", problem)
        outside = sort["guest_ip_type"] == "Isolated" and sort["source_nat"]
        if not outside and spec.get("source_nat_ip_address"):
            raise document.error(
                "source_nat_ip_address", "only an isolated network with source_nat has one; leave it out"
            )

    def _unlike_others(
        self, session: Session, document: Document, spec: dict[str, t.Any], net: Subnet, isolated: bool
    ) -> None:
        """Hosts have an address in each shared network, so that no two of a zone may overlap. An isolated one is known
        to its router only, which is in a public network, too: what it overlaps besides is of no concern."""
        public = spec["traffic_type"] == "PUBLIC"
        for other in session.tx.select("network"):
            theirs = is_isolated(session, other)
            if (isolated and other.spec.get("traffic_type") != "PUBLIC") or (theirs and not public):
                continue
            if other.spec["zone"] == spec["zone"] and other.spec.get("cidr") and overlaps(other.spec["cidr"], net.cidr):
                raise document.error(
                    "cidr", f"{net.cidr} overlaps {other.label} ({other.spec['cidr']}); use another one"
                )

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        spec = resource.spec
        if not spec.get("cidr"):
            return resource.with_status(hosts=[])
        resource = resource.with_status(hosts=[], whole_subnet=not spec.get("start_ip"))
        session.tx.add_addresses(resource.id, resource.id, own_addresses(resource))
        if spec.get("source_nat_ip_address"):
            public_address.associate(session, document, resource)
        return resource

    def state(self, resource: Resource) -> str:
        return "Implemented" if resource.status.get("hosts") else "Allocated"

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Any) -> dict[str, t.Any]:
        return {}


class VlanIpRangeRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        network = session.one(spec["network"])
        if not network.spec.get("cidr"):
            raise document.error("network", f"{network.label} has no addresses; name a shared network")
        end = spec.get("end_ip") or spec["start_ip"]
        try:
            check_range(subnet_of(network), spec["start_ip"], end)
        except ValueError as error:
            raise document.error("start_ip", str(error)) from None
        return spec | {"end_ip": end}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        network = session.one(resource.spec["network"])
        if network.status.get("whole_subnet"):
            # Until it has a range of its own, a network hands out its whole subnet.
            if session.tx.drop_addresses(network.id):
                raise document.error(
                    "network", f"{network.label} hands out all of its subnet already, and some is taken"
                )
            session.tx.update(network.with_status(whole_subnet=False))
        try:
            session.tx.add_addresses(network.id, resource.id, range_addresses(resource, network))
        except Conflict:
            raise document.error(
                "start_ip", f"the range overlaps another one of {network.label}; use other ones"
            ) from None
        return resource

    def removed(self, session: Session, resource: Resource) -> None:
        taken = set(session.tx.drop_addresses(resource.id))
        for nic in session.tx.nics(network=resource.spec["network"]) if taken else ():
            instance = session.one(nic.instance)
            if nic.ip in taken and not instance.removing:
                raise Conflict(f"{resource.label}: its address {nic.ip} is used by {instance.label}; remove that first")
