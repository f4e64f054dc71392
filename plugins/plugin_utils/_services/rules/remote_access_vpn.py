# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of remote access VPNs and their users: keys, and the addresses of clients.

An address is held as public ones are, by a network card that no machine has: so it is free when its user is let in no
more.
"""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.address import addresses, overlaps, subnet
from ..._core.resource import Nic, Resource
from ..._core.router.model import OWN_PORTS
from ..session import Session
from .base import Rules
from .ip_address import take
from .portforward import check_ports


class RemoteAccessVpnRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        address = session.one(spec["ip_address"])
        network = session.one(address.spec["network"])
        if spec["listen_port"] in OWN_PORTS:
            problem = f"the router answers UDP port {spec['listen_port']} itself; give another one"
            raise document.error("listen_port", problem)
        check_ports(session, document, spec, before)
        if before is None:
            for other in session.tx.referrers(network.id):
                if other.kind == document.kind.name and other.id not in session.leaving:
                    raise document.error("ip_address", f"{other.label} is that of {network.label}; a network has one")
            for other in (network, session.one(address.spec["public_network"])):
                if overlaps(other.spec["cidr"], spec["client_cidr"]):
                    problem = f"{spec['client_cidr']} overlaps {other.label} ({other.spec['cidr']}); use another one"
                    raise document.error("client_cidr", problem)
        return spec | {"network": network.id}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        session.tx.add_addresses(resource.id, resource.id, client_addresses(resource))
        private, public = session.keys.exchange()
        return resource.with_spec(private_key=private).with_status(public_key=public)

    def removed(self, session: Session, resource: Resource) -> None:
        """Its users go with it."""
        for user in session.tx.referrers(resource.id):
            session.tx.mark_removing(user.id)

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return _told(resource, resource.spec["ip_address"], resource, names) | resource.status


class VpnUserRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        vpn = session.one(spec["vpn"])
        if not spec.get("public_key"):
            raise document.error("public_key", "it is missing; give what wg pubkey prints for the client's private key")
        if spec["public_key"] == vpn.status["public_key"]:
            raise document.error("public_key", f"it is that of {vpn.label} itself; give the client's")
        for other in session.tx.referrers(vpn.id):
            alike = other.spec["public_key"] == spec["public_key"] and other.id not in session.leaving
            if alike and (before is None or other.id != before.id):
                raise document.error("public_key", f"{other.label} has it already; each client has one of its own")
        wanted, within = spec.get("ip_address"), vpn.spec["client_cidr"]
        if before is None and wanted and not session.tx.has_address(vpn.id, wanted):
            problem = f"{wanted} is no address that a client of {vpn.label} can have; choose one of {within}, of which"
            raise document.error("ip_address", f"{problem} the first is the router's")
        return spec | {"network": vpn.spec["network"], "public_ip": vpn.spec["ip_address"]}

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        vpn, wanted = resource.spec["vpn"], resource.spec.get("ip_address")
        address = take(session, document, vpn, wanted) if wanted else session.tx.take_address(vpn)
        if address is None:
            total, _taken = session.tx.addresses(vpn)
            label = session.one(vpn).label
            raise document.error("ip_address", f"all {total} addresses of {label} are taken; remove a user of it")
        session.tx.add_nic(resource.id, vpn, 0, address)
        return resource.with_spec(ip_address=address)

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        vpn = names[resource.spec["vpn"]]
        told = _told(vpn, resource.spec["public_ip"], resource, names)
        return told | {"server_public_key": vpn.status["public_key"]}


def client_addresses(vpn: Resource) -> list[str]:
    """What clients are given: all but the first, which is the router's."""
    return addresses(subnet(vpn.spec["client_cidr"], None, None))


def _told(vpn: Resource, address: str, resource: Resource, names: t.Mapping[str, Resource]) -> dict[str, t.Any]:
    """What a client has to know of the VPN, besides its key."""
    return {
        "endpoint": f"{names[address].name}:{vpn.spec['listen_port']}",
        "allowed_networks": [names[resource.spec["network"]].spec["cidr"]],
    }
