# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""IP address: a public address of an isolated network."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

IP_ADDRESS = Kind(
    name="ip_address",
    doc="public IP addresses of isolated networks",
    identity="ip_address",
    scope=("zone",),
    owned=True,
    abandonable=True,
    taggable=True,
    plural="ip_addresses",
    after=("vlan_ip_range",),
    notes=(
        "The address that instances have outside comes with the network's router and goes with the network.",
        "All addresses of a network are of one public network.",
        "Nothing from outside passes before a rule of M(cairn.cloud.firewall) lets it.",
    ),
    fields={
        "ip_address": Field(
            format="ipv4", required=True, immutable=True, doc="Address that a public network of the zone hands out."
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that it is in."),
        "network": Field(
            ref="network", immutable=True, filterable=True, doc="Isolated network that it is for; a new one needs it."
        ),
        "is_source_nat": Field(
            type="bool", default=False, param=False, filterable=True, doc="Whether instances have it outside."
        ),
        "public_network": Field(ref="network", param=False, doc="Network that hands it out."),
    },
)
