# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Firewall rule: what a router lets in to a public address, or out of an isolated network."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

FIREWALL = Kind(
    name="firewall",
    doc="firewall rules of isolated networks",
    scope=("zone",),
    owned=True,
    abandonable=True,
    taggable=True,
    # The address that instances have outside comes with the first of them.
    after=("instance",),
    named_after=(
        *("type", "ip_address", "network", "protocol", "start_port", "end_port", "icmp_type", "icmp_code", "cidrs"),
    ),
    notes=(
        "Nothing comes in from outside that no ingress rule lets in.",
        "An egress rule is an exception of what the network offering says by default.",
        "A change holds for connections that begin from then on; those that are open go on.",
    ),
    fields={
        "name": Field(
            format="name",
            doc=(
                "Name of the rule within its zone.",
                "Without one it is made of what the rule says, so that another content is another rule.",
            ),
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that it is in."),
        "type": Field(
            choices=("ingress", "egress"),
            default="ingress",
            immutable=True,
            filterable=True,
            doc="Whether traffic from outside or to it is meant.",
        ),
        "ip_address": Field(
            ref="ip_address", immutable=True, filterable=True, doc="Public address of an ingress rule, which needs it."
        ),
        "network": Field(
            ref="network", immutable=True, filterable=True, doc="Isolated network of an egress rule, which needs it."
        ),
        "protocol": Field(
            choices=("tcp", "udp", "icmp", "all"),
            default="tcp",
            impact=Impact.LIVE,
            filterable=True,
            doc="Protocol; V(all) is for egress rules.",
        ),
        "start_port": Field(
            type="int",
            minimum=1,
            maximum=65535,
            aliases=("port",),
            impact=Impact.LIVE,
            doc="First port of V(tcp) or V(udp), all ports by default.",
        ),
        "end_port": Field(
            type="int", minimum=1, maximum=65535, impact=Impact.LIVE, doc="Last port, O(start_port) by default."
        ),
        "icmp_type": Field(
            type="int", minimum=-1, maximum=255, impact=Impact.LIVE, doc="Type of V(icmp), all (V(-1)) by default."
        ),
        "icmp_code": Field(
            type="int", minimum=-1, maximum=255, impact=Impact.LIVE, doc="Code of V(icmp), all (V(-1)) by default."
        ),
        "cidrs": Field(
            type="list",
            elements="str",
            format="any_cidr",
            aliases=("cidr",),
            impact=Impact.LIVE,
            doc=(
                "IPv4 networks that call: outside for an ingress rule, of instances for an egress rule.",
                "All of them by default.",
            ),
        ),
    },
)
