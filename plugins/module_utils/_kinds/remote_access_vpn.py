# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Remote access VPN: a port of a public address by which clients get into an isolated network."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

REMOTE_ACCESS_VPN = Kind(
    name="remote_access_vpn",
    doc="remote access VPNs, which let clients into an isolated network by WireGuard",
    scope=("ip_address",),
    owned=True,
    abandonable=True,
    named_after=("ip_address",),
    notes=(
        "M(cairn.cloud.vpn_user) says which clients it lets in. They go with the VPN.",
        "Clients reach the instances of the network, and nothing else; no instance calls a client.",
        "Its private key is made by the cloud, and never shown.",
        "A VPN that is removed and made again has another key, and so has one that was read back from hosts; clients "
        "need its new RV(public_key) then.",
    ),
    fields={
        "name": Field(format="name", doc="Name of the VPN, its address by default; a network has one."),
        "ip_address": Field(
            ref="ip_address",
            only_one=True,
            immutable=True,
            filterable=True,
            aliases=("public_ip",),
            doc="Public address that clients call.",
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the address is in."),
        "listen_port": Field(
            type="int",
            minimum=1,
            maximum=65535,
            default=51820,
            impact=Impact.LIVE,
            doc="UDP port of the address.",
        ),
        "client_cidr": Field(
            format="cidr",
            default="10.1.2.0/24",
            immutable=True,
            doc="Network of the clients' addresses. The router has the first one.",
        ),
        "open_firewall": Field(
            type="bool",
            default=True,
            impact=Impact.LIVE,
            doc="Whether everybody is let in to the port, without a rule of M(cairn.cloud.firewall).",
        ),
        "network": Field(ref="network", param=False, filterable=True, doc="Network of the address."),
        "private_key": Field(
            format="wireguard_key",
            param=False,
            secret=True,
            impact=Impact.LIVE,
            doc="Private key of the VPN.",
        ),
        "public_key": Field(computed=True, doc="Public key of the VPN, which clients know it by."),
        "endpoint": Field(computed=True, doc="Address and port that clients call."),
        "allowed_networks": Field(
            type="list", elements="str", computed=True, doc="Networks that clients reach through the VPN."
        ),
    },
)
