# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""VLAN IP range: addresses that a network hands out."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

VLAN_IP_RANGE = Kind(
    name="vlan_ip_range",
    doc="VLAN IP ranges, the addresses that a network hands out",
    identity="start_ip",
    scope=("network",),
    notes=("A range must lie within its network and must not overlap another one; a range in use is not removed.",),
    fields={
        "start_ip": Field(format="ipv4", required=True, immutable=True, doc="First address of the range."),
        "end_ip": Field(format="ipv4", immutable=True, doc="Last address of the range, the first one by default."),
        "network": Field(
            ref="network", only_one=True, immutable=True, filterable=True, doc="Network that the addresses belong to."
        ),
    },
)
