# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of security groups, and of the rules that are in them."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..session import Session
from .base import Rules

_ANYWHERE = "0.0.0.0/0"
_PORTS = ("tcp", "udp", "sctp")


class SecurityGroupRules(Rules):
    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        return resource.with_status(hosts=[])

    def removed(self, session: Session, resource: Resource) -> None:
        """Its rules go with it."""
        for rule in session.tx.referrers(resource.id):
            if rule.kind == "security_group_rule" and rule.spec["security_group"] == resource.id:
                session.tx.mark_removing(rule.id)

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {}


class SecurityGroupRuleRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        return numbers(document, _other_side(document, spec))


def _other_side(document: Document, spec: dict[str, t.Any]) -> dict[str, t.Any]:
    """Either networks or a group; what a document names takes the place of the other."""
    if document.spec.get("cidr") and document.spec.get("user_security_group"):
        raise document.error("cidr", "user_security_group says otherwise; give one of them")
    group, networks = spec.get("user_security_group"), spec.get("cidr")
    if document.spec.get("user_security_group") or (group and not document.spec.get("cidr")):
        networks = None
    else:
        group, networks = None, sorted(set(networks or [_ANYWHERE]))
    return spec | {"user_security_group": group, "cidr": networks}


def numbers(document: Document, spec: dict[str, t.Any]) -> dict[str, t.Any]:
    """Ports and types go with the protocols that have them; a change of the protocol leaves the others' behind."""
    protocol = spec["protocol"]
    fields = {"start_port": _PORTS, "end_port": _PORTS, "icmp_type": ("icmp",), "icmp_code": ("icmp",)}
    for name, protocols in fields.items():
        if protocol not in protocols:
            if document.spec.get(name) is not None:
                raise document.error(name, f"{protocol} has none; leave it out")
            spec = spec | {name: None}
    if protocol == "icmp":
        return _icmp(document, spec)
    if spec.get("end_port") is None or (document.spec.get("end_port") is None and "start_port" in document.spec):
        spec = spec | {"end_port": spec.get("start_port")}
    if spec.get("start_port") is None and document.spec.get("end_port") is not None:
        raise document.error("start_port", "it is missing; end_port makes sense only with it")
    if spec.get("start_port") is not None and spec["end_port"] < spec["start_port"]:
        problem = f"{spec['end_port']} is less than start_port, {spec['start_port']}; give the lower one first"
        raise document.error("end_port", problem)
    return spec


def _icmp(document: Document, spec: dict[str, t.Any]) -> dict[str, t.Any]:
    numbers = {name: -1 if spec.get(name) is None else spec[name] for name in ("icmp_type", "icmp_code")}
    if numbers["icmp_type"] < 0 <= numbers["icmp_code"]:
        raise document.error("icmp_code", "it makes sense only with icmp_type; give that too, or leave it out")
    return spec | numbers
