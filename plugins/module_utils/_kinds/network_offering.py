# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Network offering: what a network of its sort does for its instances."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

NETWORK_OFFERING = Kind(
    name="network_offering",
    doc="network offerings, the sorts of networks",
    fields={
        "name": Field(format="name", required=True, doc="Name of the network offering."),
        "display_text": Field(format="line", doc="Description for people."),
        "guest_ip_type": Field(
            choices=("Shared", "L2", "Isolated"),
            default="Shared",
            immutable=True,
            filterable=True,
            doc=(
                "V(Shared) networks have addresses, DHCP with fixed leases, and DNS.",
                "V(L2) networks are a bridge and nothing else.",
                "V(Isolated) networks have a virtual router of their own, which has all that shared ones have, and "
                "public addresses.",
            ),
        ),
        "traffic_type": Field(
            choices=("GUEST", "PUBLIC"),
            default="GUEST",
            immutable=True,
            filterable=True,
            doc=(
                "V(PUBLIC) shared networks hand out the public addresses of isolated ones, and take no instances.",
                "They use the bridge of their physical network's public traffic; without one each host has its own.",
            ),
        ),
        "egress_default_policy": Field(
            choices=("allow", "deny"),
            default="allow",
            immutable=True,
            doc="Whether instances of an isolated network reach all of the outside, but for what rules of "
            "M(cairn.cloud.firewall) forbid, or nothing but for what rules allow.",
        ),
        "service_offering": Field(
            ref="service_offering",
            immutable=True,
            filterable=True,
            doc="Size of the virtual routers of isolated networks, one CPU and 128 MiB by default.",
        ),
        "source_nat": Field(
            type="bool",
            default=True,
            immutable=True,
            doc=(
                "Whether instances of a shared network reach the outside, by network address translation on the host.",
                "Those of an isolated network do so by their router.",
                "With a public network on a host's own bridge it is about what routers send to the world; where the "
                "host's filters see its bridges, nothing that others call gets to instances then.",
            ),
        ),
        "forged_transmits": Field(
            type="bool",
            default=False,
            impact=Impact.LIVE,
            doc=(
                "Whether instances of a shared network may send from MAC, IP and ARP addresses that are not theirs.",
                "Routers and addresses that move between instances need it. L2 networks do not look at addresses.",
            ),
        ),
        "user_data": Field(
            type="bool",
            default=True,
            immutable=True,
            doc=(
                "Whether instances of a shared network get their metadata at C(http://169.254.169.254/), as on EC2.",
                "Hosts that role P(cairn.cloud.node#role) prepared for it answer there.",
            ),
        ),
    },
)
