# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Pod: a part of a zone, usually one rack, whose hosts share a management subnet."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ALLOCATION_STATE, DEDICATION, Kind, allocation_states

POD = Kind(
    name="pod",
    doc="pods, the racks of a zone",
    scope=("zone",),
    states=allocation_states(),
    fields={
        "name": Field(format="name", required=True, doc="Name of the pod."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the pod is in."),
        "gateway": Field(format="ipv4", doc="Gateway of the management subnet."),
        "netmask": Field(format="netmask", doc="Netmask of the management subnet."),
        "start_ip": Field(format="ipv4", doc="First address of the management subnet that the cloud may use."),
        "end_ip": Field(format="ipv4", doc="Last address of the management subnet that the cloud may use."),
        **DEDICATION,
        "allocation_state": ALLOCATION_STATE,
    },
)
