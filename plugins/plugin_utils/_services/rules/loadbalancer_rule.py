# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of load balancers: which port they have, and which instances they lead to."""

from __future__ import annotations

import dataclasses as dc
import ipaddress
import typing as t

from ....module_utils._kinds.loadbalancer_rule import LOADBALANCER_RULE
from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..session import NotFound, Session, owner_of, scope_key
from .base import Rules
from .portforward import check_inside, check_ports


class LoadbalancerRuleRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if not spec.get("public_port"):
            raise document.error("public_port", "it is missing; give the port that is called")
        if ipaddress.ip_network(spec["cidr"]).version != 4:
            raise document.error("cidr", f"{spec['cidr']} is not IPv4, and nothing else passes; name such a network")
        check_ports(session, document, spec, before)
        private = spec.get("private_port") or spec["public_port"]
        return spec | {"network": session.one(spec["ip_address"]).spec["network"], "private_port": private}

    def removed(self, session: Session, resource: Resource) -> None:
        """Its members go with it."""
        for member in session.tx.referrers(resource.id):
            session.tx.mark_removing(member.id)

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {}


class LoadbalancerRuleMemberRules(Rules):
    def meant(self, session: Session, document: Document) -> Document:
        """With its instance, and with the rule of the address where that is named."""
        if document.id:
            return document
        spec, fields, zone = dict(document.spec), document.kind.fields, None
        if spec.get("zone"):
            zone = session.resolve(document, "zone", fields["zone"], spec["zone"], None).id
        named = spec.get("vms") or [spec["vm"]]
        instance = session.resolve(document, "vms", fields["vms"], named[0], zone)
        spec |= {"vms": [instance.id], "vm": instance.name}
        if spec.get("name") and spec.get("ip_address"):
            spec["name"] = self._rule(session, document, zone).id
        return dc.replace(document, name=instance.name, spec=spec)

    @staticmethod
    def _rule(session: Session, document: Document, zone: str | None) -> Resource:
        fields, (name, address) = document.kind.fields, (document.spec["name"], document.spec["ip_address"])
        public = session.resolve(document, "ip_address", fields["ip_address"], address, zone)
        owner = owner_of(document)
        found = session.tx.find(
            LOADBALANCER_RULE.name, scope_key(LOADBALANCER_RULE, {"ip_address": public.id}, owner), name
        )
        found = found or session.resolve(document, "name", fields["name"], name, zone)
        if found.spec["ip_address"] != public.id:
            problem = f"{found.label} is of another address; mend one of them, or leave ip_address out"
            raise NotFound(str(document.error("ip_address", problem)))
        return found

    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        rule = session.one(spec["name"])
        address = session.one(rule.spec["ip_address"])
        check_inside(session, document, "vms", spec["vms"][0], address)
        return spec | {"network": address.spec["network"], "ip_address": address.id}

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {}
