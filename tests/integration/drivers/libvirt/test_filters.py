# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters on real libvirt: seen as they were wanted, changed under running guests, and only ours."""

from __future__ import annotations

import dataclasses as dc
import typing as t
import uuid
from collections.abc import Iterator

import libvirt
import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_id, filter_name
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    FILTERS,
    Allow,
    Card,
    Disk,
    DomainShape,
    FilterShape,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Scope
from support.libvirt_objects import Objects
from support.private_libvirt import PrivateLibvirt

NETWORK, GROUP = str(uuid.uuid4()), str(uuid.uuid4())
OWN, GROUPS = filter_name(NETWORK, []), filter_name(NETWORK, [GROUP])
IN, BOTH = frozenset({"ingress"}), frozenset({"ingress", "egress"})
ANYWHERE = "0.0.0.0/0"


def numbered(direction: str, *peers: str) -> t.Iterator[Allow]:
    for peer in peers:
        for protocol, first, last in (("tcp", 22, 22), ("udp", 0, 65535), ("sctp", 7, 9), ("tcp", -1, -1)):
            yield Allow(direction, protocol, peer, first, last)
        for first, last in ((-1, -1), (8, -1), (8, 0)):
            yield Allow(direction, "icmp", peer, first, last)
        for protocol in ("esp", "ah", "all"):
            yield Allow(direction, protocol, peer)


def shape(name: str = GROUPS, **fields: t.Any) -> FilterShape:
    return FilterShape(filter_id(name), name, **fields)


IPV4 = (ANYWHERE, "10.0.0.0/8", "10.0.0.1/32", "10.0.0.1", "10.0.0.1-10.0.0.9")
IPV6 = ("::/0", "2001:db8::/32", "2001:db8::1/128")
INGRESS = frozenset(numbered("ingress", *IPV4))
SHAPES = {
    "nothing": shape(OWN),
    "a guard": shape(OWN, guard=True),
    "a group": shape(guard=True, limits=IN, allows=INGRESS),
    "a group without rules": shape(guard=True, limits=IN),
    "a group that is kept apart": shape(guard=True, limits=IN, apart=frozenset({"10.8.0.0/24", "10.9.0.0/16"})),
    "both ways": shape(guard=True, limits=BOTH, resolver="10.0.0.1", allows=INGRESS | set(numbered("egress", *IPV4))),
    "without a guard": shape(limits=IN, allows=INGRESS | set(numbered("ingress", *IPV6))),
    "both ways without a guard": shape(limits=BOTH, allows=frozenset(numbered("egress", *IPV6, *IPV4))),
}


@pytest.fixture(autouse=True)
def nothing_left(real: Objects) -> Iterator[None]:
    yield
    for one in real.seen().domains.values():
        if one.owned:
            real.hypervisor.undefine_domain(one.id)
    for name in (OWN, GROUPS):
        real.hypervisor.remove_filter(filter_id(name))
    assert real.seen().filters == {}


def guest(real: Objects, name: str) -> tuple[DomainShape, Card]:
    """A running machine whose card is under the filter."""
    pool, network = real.pool(), real.network()
    real.hypervisor.define_pool(pool)
    real.hypervisor.define_network(network)
    real.hypervisor.create_volume(real.volume(pool, "root.qcow2"))
    made = real.domain(Disk("vda", pool.name, "root.qcow2"), network=network)
    card = dc.replace(made.cards[0], filter=name, address="10.0.0.2" if name else "")
    made = dc.replace(made, cards=(card,))
    real.hypervisor.define_domain(made)
    real.hypervisor.start_domain(made.id)
    return made, card


@pytest.mark.parametrize("what", sorted(SHAPES))
def test_a_filter_is_seen_as_it_was_wanted(real: Objects, what: str) -> None:
    wanted = SHAPES[what]
    real.hypervisor.define_filter(wanted)
    real.hypervisor.define_filter(wanted)
    assert real.seen().filters[wanted.id].shape == wanted


