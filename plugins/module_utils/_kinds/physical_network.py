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
        "allocation_state": ALLOCATION_STATE,
    },
)
