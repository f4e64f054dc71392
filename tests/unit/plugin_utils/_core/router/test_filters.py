# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The rules of a router, as text; tests/integration/router has nft read all of it."""

from __future__ import annotations

import dataclasses as dc

import pytest
from hypothesis import given, settings

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router import Forward, Pass, Router, StaticNat
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.filters import ruleset
from support.routers import PUBLIC, SMALL, routers


def chain(router: Router, name: str) -> list[str]:
    """The rules of a chain, without its head."""
    text = ruleset(router).partition(f"chain {name} {{")[2].partition("}\n")[0]
    return [line.strip() for line in text.splitlines() if line.strip()][1:]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Pass("tcp", "0.0.0.0/0", 22, 22, "192.0.2.10"), "ip daddr 192.0.2.10 ip saddr 0.0.0.0/0 tcp dport 22 accept"),
        (Pass("udp", "10.0.0.0/8", 1, 9, "192.0.2.10"), "ip daddr 192.0.2.10 ip saddr 10.0.0.0/8 udp dport 1-9 accept"),
        (
            Pass("tcp", "0.0.0.0/0", -1, -1, "192.0.2.10"),
            "ip daddr 192.0.2.10 ip saddr 0.0.0.0/0 meta l4proto tcp accept",
        ),
        (
            Pass("icmp", "0.0.0.0/0", 8, 0, "192.0.2.10"),
            "ip daddr 192.0.2.10 ip saddr 0.0.0.0/0 icmp type 8 icmp code 0 accept",
        ),
        (Pass("icmp", "0.0.0.0/0", 8, -1, "192.0.2.10"), "ip daddr 192.0.2.10 ip saddr 0.0.0.0/0 icmp type 8 accept"),
        (
            Pass("icmp", "0.0.0.0/0", -1, -1, "192.0.2.10"),
            "ip daddr 192.0.2.10 ip saddr 0.0.0.0/0 ip protocol icmp accept",
        ),
    ],
)
def test_what_is_let_in(rule: Pass, text: str) -> None:
    assert chain(dc.replace(PUBLIC, ingress=frozenset({rule})), "ingress")[-2:] == [text, "drop"]


@pytest.mark.parametrize(
    ("forward", "text"),
    [
        (("tcp", 80, 80, "10.1.1.9", 80), "ip daddr 192.0.2.10 tcp dport 80 dnat ip to 10.1.1.9"),
        (("tcp", 80, 80, "10.1.1.9", 8080), "ip daddr 192.0.2.10 tcp dport 80 dnat ip to 10.1.1.9:8080"),
        (("udp", 5, 9, "10.1.1.9", 5), "ip daddr 192.0.2.10 udp dport 5-9 dnat ip to 10.1.1.9"),
        (
            ("tcp", 5, 6, "10.1.1.9", 15),
            "ip daddr 192.0.2.10 dnat ip addr . port to tcp dport map { 5 : 10.1.1.9 . 15, 6 : 10.1.1.9 . 16 }",
        ),
    ],
)
def test_where_a_port_leads(forward: tuple[str, int, int, str, int], text: str) -> None:
    router = dc.replace(PUBLIC, forwards=frozenset({Forward("192.0.2.10", *forward)}))
    assert ruleset(router).count(text) == 1


def test_static_nat_is_in_both_directions_and_before_the_address_of_all() -> None:
    router = dc.replace(PUBLIC, static_nats=frozenset({StaticNat("192.0.2.11", "10.1.1.9")}))
    assert chain(router, "destination") == ["ip daddr 192.0.2.11 dnat ip to 10.1.1.9"]
    assert chain(router, "source")[:2] == [
        'oifname "public" ip saddr 10.1.1.9 snat ip to 192.0.2.11',
        'oifname "public" ip saddr 10.1.1.0/24 snat ip to 192.0.2.10',
    ]


@pytest.mark.parametrize(
    ("denies", "last"),
    [
        (True, ["ip saddr 0.0.0.0/0 tcp dport 25 drop", "ip saddr 10.1.1.0/24 accept"]),
        (False, ["ip saddr 0.0.0.0/0 tcp dport 25 accept"]),
    ],
)
def test_what_may_go_out(denies: bool, last: list[str]) -> None:
    router = dc.replace(PUBLIC, egress=frozenset({Pass("tcp", "0.0.0.0/0", 25, 25)}), denies=denies)
    way = 'iifname "guest" oifname "public" '
    assert chain(router, "forward")[3:] == [f"{way}{rule}" for rule in last]


def test_without_an_outside_nothing_is_let_through() -> None:
    assert chain(SMALL, "forward") == ["ct state established,related accept", "ct state invalid drop"]
    assert "nat" not in ruleset(SMALL)


@settings(max_examples=100, deadline=None)
@given(routers())
def test_whatever_it_is_to_do_it_is_closed_by_default(router: Router) -> None:
    text = ruleset(router)
    # One transaction: the old table goes when the new one comes.
    assert text.startswith("table inet router\ndelete table inet router\ntable inet router {\n")
    assert text.count("{") == text.count("}")
    assert "hook input priority filter; policy drop;" in text
    assert "hook forward priority filter; policy drop;" in text
    assert chain(router, "ingress")[-1] == "drop"
    # What is open already is asked for first, so that a change of a rule ends no flow.
    for name in ("input", "forward"):
        assert chain(router, name)[0] == "ct state established,related accept"


@settings(max_examples=50, deadline=None)
@given(routers())
def test_the_same_is_said_in_the_same_words(router: Router) -> None:
    again = dc.replace(router, forwards=frozenset(sorted(router.forwards, reverse=True)))
    assert ruleset(again) == ruleset(router)
