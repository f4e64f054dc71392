# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Who gets into a router's network from outside, by WireGuard.

The file is what is to be, as a whole: who is in it no more is let in no more, and the sessions of the others go on.

https://git.zx2c4.com/wireguard-tools/about/src/man/wg.8
"""

from __future__ import annotations

import ipaddress

from .model import Client, Router


def wireguard(router: Router) -> str:
    """The file for ``wg syncconf``; empty where there is no VPN. It has the private key in it."""
    if router.vpn is None:
        return ""
    clients = sorted(router.vpn.clients, key=lambda one: ipaddress.IPv4Address(one.address))
    head = f"[Interface]\nPrivateKey = {router.vpn.private_key}\nListenPort = {router.vpn.port}\n"
    return head + "".join(map(_peer, clients))


def _peer(one: Client) -> str:
    """A client may send as its own address only, and gets what is for that."""
    return f"[Peer]\nPublicKey = {one.key}\nAllowedIPs = {one.address}/32\n"
