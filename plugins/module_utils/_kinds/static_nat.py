# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Static NAT: a public address that stands for an instance."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

STATIC_NAT = Kind(
    name="static_nat",
    doc="static NAT, public addresses that stand for an instance",
    scope=("ip_address",),
    owned=True,
    abandonable=True,
    named_after=("ip_address",),
    synonyms=("staticnat",),
    notes=(
        "The instance has the address outside, too. What calls it must be let in by M(cairn.cloud.firewall).",
        "The address that a network's other instances have outside cannot stand for one of them.",
    ),
    fields={
        "name": Field(format="name", doc="Name of the rule, its address by default; an address has one."),
        "ip_address": Field(
            ref="ip_address", only_one=True, immutable=True, filterable=True, doc="Public address that is called."
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the address is in."),
        "vm": Field(ref="instance", impact=Impact.LIVE, filterable=True, doc="Instance; a new rule needs it."),
        "network": Field(ref="network", param=False, filterable=True, doc="Network of the address."),
        "vm_guest_ip": Field(computed=True, doc="Address of the instance in that network."),
    },
)
