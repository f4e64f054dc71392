# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A filter that is built from a shape is read back as that shape; one that was edited is like none."""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Allow, FilterShape
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import filter_xml

IDENT = "33333333-3333-4333-8333-333333333333"
PEERS = ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.1/32", "10.0.0.1", "10.0.0.1-10.0.0.9")
PEERS_OF_WIRES = (*PEERS, "::/0", "2001:db8::/32", "2001:db8::1/128")
BOTH = frozenset({"ingress", "egress"})


def allow(peers: t.Sequence[str], directions: t.Sequence[str]) -> st.SearchStrategy[Allow]:
    ports = st.one_of(st.just((-1, -1)), st.tuples(st.integers(0, 9), st.integers(9, 65535)))
    types = st.sampled_from(((-1, -1), (8, -1), (8, 0), (0, 0)))

    def of(protocol: str) -> st.SearchStrategy[Allow]:
        numbers = {"tcp": ports, "udp": ports, "sctp": ports, "icmp": types}.get(protocol, st.just((-1, -1)))
        parts = st.sampled_from(directions), st.just(protocol), st.sampled_from(peers)
        return st.tuples(*parts, numbers).map(lambda a: Allow(a[0], a[1], a[2], *a[3]))

    return st.sampled_from(("tcp", "udp", "sctp", "icmp", "esp", "ah", "all")).flatmap(of)


@st.composite
def shapes(draw: st.DrawFn) -> FilterShape:
    guard = draw(st.booleans())
    limits = draw(st.sampled_from((frozenset(), frozenset({"ingress"}), BOTH)))
    resolver = draw(st.sampled_from((None, "10.0.0.1"))) if "egress" in limits else None
    allows = st.lists(allow(PEERS if guard else PEERS_OF_WIRES, sorted(limits)), max_size=5) if limits else st.just([])
    apart = draw(st.sets(st.sampled_from(("10.8.0.0/24", "10.9.0.0/16")))) if limits else ()
    return FilterShape(IDENT, "f", guard, limits, resolver, frozenset(draw(allows)), frozenset(apart))


@given(shapes())
def test_what_is_built_is_read_back(shape: FilterShape) -> None:
    assert filter_xml.read(filter_xml.build(shape)) == shape


@given(shapes(), st.data())
def test_a_filter_without_one_of_its_rules_is_another_one(shape: FilterShape, data: st.DataObject) -> None:
    root = ET.fromstring(filter_xml.build(shape))
    rules = root.findall("rule")
    if rules:
        root.remove(data.draw(st.sampled_from(rules)))
        assert filter_xml.read(ET.tostring(root, encoding="unicode")) != shape


LETS_IN = frozenset({Allow("ingress", "tcp", PEERS[0], 80, 80)})
WEB = FilterShape(IDENT, "f", True, frozenset({"ingress"}), None, LETS_IN)
EDITS = {
    "another rule": "<rule action='accept' direction='in' priority='500'><udp dstportstart='x'/></rule>",
    "a rule of no protocol": "<rule action='accept' direction='inout' priority='1'/>",
    "two in one": "<rule action='drop' direction='in' priority='500'><tcp/><udp/></rule>",
    "a rule without state": "<rule action='accept' direction='in' priority='500' statematch='false'><udp/></rule>",
    "another direction": "<rule action='accept' direction='inout' priority='500'><udp/></rule>",
    "another filter": "<filterref filter='clean-traffic'/>",
}


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_an_edited_filter_is_like_none_of_ours(edit: str) -> None:
    root = ET.fromstring(filter_xml.build(WEB))
    root.append(ET.fromstring(EDITS[edit]))
    assert filter_xml.read(ET.tostring(root, encoding="unicode")) is None


def test_another_chain_is_none_of_ours() -> None:
    assert filter_xml.read(filter_xml.build(WEB).replace('chain="root"', 'chain="ipv4"')) is None


def test_a_guard_comes_before_all_else() -> None:
    rules = [(int(rule.get("priority", "")), rule[0].tag) for rule in ET.fromstring(filter_xml.build(WEB)).iter("rule")]
    frames = [priority for priority, tag in rules if tag in ("mac", "arp", "rarp", "ip", "ipv6")]
    assert max(frames) < min(priority for priority, tag in rules if tag in ("tcp", "icmp", "all"))
    assert rules[-1] == (1000, "all")


def test_a_guest_that_may_send_little_still_asks_for_its_metadata() -> None:
    root = ET.fromstring(filter_xml.build(FilterShape(IDENT, "f", True, BOTH, None)))
    asked = [rule for rule in root.iter("rule") if rule.find("tcp[@dstipaddr='169.254.169.254']") is not None]
    assert [(one.get("action"), one.get("direction"), one[0].get("dstportstart")) for one in asked] == [
        ("accept", "out", "80")
    ]
