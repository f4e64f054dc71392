# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Traffic type: a use of a physical network, and the bridge by which hosts reach it."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

TRAFFIC_TYPE = Kind(
    name="traffic_type",
    doc="traffic types, the uses of a physical network",
    identity="traffic_type",
    scope=("physical_network",),
    fields={
        "traffic_type": Field(
            choices=("Management", "Guest", "Public", "Storage"),
            required=True,
            filterable=True,
            doc="Type of the traffic.",
        ),
        "physical_network": Field(
            ref="physical_network", only_one=True, immutable=True, filterable=True, doc="Physical network that has it."
        ),
        "kvm_networklabel": Field(
            format="bridge",
            doc=(
                "Bridge on the hosts that carries this traffic.",
                "An L2 network on the physical network plugs its instances into the bridge of its guest traffic.",
            ),
        ),
    },
)
