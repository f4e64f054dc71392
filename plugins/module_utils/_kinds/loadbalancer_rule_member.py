# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Load balancer rule member: an instance that a load balancer rule leads to."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

LOADBALANCER_RULE_MEMBER = Kind(
    name="loadbalancer_rule_member",
    doc="members of load balancer rules, instances that they lead to",
    identity="vm",
    scope=("name",),
    owned=True,
    abandonable=True,
    named_after=("vms",),
    each="vms",
    notes=(
        "Instances that are not named stay as they are, members or not.",
        "A member that is taken out gets no new connections; those that are open go on.",
    ),
    fields={
        "name": Field(
            ref="loadbalancer_rule", only_one=True, immutable=True, filterable=True, doc="Rule that leads to them."
        ),
        "ip_address": Field(
            ref="ip_address",
            immutable=True,
            filterable=True,
            aliases=("public_ip",),
            doc="Public address of the rule, where several have a rule of that name.",
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the rule is in."),
        "vms": Field(
            type="list",
            elements="str",
            ref="instance",
            immutable=True,
            filterable=True,
            doc="Instances to add or take.",
        ),
        "vm": Field(format="name", doc="Name of a single instance, instead of O(vms)."),
        "network": Field(ref="network", param=False, filterable=True, doc="Network of the address."),
    },
)
