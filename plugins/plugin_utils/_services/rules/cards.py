# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Network cards of instances and the addresses that they take."""

from __future__ import annotations

import itertools
import typing as t

from ....module_utils._schema.errors import SpecError
from ....module_utils._schema.validation import Document
from ..._core.address import overlaps
from ..._core.desired import LED
from ..._core.resource import Nic, Resource
from ..session import Session


def fixed_addresses(spec: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Addresses that the user chose, by network."""
    fixed = {item["network"]: item["ip"] for item in spec.get("ip_to_networks") or []}
    if spec.get("ip_address") and spec.get("networks"):
        fixed[spec["networks"][0]] = spec["ip_address"]
    return fixed


def check(session: Session, document: Document, spec: t.Mapping[str, t.Any]) -> None:
    """Raises SpecError when networks and chosen addresses do not go together."""
    networks = spec.get("networks") or []
    for ident in networks:
        network = session.one(ident)
        if network.spec["zone"] != spec["zone"]:
            raise document.error(
                "networks", f"{network.label} is in another zone; name networks of the instance's zone"
            )
        if network.spec.get("traffic_type") == "PUBLIC":
            raise document.error(
                "networks", f"{network.label} is a public one, which takes no instances; name another network"
            )
    _apart(document, [session.one(ident) for ident in networks])
    if spec.get("ip_address") and not networks:
        raise document.error("ip_address", "the instance has no network; name one")
    for item in spec.get("ip_to_networks") or []:
        if item["network"] not in networks:
            raise document.error("ip_to_networks", f"{session.one(item['network']).label} is not among its networks")
    for ident in fixed_addresses(spec):
        if not session.one(ident).spec.get("cidr"):
            raise document.error("ip_address", f"{session.one(ident).label} has no addresses; leave it out")


def _apart(document: Document, networks: t.Sequence[Resource]) -> None:
    """An instance tells its networks by their subnets; isolated ones may have those of others."""
    known = [network for network in networks if network.spec.get("cidr")]
    for one, other in itertools.combinations(known, 2):
        if overlaps(one.spec["cidr"], other.spec["cidr"]):
            problem = f"{one.label} and {other.label} have the same addresses ({other.spec['cidr']}); leave one out"
            raise document.error("networks", problem)


def give(session: Session, document: Document, instance: Resource) -> None:
    """A card in each network of a new instance."""
    fixed = fixed_addresses(instance.spec)
    for position, ident in enumerate(instance.spec.get("networks") or []):
        _add(session, document, instance, session.one(ident), position, fixed.get(ident))


def change(session: Session, document: Document, instance: Resource) -> None:
    """Cards as the instance's spec now has them; those that fit are kept with their MAC and address."""
    fixed = fixed_addresses(instance.spec)
    networks = instance.spec.get("networks") or []
    _check_led(session, document, instance, networks)
    kept = {}
    for nic in session.tx.nics([instance.id]):
        wanted = fixed.get(nic.network, nic.ip)
        if nic.network in networks and networks.index(nic.network) == nic.position and wanted == nic.ip:
            kept[nic.network] = nic
        else:
            session.tx.drop_nic(nic)
    for position, ident in enumerate(networks):
        if ident not in kept:
            _add(session, document, instance, session.one(ident), position, fixed.get(ident))


def _check_led(session: Session, document: Document, instance: Resource, networks: t.Container[str]) -> None:
    """What leads to an instance from outside leads to its card in that network: it stays there."""
    for user in session.tx.referrers(instance.id):
        if user.kind in LED and user.spec["network"] not in networks and user.id not in session.leaving:
            where = session.one(user.spec["network"]).label
            raise document.error("networks", f"{user.label} leads to it in {where}; remove that first")


def _add(
    session: Session, document: Document, instance: Resource, network: Resource, position: int, wanted: str | None
) -> Nic:
    ip = None
    if network.spec.get("cidr"):
        ip = session.tx.take_address(network.id, wanted)
        if ip is None:
            raise _no_address(session, document, network, wanted)
    return session.tx.add_nic(instance.id, network.id, position, ip)


def _no_address(session: Session, document: Document, network: Resource, wanted: str | None) -> SpecError:
    if wanted is None:
        total, _taken = session.tx.addresses(network.id)
        going = any(session.one(nic.instance).removing for nic in session.tx.nics(network=network.id))
        remedy = "apply again when what is being removed is gone, or " if going else ""
        return document.error(
            "networks", f"all {total} addresses of {network.label} are taken; {remedy}add a VLAN IP range"
        )
    if not session.tx.has_address(network.id, wanted):
        return document.error(
            "ip_address", f"{wanted} is not an address that {network.label} hands out; choose one of it"
        )
    holder = next((nic.instance for nic in session.tx.nics(network=network.id) if nic.ip == wanted), None)
    who = session.one(holder).label if holder else "another instance"
    if holder and session.one(holder).removing:
        return document.error("ip_address", f"{wanted} is taken by {who} until that is gone; apply again then")
    return document.error("ip_address", f"{wanted} is taken by {who}; choose another one")
