# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of what leads from a public address to an instance: port forwards and static NAT."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..session import Session
from .base import Rules

_LAST_PORT = 65535
# A router has an entry for each port that leads to another one.
_MOST_SHIFTED = 1024
# Kinds that have ports of a public address.
_WITH_PORTS = ("loadbalancer_rule", "portforward", "remote_access_vpn")


class _Led(Rules):
    """What of both is alike."""

    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        address = session.one(spec["ip_address"])
        if not spec.get("vm"):
            raise document.error("vm", "it is missing; name the instance that the address leads to")
        check_inside(session, document, "vm", spec["vm"], address)
        return spec | {"network": address.spec["network"]}

    def machine(self, resource: Resource) -> str:
        return str(resource.spec["vm"])

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {"vm_guest_ip": next((nic.ip for nic in nics if nic.network == resource.spec["network"]), None)}


class PortforwardRules(_Led):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        spec = _ports(document, super().complete(session, document, spec, before))
        check_ports(session, document, spec, before)
        return spec


class StaticNatRules(_Led):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        spec = super().complete(session, document, spec, before)
        address = session.one(spec["ip_address"])
        if address.spec.get("is_source_nat"):
            raise document.error(
                "ip_address", f"all instances of its network have {address.name} outside; name another"
            )
        for other in session.tx.referrers(address.id):
            if before is not None and other.id == before.id:
                continue
            if other.kind in (*_WITH_PORTS, "static_nat"):
                raise document.error("ip_address", f"{other.label} leads from it already; remove that first")
        for other in session.tx.select("static_nat"):
            alike = all(other.spec[name] == spec[name] for name in ("vm", "network"))
            if alike and (before is None or other.id != before.id):
                raise document.error("vm", f"{other.label} stands for it already; an instance has one")
        return spec


def check_inside(session: Session, document: Document, field: str, ident: str, address: Resource) -> None:
    """Raises SpecError about ``field`` where an instance is not in the network that a public address is of."""
    instance, network = session.one(ident), session.one(address.spec["network"])
    if all(nic.network != network.id for nic in session.tx.nics([instance.id])):
        raise document.error(field, f"{instance.label} is not in {network.label}, which {address.name} is of")


def check_ports(session: Session, document: Document, spec: t.Mapping[str, t.Any], before: Resource | None) -> None:
    """Raises SpecError where something else on its public address has a port of ``spec``."""
    for other in session.tx.referrers(spec["ip_address"]):
        if before is not None and other.id == before.id:
            continue
        if other.kind == "static_nat":
            raise document.error("ip_address", f"{other.label} has all of its ports; remove that first")
        if other.kind in _WITH_PORTS and _meet(other.spec, spec):
            field = "listen_port" if "listen_port" in spec else "public_port"
            raise document.error(field, f"{other.label} has it already; give other ports")


def _ports(document: Document, spec: dict[str, t.Any]) -> dict[str, t.Any]:
    """With the ends of both ranges, which are as long as each other."""
    if not spec.get("public_port"):
        raise document.error("public_port", "it is missing; give the first port that is called")
    first, private = spec["public_port"], spec.get("private_port") or spec["public_port"]
    said = document.spec
    last = said.get("public_end_port") or spec.get("public_end_port") or first
    if last < first:
        raise document.error("public_end_port", f"{last} is less than public_port, {first}; give the higher one")
    end = private + last - first
    if end > _LAST_PORT:
        problem = f"as many ports as are called would end at {end}, and there are {_LAST_PORT}; give a lower one"
        raise document.error("private_port", problem)
    if said.get("private_end_port", end) != end:
        raise document.error("private_end_port", f"as many ports as are called would end at {end}; leave it out")
    if private != first and last - first >= _MOST_SHIFTED:
        problem = (
            f"{last - first + 1} ports cannot lead to other ones, at most {_MOST_SHIFTED}; give fewer, or the same"
        )
        raise document.error("public_end_port", problem)
    return spec | {"public_end_port": last, "private_port": private, "private_end_port": end}


def _meet(one: t.Mapping[str, t.Any], other: t.Mapping[str, t.Any]) -> bool:
    (protocol, first, last), (theirs, start, end) = _range(one), _range(other)
    return protocol == theirs and first <= end and start <= last


def _range(spec: t.Mapping[str, t.Any]) -> tuple[str, int, int]:
    """Protocol, first and last port."""
    if "listen_port" in spec:
        return "udp", spec["listen_port"], spec["listen_port"]
    return spec["protocol"], spec["public_port"], spec.get("public_end_port") or spec["public_port"]
