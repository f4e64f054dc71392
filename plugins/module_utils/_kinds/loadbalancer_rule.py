# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Load balancer rule: a port of a public address that leads to several instances."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

LOADBALANCER_RULE = Kind(
    name="loadbalancer_rule",
    doc="load balancer rules, from a public address to several instances",
    scope=("ip_address",),
    owned=True,
    abandonable=True,
    taggable=True,
    notes=(
        "M(cairn.cloud.loadbalancer_rule_member) says which instances it leads to. They go with the rule.",
        "An instance whose port does not answer is called no more until it answers again.",
        "Instances see the router's address as the one that calls.",
        "A change holds for connections that begin from then on; those that are open go on.",
        "Without O(open_firewall) a rule of M(cairn.cloud.firewall) has to let the port in.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the rule for its address."),
        "ip_address": Field(
            ref="ip_address",
            only_one=True,
            immutable=True,
            filterable=True,
            aliases=("public_ip",),
            doc="Public address that is called.",
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the address is in."),
        "description": Field(format="line", impact=Impact.NONE, doc="Description for people."),
        "protocol": Field(choices=("tcp",), default="tcp", immutable=True, filterable=True, doc="Protocol."),
        "public_port": Field(
            type="int", minimum=1, maximum=65535, immutable=True, doc="Port of the address; a new rule needs it."
        ),
        "private_port": Field(
            type="int",
            minimum=1,
            maximum=65535,
            impact=Impact.LIVE,
            doc="Port of the instances, O(public_port) by default.",
        ),
        "algorithm": Field(
            choices=("source", "roundrobin", "leastconn"),
            default="source",
            impact=Impact.LIVE,
            filterable=True,
            doc=(
                "Which instance a connection leads to.",
                "V(source) is the same one for each address that calls, V(roundrobin) each one in turn, "
                "V(leastconn) the one with the fewest connections.",
            ),
        ),
        "open_firewall": Field(
            type="bool",
            default=False,
            impact=Impact.LIVE,
            doc="Whether O(cidr) is let in to the port, without a rule of M(cairn.cloud.firewall).",
        ),
        "cidr": Field(
            format="any_cidr",
            default="0.0.0.0/0",
            impact=Impact.LIVE,
            doc="IPv4 network that O(open_firewall) lets in.",
        ),
        "interval_time": Field(
            type="int",
            minimum=1,
            maximum=3600,
            unit="s",
            default=2,
            impact=Impact.LIVE,
            doc="Time from one look at an instance to the next; it has that long to answer, and 5 s at most.",
        ),
        "unhealthy_threshold": Field(
            type="int",
            minimum=1,
            maximum=100,
            default=3,
            impact=Impact.LIVE,
            doc="How often in a row it does not answer until it is called no more.",
        ),
        "healthy_threshold": Field(
            type="int",
            minimum=1,
            maximum=100,
            default=2,
            impact=Impact.LIVE,
            doc="How often in a row it answers until it is called again.",
        ),
        "network": Field(ref="network", param=False, filterable=True, doc="Network of the address."),
    },
)
