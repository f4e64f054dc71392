# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""VPN user: a client of a remote access VPN."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

VPN_USER = Kind(
    name="vpn_user",
    doc="VPN users, clients of remote access VPNs",
    scope=("vpn",),
    owned=True,
    abandonable=True,
    notes=(
        "One that is removed is let in no more as soon as the task ends, its open connections included.",
        "What it returns is what the client's configuration needs, but for the private key, which only the client has.",
    ),
    fields={
        "name": Field(format="name", required=True, aliases=("username",), doc="Name of the client."),
        "vpn": Field(
            ref="remote_access_vpn",
            only_one=True,
            immutable=True,
            filterable=True,
            doc="VPN that lets it in, by its name, which is its public address by default.",
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the VPN is in."),
        "public_key": Field(
            format="wireguard_key",
            impact=Impact.LIVE,
            doc=(
                "Public key of the client, as C(wg pubkey) prints it; a new user needs it.",
                "With another one, the key before is let in no more.",
            ),
        ),
        "ip_address": Field(
            format="ipv4",
            immutable=True,
            filterable=True,
            doc="Address of the client within the C(client_cidr) of the VPN, a free one by default.",
        ),
        "network": Field(ref="network", param=False, filterable=True, doc="Network that it is let in to."),
        "public_ip": Field(ref="ip_address", param=False, filterable=True, doc="Public address of the VPN."),
        "server_public_key": Field(computed=True, doc="Public key of the VPN."),
        "endpoint": Field(computed=True, doc="Address and port that the client calls."),
        "allowed_networks": Field(
            type="list", elements="str", computed=True, doc="Networks that the client reaches through the VPN."
        ),
    },
)
