# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Network: what instances are plugged into."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

NETWORK = Kind(
    name="network",
    doc="networks of instances",
    scope=("zone",),
    owned=True,
    abandonable=True,
    taggable=True,
    aside={"traffic_type": "PUBLIC"},
    # Its router goes with it, and before what that runs and is on.
    after=("host", "primary_storage", "template"),
    notes=(
        "A network comes into being on a host with the first instance there; a host has its own bridge for it.",
        "An isolated network is on the host of its virtual router, and so are its instances. On a physical network "
        "that is isolated by VXLAN they can be on any host.",
        "No instance is in two networks with the same addresses.",
        "A shared network without O(start_ip) hands out all addresses of its subnet but the gateway's.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the network."),
        "display_text": Field(format="line", doc="Description for people."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the network is in."),
        "network_offering": Field(
            ref="network_offering", only_one=True, immutable=True, filterable=True, doc="Sort of the network."
        ),
        "physical_network": Field(
            ref="physical_network",
            immutable=True,
            filterable=True,
            doc=(
                "Physical network whose guest traffic's bridge an L2 network uses; without one it has its own bridge.",
                "With O(cairn.cloud.physical_network#module:isolation_method=VXLAN) an L2 or isolated network is one "
                "segment on all hosts.",
            ),
        ),
        "vlan": Field(
            type="int",
            minimum=1,
            maximum=16777215,
            immutable=True,
            filterable=True,
            doc=(
                "VXLAN network identifier of an L2 or isolated network on a physical network isolated by VXLAN.",
                "The lowest from 4096 that no other network of the zone has, by default. Clouds whose hosts share a "
                "network must not use the same.",
            ),
        ),
        "cidr": Field(
            format="cidr",
            immutable=True,
            doc=(
                "Subnet of a shared or isolated network, instead of gateway and netmask.",
                "An isolated one has C(10.1.1.0/24) by default; isolated networks may have the same.",
            ),
        ),
        "gateway": Field(
            format="ipv4", immutable=True, doc="Gateway of a shared network, the subnet's first address by default."
        ),
        "netmask": Field(format="netmask", immutable=True, doc="Netmask of a shared network."),
        "start_ip": Field(format="ipv4", immutable=True, doc="First address that instances get."),
        "end_ip": Field(format="ipv4", immutable=True, doc="Last address that instances get."),
        "source_nat_ip_address": Field(
            format="ipv4",
            immutable=True,
            doc=(
                "Public address that instances of an isolated network have outside; it is the network's from then on.",
                "By default it gets the next free one with its first instance, and keeps that.",
            ),
        ),
        "traffic_type": Field(
            param=False, default="GUEST", filterable=True, doc="V(GUEST) or V(PUBLIC), as its offering says."
        ),
        "network_domain": Field(
            format="domain_name", impact=Impact.LIVE, doc="DNS domain of the network, the zone's by default."
        ),
    },
)
