# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Security group rule: traffic that the instances of a group let in or out."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

SECURITY_GROUP_RULE = Kind(
    name="security_group_rule",
    doc="security group rules, the traffic that a group lets pass",
    scope=("security_group",),
    named_after=("type", "protocol", "start_port", "end_port", "icmp_type", "icmp_code", "cidr", "user_security_group"),
    notes=(
        "Instances in a group let in what a rule of one of their groups allows, and nothing else.",
        "They send what they like, until one of their groups has an egress rule; then what such rules allow.",
        "Replies of what is allowed always pass, and so do DHCP, and questions for names and for metadata.",
    ),
    fields={
        "name": Field(
            format="name",
            doc=(
                "Name of the rule within its group.",
                "Without one it is made of what the rule says, so that another content is another rule.",
            ),
        ),
        "security_group": Field(
            ref="security_group", only_one=True, immutable=True, filterable=True, doc="Group that the rule is of."
        ),
        "type": Field(
            choices=("ingress", "egress"),
            default="ingress",
            immutable=True,
            filterable=True,
            doc="Whether traffic to the instances or from them is meant.",
        ),
        "protocol": Field(
            choices=("tcp", "udp", "icmp", "sctp", "esp", "ah", "all"),
            default="tcp",
            impact=Impact.LIVE,
            filterable=True,
            doc="Protocol; V(icmp) is ICMPv6 with IPv6 addresses.",
        ),
        "start_port": Field(
            type="int",
            minimum=0,
            maximum=65535,
            aliases=("port",),
            impact=Impact.LIVE,
            doc="First port of V(tcp), V(udp) or V(sctp), all ports by default.",
        ),
        "end_port": Field(
            type="int", minimum=0, maximum=65535, impact=Impact.LIVE, doc="Last port, O(start_port) by default."
        ),
        "icmp_type": Field(
            type="int", minimum=-1, maximum=255, impact=Impact.LIVE, doc="Type of V(icmp), all (V(-1)) by default."
        ),
        "icmp_code": Field(
            type="int", minimum=-1, maximum=255, impact=Impact.LIVE, doc="Code of V(icmp), all (V(-1)) by default."
        ),
        "cidr": Field(
            type="list",
            elements="str",
            format="any_cidr",
            aliases=("cidrs", "cidr_list"),
            impact=Impact.LIVE,
            doc=(
                "IPv4 and IPv6 networks on the other side, V(0.0.0.0/0) by default.",
                "IPv6 ones matter on L2 networks, since shared ones carry IPv4 alone.",
            ),
        ),
        "user_security_group": Field(
            ref="security_group",
            impact=Impact.LIVE,
            filterable=True,
            doc="Group whose instances are on the other side, by the addresses that they have, instead of O(cidr).",
        ),
    },
)
