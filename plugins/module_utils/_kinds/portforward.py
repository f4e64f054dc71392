# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Port forward: ports of a public address that lead to an instance."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

PORTFORWARD = Kind(
    name="portforward",
    doc="port forwarding rules, from a public address to an instance",
    scope=("ip_address",),
    owned=True,
    abandonable=True,
    taggable=True,
    named_after=("protocol", "public_port"),
    notes=(
        "A change holds for connections that begin from then on; those that are open go on.",
        "Without O(open_firewall) a rule of M(cairn.cloud.firewall) has to let the port in.",
    ),
    fields={
        "name": Field(
            format="name", doc="Name of the rule for its address, made of protocol and public port by default."
        ),
        "ip_address": Field(
            ref="ip_address", only_one=True, immutable=True, filterable=True, doc="Public address that is called."
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the address is in."),
        "protocol": Field(choices=("tcp", "udp"), default="tcp", immutable=True, filterable=True, doc="Protocol."),
        "public_port": Field(
            type="int", minimum=1, maximum=65535, immutable=True, doc="First port of the address; a new rule needs it."
        ),
        "public_end_port": Field(
            type="int", minimum=1, maximum=65535, impact=Impact.LIVE, doc="Last one, O(public_port) by default."
        ),
        "private_port": Field(
            type="int",
            minimum=1,
            maximum=65535,
            impact=Impact.LIVE,
            doc=(
                "First port of the instance, O(public_port) by default.",
                "A rule that leads to other ports than are called has 1024 of them at most.",
            ),
        ),
        "private_end_port": Field(
            type="int",
            minimum=1,
            maximum=65535,
            impact=Impact.LIVE,
            doc="Last one; it follows from the others and may be said too.",
        ),
        "vm": Field(ref="instance", impact=Impact.LIVE, filterable=True, doc="Instance; a new rule needs it."),
        "open_firewall": Field(
            type="bool",
            default=False,
            impact=Impact.LIVE,
            doc="Whether the public ports are let in from everywhere, without a rule of M(cairn.cloud.firewall).",
        ),
        "network": Field(ref="network", param=False, filterable=True, doc="Network of the address."),
        "vm_guest_ip": Field(computed=True, doc="Address of the instance in that network."),
    },
)
