# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A router's cards: which is which, their addresses, and the way outside. One line each, words between spaces."""

from __future__ import annotations

import ipaddress
import typing as t

from .model import Router

# The VPN has no card: its interface is made when there is one.
GUEST, PUBLIC, VPN = "guest", "public", "vpn"


def links(router: Router) -> str:
    """Name and MAC of each card."""
    return _lines([(GUEST, router.guest_mac), *([(PUBLIC, router.public_mac)] if router.source else [])])


def addresses(router: Router) -> str:
    """Card and address of each address. The public network is reached from the first one, the others are alone."""
    bits = ipaddress.IPv4Network(router.network).prefixlen
    found = [(GUEST, f"{router.gateway}/{bits}")]
    if router.source:
        found.append((PUBLIC, f"{router.source}/{router.public_bits}"))
        found += [(PUBLIC, f"{one}/32") for one in sorted(router.others - {router.source}, key=ipaddress.IPv4Address)]
    if router.vpn:
        found.append((VPN, f"{router.vpn.gateway}/{ipaddress.IPv4Network(router.vpn.network).prefixlen}"))
    return _lines(found)


def routes(router: Router) -> str:
    """Network, gateway and card of each route."""
    return _lines([("default", router.next_hop, PUBLIC)] if router.source else [])


def _lines(found: t.Iterable[tuple[str, ...]]) -> str:
    return "".join(f"{' '.join(words)}\n" for words in found)