def test_only_filters_that_are_asked_for_are_looked_at(real: Objects) -> None:
    for name in (OWN, GROUPS):
        real.hypervisor.define_filter(shape(name))
    for owners, found in (({GROUP}, [GROUPS]), (set(), []), ({NETWORK, GROUP}, [GROUPS, OWN])):
        seen = real.hypervisor.observe(Scope(filters=frozenset(owners))).filters
        assert sorted(one.name for one in seen.values()) == sorted(found)


def test_a_filter_is_changed_under_a_running_guest(real: Objects, libvirt_host: PrivateLibvirt) -> None:
    def rules() -> str:
        return libvirt_host.run(["iptables-save"]).stdout

    real.hypervisor.define_filter(SHAPES["a group without rules"])
    made, _card = guest(real, GROUPS)
    assert "--dport 22" not in rules()
    real.hypervisor.define_filter(SHAPES["a group"])
    assert "--dport 22" in rules()
    assert real.seen().domains[made.id].live == made


@pytest.mark.parametrize(("before", "after"), [("", OWN), (OWN, GROUPS), (GROUPS, "")])
def test_a_running_card_is_put_under_another_filter(real: Objects, before: str, after: str) -> None:
    real.hypervisor.define_filter(shape(OWN, guard=True))
    real.hypervisor.define_filter(shape(GROUPS, guard=True, limits=IN))
    made, card = guest(real, before)
    other = dc.replace(card, filter=after, address="10.0.0.2" if after else "")
    for _time in (1, 2):
        real.hypervisor.filter_card(made.id, other)
        seen = real.seen().domains[made.id]
        assert seen.shape == seen.live == dc.replace(made, cards=(other,))


def test_a_filter_that_a_guest_is_under_is_not_removed(real: Objects) -> None:
    real.hypervisor.define_filter(shape(OWN, guard=True))
    made, _card = guest(real, OWN)
    with pytest.raises(DriverError, match=f"filter {filter_id(OWN)} on .*in use"):
        real.hypervisor.remove_filter(filter_id(OWN))
    real.hypervisor.undefine_domain(made.id)
    real.hypervisor.remove_filter(filter_id(OWN))
    real.hypervisor.remove_filter(filter_id(OWN))


def test_a_guest_does_not_start_without_its_filter(real: Objects) -> None:
    with pytest.raises(DriverError, match="filter"):
        guest(real, OWN)


@pytest.fixture
def connection(libvirt_host: PrivateLibvirt) -> Iterator[libvirt.virConnect]:
    opened = libvirt.open(libvirt_host.uri)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", [OWN, "theirs"])
def test_filters_of_others_are_left_alone(real: Objects, connection: libvirt.virConnect, name: str) -> None:
    ident = str(uuid.uuid4())
    theirs = connection.nwfilterDefineXML(f"<filter name='{name}'><uuid>{ident}</uuid></filter>")
    try:
        before = theirs.XMLDesc(0)
        assert real.seen().filters == {}
        real.hypervisor.remove_filter(ident)
        if name == OWN:
            with pytest.raises(DriverError, match="a filter of that name is there that is not the cloud's"):
                real.hypervisor.define_filter(shape(OWN, guard=True))
        assert theirs.XMLDesc(0) == before
    finally:
        theirs.undefine()


def test_an_edited_filter_is_like_none(real: Objects, connection: libvirt.virConnect) -> None:
    real.hypervisor.define_filter(SHAPES["a group"])
    found = connection.nwfilterLookupByName(GROUPS)
    xml = found.XMLDesc(0)
    connection.nwfilterDefineXML(xml.replace("action='drop'", "action='accept'", 1))
    assert real.seen().filters[found.UUIDString()].shape is None
    real.hypervisor.define_filter(SHAPES["a group"])
    assert found.XMLDesc(0) == xml


def test_a_simulated_host_has_cards_under_filters_that_it_does_not_have(simulated: Objects) -> None:
    assert FILTERS not in simulated.hypervisor.node().features
    assert simulated.seen().filters == {}
    made, card = guest(simulated, OWN)
    assert simulated.seen().domains[made.id].live == made
    other = dc.replace(card, filter=GROUPS)
    simulated.hypervisor.filter_card(made.id, other)
    seen = simulated.seen().domains[made.id]
    assert seen.shape == seen.live == dc.replace(made, cards=(other,))
