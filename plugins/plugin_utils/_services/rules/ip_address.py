# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of public addresses of isolated networks.

An address is held by a network card of its own, which no machine has: so it is free when it is gone from its router.
"""

from __future__ import annotations

import operator
import typing as t

from ....module_utils._kinds.ip_address import IP_ADDRESS
from ....module_utils._schema.validation import Document
from ..._core.lifecycle import initial
from ..._core.resource import Nic, Resource
from ..session import Session
from .base import Rules

# By kind, the field that asks for an address.
_ASKING = {"ip_address": "ip_address", "network": "source_nat_ip_address", "vpn_user": "ip_address"}


class IpAddressRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is not None:
            return spec
        if not spec.get("network"):
            raise document.error("network", "it is missing; name the isolated network that the address is for")
        network = session.one(spec["network"])
        check_outside(session, document, network)
        return spec | {"public_network": public_network(session, document, network, spec["ip_address"]).id}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        network = resource.spec["public_network"]
        session.tx.add_nic(resource.id, network, 0, take(session, document, network, resource.name))
        return resource

    def state(self, resource: Resource) -> str:
        return "Allocated"

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {}


def check_outside(session: Session, document: Document, network: Resource) -> None:
    """Raises SpecError where the network has no router, or one without an outside."""
    offering = session.one(network.spec["network_offering"])
    if offering.spec["guest_ip_type"] != "Isolated":
        raise document.error("network", f"{network.label} has no router; name an isolated network")
    if not offering.spec["source_nat"]:
        raise document.error(
            "network", f"{network.label} has no outside, as {offering.label} says; name one with source_nat"
        )


def public_network(session: Session, document: Document, network: Resource, address: str | None = None) -> Resource:
    """The public network of an isolated one: that of its addresses, or else one that hands out ``address`` or has free
    ones. Raises SpecError where there is none."""
    having = session.tx.referrers(network.id)
    bound = next((one.spec["public_network"] for one in having if one.kind == "ip_address"), None)
    if bound:
        outside = session.one(bound)
        if address and not session.tx.has_address(outside.id, address):
            problem = (
                f"{outside.label}, of which {network.label} has its others, does not hand out {address}; choose one"
            )
            raise document.error(_field(document), problem)
        return outside
    zone = network.spec["zone"]
    found = [one for one in session.tx.select("network") if one.spec["zone"] == zone]
    found = [one for one in found if one.spec.get("traffic_type") == "PUBLIC"]
    if not found:
        problem = "the zone has no public network; make one whose network offering has traffic_type PUBLIC"
        raise document.error({"instance": "networks", "ip_address": "network"}.get(document.kind.name), problem)
    if address:
        handing = [one for one in found if session.tx.has_address(one.id, address)]
        if not handing:
            problem = f"{address} is no address that a public network of the zone hands out; choose one of those"
            raise document.error(_field(document), problem)
        return handing[0]
    free = [one for one in found if operator.gt(*session.tx.addresses(one.id))]
    return (free or found)[0]


def associate(session: Session, document: Document, network: Resource) -> Resource:
    """Give a network the public address that its instances have outside: that which it names, or a free one."""
    wanted = network.spec.get("source_nat_ip_address")
    outside = public_network(session, document, network, wanted)
    address = session.tx.take_address(outside.id) if wanted is None else take(session, document, outside.id, wanted)
    if address is None:
        total, _taken = session.tx.addresses(outside.id)
        raise document.error("networks", f"all {total} addresses of {outside.label} are taken; add a VLAN IP range")
    spec = initial(IP_ADDRESS) | {
        "ip_address": address,
        "zone": network.spec["zone"],
        "network": network.id,
        "public_network": outside.id,
        "is_source_nat": True,
    }
    resource = session.new(IP_ADDRESS, spec, network.owner, parent=network.id)
    session.tx.insert(resource)
    session.tx.add_nic(resource.id, outside.id, 0, address)
    return resource


def source_of(session: Session, network: Resource) -> Resource | None:
    """The public address that instances of the network have outside, if it has one by now."""
    having = session.tx.select("ip_address", parent=network.id)
    return next((one for one in having if one.spec["is_source_nat"]), None)


def _field(document: Document) -> str:
    """The field that asked for an address."""
    return _ASKING.get(document.kind.name, "networks")


def take(session: Session, document: Document, network: str, address: str) -> str:
    """Take an address that was asked for. Raises SpecError where others have it."""
    if session.tx.take_address(network, address) is None:
        holder = next((nic.instance for nic in session.tx.nics(network=network) if nic.ip == address), None)
        who = session.one(holder) if holder else None
        if who is not None and who.removing:
            problem = f"{address} is taken by {who.label} until that is gone; apply again then"
        else:
            problem = f"{address} is taken{f' by {who.label}' if who else ''}; choose another one"
        raise document.error(_field(document), problem)
    return address
