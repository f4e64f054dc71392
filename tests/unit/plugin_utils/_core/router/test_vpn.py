# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The VPN of a router, as text; tests/e2e/test_router.py has clients go through it."""

from __future__ import annotations

import dataclasses as dc

from hypothesis import given, settings

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router import Client, Router, Vpn
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.cards import addresses
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.filters import ruleset
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.vpn import wireguard
from support.routers import KEYS, PUBLIC, SMALL, routers

PRIVATE, ONE, OTHER = KEYS
CLIENTS = frozenset({Client("10.1.2.10", OTHER), Client("10.1.2.9", ONE)})
VPN = Vpn(public="192.0.2.10", port=51820, network="10.1.2.0/24", private_key=PRIVATE, clients=CLIENTS)


def test_each_client_has_its_key_and_its_one_address_in_order() -> None:
    assert wireguard(dc.replace(PUBLIC, vpn=VPN)).splitlines() == [
        "[Interface]",
        f"PrivateKey = {PRIVATE}",
        "ListenPort = 51820",
        "[Peer]",
        f"PublicKey = {ONE}",
        "AllowedIPs = 10.1.2.9/32",
        "[Peer]",
        f"PublicKey = {OTHER}",
        "AllowedIPs = 10.1.2.10/32",
    ]


def test_the_router_has_the_first_address() -> None:
    assert addresses(dc.replace(PUBLIC, vpn=VPN)).splitlines()[-1] == "vpn 10.1.2.1/24"


def test_without_a_vpn_there_is_nothing() -> None:
    assert wireguard(SMALL) == ""
    assert "vpn" not in addresses(PUBLIC) + ruleset(PUBLIC)


def test_its_private_key_is_not_shown() -> None:
    assert PRIVATE not in repr(dc.replace(PUBLIC, vpn=VPN))


@settings(max_examples=50, deadline=None)
@given(routers())
def test_clients_get_to_guests_and_nowhere_else(router: Router) -> None:
    lines = [line.strip() for line in ruleset(router).splitlines()]
    expected = []
    if router.vpn:
        way = 'iifname "vpn" oifname "guest" ip saddr 10.1.2.0/24 ip daddr 10.1.1.0/24 accept'
        expected = [f"ip daddr {router.vpn.public} udp dport {router.vpn.port} accept", way]
    assert [line for line in lines if '"vpn"' in line or line in expected] == expected
    named = {one.key for one in router.vpn.clients} if router.vpn else set()
    assert {line.split()[-1] for line in wireguard(router).splitlines() if line.startswith("PublicKey")} == named
