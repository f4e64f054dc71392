# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An isolated network on the sample's foundation, as documents: its router, and all sorts of rules for that."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import document as doc
from support.sample import foundation

SOURCE, SPARE = "192.0.2.10", "192.0.2.11"
# Public keys of clients.
LAPTOP, PHONE = (f"{name:a<42}A=" for name in ("laptop", "phone"))


def spanning(hosts: int = 2) -> list[Document]:
    """What isolated networks need, and one of them that can be on all hosts, on which nothing is yet."""
    cabling = doc("physical_network", "vx", isolation_method="VXLAN")
    inside = doc("network", "inside", network_offering="isolated", physical_network="vx")
    return [*ground(hosts)[:-1], cabling, inside]


def ground(hosts: int = 1) -> list[Document]:
    """What isolated networks need, and one of them, on which nothing is yet."""
    return [
        *foundation(hosts),
        doc("template", "router", url="file:///images/setup.iso", format="RAW", is_routing=True),
        doc("network_offering", "public", traffic_type="PUBLIC"),
        doc("network_offering", "isolated", guest_ip_type="Isolated"),
        doc("network", "outside", network_offering="public", cidr="192.0.2.0/24", start_ip=SOURCE, end_ip="192.0.2.20"),
        doc("network", "inside", network_offering="isolated"),
    ]


def routed(hosts: int = 1, source: str = SOURCE, spare: str = SPARE) -> list[Document]:
    """The same with instances and all sorts of rules about these addresses."""
    return [
        *ground(hosts),
        doc("instance", "web", networks=["inside"]),
        doc("instance", "db", networks=["inside"]),
        doc("instance", "app", networks=["inside"]),
        doc("ip_address", spare, network="inside"),
        doc("portforward", ip_address=source, public_port=80, private_port=8080, vm="web"),
        doc("firewall", ip_address=source, port=80),
        doc("firewall", type="egress", network="inside", port=25),
        doc("static_nat", ip_address=spare, vm="db"),
        doc("firewall", ip_address=spare, protocol="icmp", icmp_type=8),
        doc("loadbalancer_rule", "https", ip_address=source, public_port=443, private_port=8443, open_firewall=True),
        doc("loadbalancer_rule_member", name="https", vms=["app"]),
        doc("remote_access_vpn", ip_address=source),
        doc("vpn_user", "laptop", vpn=source, public_key=LAPTOP),
    ]
