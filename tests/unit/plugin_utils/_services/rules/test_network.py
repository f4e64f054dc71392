# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of networks and of the ranges that they hand out."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import web


def net(name: str = "new", /, **fields: t.Any) -> Document:
    return doc("network", name, **{"network_offering": "shared", "cidr": "10.2.0.0/24"} | fields)


def ranged(start: str, /, **fields: t.Any) -> Document:
    return doc("vlan_ip_range", start, **{"network": "net1"} | fields)


REFUSED: list[tuple[Document, str]] = [
    (net(cidr=None), "field cidr: a shared network needs its subnet; give cidr, or gateway and netmask"),
    (net(cidr="10.1.1.128/25"), "field cidr: 10.1.1.128/25 overlaps network 'net1' (10.1.1.0/24); use another one"),
    (net(gateway="10.3.0.1"), "field cidr: gateway 10.3.0.1 is not a host's address of 10.2.0.0/24; give one of it"),
    (net(start_ip="10.3.0.1"), "field start_ip: 10.3.0.1 is not a host's address of 10.2.0.0/24; give one of it"),
    (net(end_ip="10.2.0.9"), "field start_ip: it is missing; end_ip makes sense only with it"),
    (
        net(start_ip="10.2.0.9", end_ip="10.2.0.8"),
        "field start_ip: the range ends at 10.2.0.8, before its start 10.2.0.9; swap them",
    ),
    (net(network_offering="l2"), "field cidr: an L2 network has no addresses; leave it out"),
    (
        net(vlan=5),
        "field vlan: only L2 and isolated networks on a physical network isolated by VXLAN have one; leave it out",
    ),
    (
        net(network_offering="l2", cidr=None, vlan=5),
        "field vlan: its physical network is not isolated by VXLAN; name one that is",
    ),
    (
        net(network_offering="l2", cidr=None, vlan=5, physical_network="cabling"),
        "field vlan: its physical network is not isolated by VXLAN; name one that is",
    ),
    (net("net1", cidr="10.2.0.0/24"), "field cidr: it cannot change once the network exists; leave it as it is, or"),
    (doc("network", "net1", state="absent"), "it is still used by instance 'db', instance 'web1', instance 'web2' and"),
    (ranged("10.1.1.88"), "field start_ip: the range overlaps another one of network 'net1'; use other ones"),
    (ranged("10.7.7.7"), "field start_ip: 10.7.7.7 is not a host's address of 10.1.1.0/24; give one of it"),
    (ranged("10.7.7.7", network="wire"), "field network: network 'wire' has no addresses; name a shared network"),
    (ranged("10.1.1.50", state="absent"), "its address 10.1.1."),
    (ranged("10.1.1.50", end_ip="10.1.1.99"), "field end_ip: it cannot change once the vlan ip range exists; leave"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def test_a_basic_zone_has_shared_networks_only(cloud: Lab) -> None:
    cloud.must(doc("zone", "basic", network_type="Basic"))
    told = cloud.refusal(doc("network", "n", zone="basic", network_offering="l2"))
    assert told == "network 'n', field network_offering: zone 'basic' is a basic one, which has only shared networks"


def test_subnets_of_other_zones_may_overlap(cloud: Lab) -> None:
    cloud.must(doc("zone", "z2"))
    cloud.must(net(cidr="10.1.1.0/24", zone="z2"))


def test_a_network_hands_out_its_range(founded: Lab) -> None:
    founded.must(net(start_ip="10.2.0.7", end_ip="10.2.0.8"))
    founded.must(web("one", networks=["new"]), web("two", networks=["new"]))
    assert {founded.one("instance", name)["default_ip"] for name in ("one", "two")} == {"10.2.0.7", "10.2.0.8"}


def test_the_first_range_takes_the_place_of_the_whole_subnet(founded: Lab) -> None:
    founded.must(ranged("10.1.1.20", end_ip="10.1.1.21"), web("one", networks=["net1"]))
    assert founded.one("instance", "one")["default_ip"] == "10.1.1.20"
    founded.must(ranged("10.1.1.30"))
    founded.must(web("two", networks=["net1"]), web("three", networks=["net1"]))
    assert {founded.one("instance", one)["default_ip"] for one in ("two", "three")} == {"10.1.1.21", "10.1.1.30"}
    assert founded.one("vlan_ip_range", "10.1.1.30")["end_ip"] == "10.1.1.30"


def test_a_subnet_in_use_is_not_replaced_by_a_range(founded: Lab) -> None:
    founded.must(web("one", networks=["net1"]))
    assert founded.refusal(ranged("10.1.1.20")) == (
        "vlan ip range '10.1.1.20', field network: "
        "network 'net1' hands out all of its subnet already, and some is taken"
    )


def test_a_range_goes_with_its_last_address(founded: Lab) -> None:
    founded.must(ranged("10.1.1.20", end_ip="10.1.1.21"), web("one", networks=["net1"]))
    assert "is used by instance 'one'; remove that first" in founded.refusal(ranged("10.1.1.20", state="absent"))
    founded.must(web("one", state="absent"), ranged("10.1.1.20", state="absent"))
    assert audit(founded) == []
    assert founded.read("vlan_ip_range") == []


def test_states(cloud: Lab) -> None:
    assert cloud.one("network", "net1")["state"] == "Implemented"
    cloud.must(net())
    assert cloud.one("network", "new")["state"] == "Allocated"
    assert "hosts" not in cloud.one("network", "net1")


def segment(name: str, /, **fields: t.Any) -> Document:
    return doc("network", name, **{"network_offering": "l2", "physical_network": "vx"} | fields)


def test_each_vxlan_of_a_zone_has_a_number_of_its_own(cloud: Lab) -> None:
    cloud.must(doc("physical_network", "vx", isolation_method="VXLAN"))
    cloud.must(segment("one"), segment("mine", vlan=4097), segment("two"))
    numbers = {name: cloud.one("network", name)["vlan"] for name in ("one", "mine", "two")}
    assert numbers == {"one": 4096, "mine": 4097, "two": 4098}
    cloud.must_refuse(segment("theirs", vlan=4098), "field vlan: network 'two' has 4098 already; use another one")
    cloud.must(doc("network", "one", state="absent"))
    cloud.must(segment("three"))
    assert cloud.one("network", "three")["vlan"] == 4096
    assert cloud.apply(segment("three")).report.changed is False


def test_an_isolated_network_has_the_number_of_its_vxlan_from_the_beginning(cloud: Lab) -> None:
    cloud.must(doc("physical_network", "vx", isolation_method="VXLAN"))
    cloud.must(doc("network_offering", "isolated", guest_ip_type="Isolated", source_nat=False))
    inside = {"network_offering": "isolated", "physical_network": "vx"}
    cloud.must(segment("one"), doc("network", "two", **inside), doc("network", "mine", vlan=77, **inside))
    assert {name: cloud.one("network", name)["vlan"] for name in ("one", "two", "mine")} == {
        "one": 4096, "two": 4097, "mine": 77,
    }  # fmt: skip
    cloud.must_refuse(segment("theirs", vlan=77), "field vlan: network 'mine' has 77 already; use another one")
    cloud.must_refuse(
        doc("network", "bare", network_offering="isolated", vlan=78),
        "field vlan: its physical network is not isolated by VXLAN; name one that is",
    )


def test_hosts_of_a_vxlan_have_its_number(cloud: Lab) -> None:
    cloud.must(doc("physical_network", "vx", isolation_method="VXLAN"), segment("one"))
    plugged = {"service_offering": "small", "networks": ["net1", "one"]}
    cloud.must(web("a", host="h1", **plugged), web("b", host="h2", **plugged))
    ident = cloud.one("network", "one")["id"]
    shapes = [host.networks[ident].shape for host in cloud.hosts.values() if ident in host.networks]
    assert [(shape.mode, shape.vni) for shape in shapes] == [("isolated", 4096)] * 2
    cloud.forget()
    cloud.rebuild()
    assert cloud.one("network", "one")["vlan"] == 4096
