# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which networks have a router, and which of them are on its host alone."""

from __future__ import annotations

from ..._core.resource import Resource
from ..session import Session


def is_isolated(session: Session, network: Resource) -> bool:
    return bool(session.one(network.spec["network_offering"]).spec["guest_ip_type"] == "Isolated")


def is_on_one_host(session: Session, network: Resource) -> bool:
    """Whether the network is where its router is and nowhere else: it is isolated, and no VXLAN joins its hosts."""
    return is_isolated(session, network) and not network.spec.get("vlan")


def router_of(session: Session, network: Resource) -> Resource | None:
    """The router that serves the network, if it has one by now."""
    return next((one for one in session.tx.select(parent=network.id) if one.kind == "router"), None)
