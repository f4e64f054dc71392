# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of a router's firewall."""

from __future__ import annotations

import ipaddress
import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..session import Session
from .base import Rules
from .ip_address import check_outside
from .security_group import numbers

_ANYWHERE = "0.0.0.0/0"


class FirewallRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        ingress = spec["type"] == "ingress"
        needed = "ip_address" if ingress else "network"
        if not spec.get(needed):
            raise document.error(needed, f"it is missing; a rule of type {spec['type']} needs it")
        if not ingress and spec.get("ip_address"):
            raise document.error("ip_address", "a rule of type egress has none; leave it out")
        if ingress and spec["protocol"] == "all":
            raise document.error("protocol", "all is for rules of type egress; name tcp, udp or icmp")
        network = session.one(session.one(spec["ip_address"]).spec["network"] if ingress else spec["network"])
        check_outside(session, document, network)
        if spec.get("network", network.id) != network.id:
            raise document.error("network", f"its address is of {network.label}; leave it out")
        spec = spec | {"network": network.id, "cidrs": sorted(set(spec.get("cidrs") or [_ANYWHERE]))}
        for cidr in spec["cidrs"]:
            if ipaddress.ip_network(cidr).version != 4:
                raise document.error("cidrs", f"{cidr} is not IPv4, and nothing else passes; leave it out")
        return numbers(document, spec)

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {}
