# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Zone: the largest unit, usually one data centre; its machines reach each other fast."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import ALLOCATION_STATE, DEDICATION, Kind, allocation_states

ZONE = Kind(
    name="zone",
    doc="zones, the largest unit of a cloud",
    # It has defaults by settings, and so has what is in it.
    after=("configuration",),
    states=allocation_states(),
    fields={
        "name": Field(format="name", required=True, doc="Name of the zone."),
        "network_type": Field(
            choices=("Basic", "Advanced"),
            default="Advanced",
            immutable=True,
            filterable=True,
            doc=(
                "V(Basic) has one shared network for all instances.",
                "V(Advanced) has as many networks of all types as are wanted.",
            ),
        ),
        "dns1": Field(format="ipv4", impact=Impact.LIVE, doc="Name server that guests' queries are forwarded to."),
        "dns2": Field(format="ipv4", impact=Impact.LIVE, doc="Second name server."),
        "network_domain": Field(
            format="domain_name",
            default="cairn.internal",
            setting="guest.domain.suffix",
            doc="DNS domain of networks that name none of their own.",
        ),
        **DEDICATION,
        "allocation_state": ALLOCATION_STATE,
    },
)
