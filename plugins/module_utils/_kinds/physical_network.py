# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Physical network: cabling of a zone that carries one or more types of traffic."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ALLOCATION_STATE, Kind, allocation_states

PHYSICAL_NETWORK = Kind(
    name="physical_network",
    doc="physical networks, the cabling of a zone",
    scope=("zone",),
    taggable=True,
    states=allocation_states(),
    fields={
        "name": Field(format="name", required=True, doc="Name of the physical network."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that it is in."),
        "isolation_method": Field(
            choices=("VXLAN",),
            immutable=True,
            doc=(
                "How L2 and isolated networks on it are kept apart between hosts.",
                "With V(VXLAN) each has a segment of its own that connects its instances on all hosts.",
                "Hosts that role P(cairn.cloud.node#role) prepared find each other by multicast, in one network.",
                "By default L2 networks share the bridge of the guest traffic, or have one on each host, and an "
                "isolated network is on the host of its router alone.",
            ),
        ),
        "allocation_state": ALLOCATION_STATE,
    },
)
