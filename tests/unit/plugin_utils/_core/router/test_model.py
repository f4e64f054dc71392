# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A router's model refuses what could be taken for another word of a file."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router import (
    Balancer,
    Client,
    Forward,
    Pass,
    StaticNat,
    Vpn,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Lease
from support.routers import KEYS, PUBLIC, SMALL

VPN = Vpn(
    public="192.0.2.1",
    port=1,
    network="10.1.2.0/24",
    private_key=KEYS[0],
    clients=frozenset({Client("10.1.2.2", KEYS[1])}),
)
EVIL = ("10.1.1.2; drop", "10.1.1.2\n", "", "::1", "10.1.1.0/24", "{ 10.1.1.2 }")


@pytest.mark.parametrize("text", EVIL)
def test_addresses_are_addresses(text: str) -> None:
    for make in (
        lambda: StaticNat(text, "10.1.1.2"),
        lambda: StaticNat("192.0.2.1", text),
        lambda: Balancer(public=text, port=1, private=frozenset({"10.1.1.2"}), private_port=1),
        lambda: Balancer(public="192.0.2.1", port=1, private=frozenset({text}), private_port=1),
        lambda: Client(text, KEYS[1]),
        lambda: dc.replace(VPN, public=text),
        lambda: Forward(text, "tcp", 1, 1, "10.1.1.2", 1),
        lambda: Forward("192.0.2.1", "tcp", 1, 1, text, 1),
        lambda: dc.replace(PUBLIC, next_hop=text),
        lambda: dc.replace(PUBLIC, others=frozenset({text})),
        lambda: dc.replace(PUBLIC, forwarders=(text,)),
        lambda: dc.replace(SMALL, gateway=text),
    ):
        with pytest.raises(ValueError, match=r"\S"):
            make()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("guest_mac", "06:00:00:00:00:01 x"),
        ("mtu", 575),
        ("mtu", 65536),
        ("public_mac", ""),
        ("domain", "a b"),
        ("domain", "x/#/1.2.3.4"),
        ("gateway", "10.1.2.1"),
        ("network", "10.1.1.1/24"),
        ("leases", frozenset({Lease("06:00:00:00:00:01", "10.1.1.2", "a,b")})),
        ("leases", frozenset({Lease("06:00:00:00:00:01", "10.1.1.2", "a\nb")})),
        ("leases", frozenset({Lease("id:*", "10.1.1.2", "a")})),
    ],
)
def test_words_are_words(field: str, value: t.Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        dc.replace(PUBLIC, **{field: value})


@pytest.mark.parametrize(
    "fields",
    [
        ("tcp", "0.0.0.0/0", 0, 1),
        ("tcp", "0.0.0.0/0", 2, 1),
        ("tcp", "0.0.0.0/0", 1, 65536),
        ("icmp", "0.0.0.0/0", 256, 0),
        ("gre", "0.0.0.0/0"),
        ("tcp", "anywhere"),
        ("tcp", "0.0.0.0/0", 1, 1, "x"),
    ],
)
def test_rules_are_rules(fields: tuple[t.Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Pass(*fields)


@pytest.mark.parametrize("ports", [(1, 2, 65535), (0, 0, 1), (3, 2, 1)])
def test_forwarded_ports_are_ports(ports: tuple[int, int, int]) -> None:
    first, last, private = ports
    with pytest.raises(ValueError, match="are not ports"):
        Forward("192.0.2.1", "tcp", first, last, "10.1.1.2", private)


def test_a_forward_has_a_protocol_with_ports() -> None:
    with pytest.raises(ValueError, match="'icmp' is not a protocol with ports"):
        Forward("192.0.2.1", "icmp", 1, 1, "10.1.1.2", 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"port": 0},
        {"private_port": 65536},
        {"algorithm": "source\n  bind :22"},
        {"private": frozenset()},
        {"interval": 0},
        {"fall": 0},
    ],
)
def test_a_balancer_leads_somewhere_and_looks_after_that(changes: dict[str, t.Any]) -> None:
    good = Balancer(public="192.0.2.1", port=1, private=frozenset({"10.1.1.2"}), private_port=1)
    with pytest.raises(ValueError, match=r"\S"):
        dc.replace(good, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"port": 0},
        {"port": 53},
        {"network": "10.1.2.1/24"},
        {"clients": frozenset({Client("10.1.3.2", KEYS[1])})},
        {"clients": frozenset({Client("10.1.2.1", KEYS[1])})},
        {"clients": frozenset({Client("10.1.2.2", KEYS[1]), Client("10.1.2.3", KEYS[1])})},
        {"clients": frozenset({Client("10.1.2.2", KEYS[1]), Client("10.1.2.2", KEYS[2])})},
    ],
)
def test_a_vpn_tells_its_clients_apart(changes: dict[str, t.Any]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        dc.replace(VPN, **changes)


@pytest.mark.parametrize("key", ["", KEYS[0][:-1], f"{KEYS[0]}\nListenPort = 22", f"{'p':b<42}B="])
def test_keys_are_keys_and_are_not_told(key: str) -> None:
    for make in (lambda: dc.replace(VPN, private_key=key), lambda: Client("10.1.2.2", key)):
        with pytest.raises(
            ValueError, match=r"^it is not a WireGuard key; give the 44 characters that wg pubkey prints$"
        ):
            make()


def test_clients_have_no_address_of_guests() -> None:
    with pytest.raises(ValueError, match=r"10\.1\.1\.0/25, of clients, overlaps 10.1.1.0/24"):
        dc.replace(PUBLIC, vpn=Vpn(public="192.0.2.10", port=1, network="10.1.1.0/25", private_key=KEYS[0]))
