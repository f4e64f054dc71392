# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Virtual routers: when they are made, where, and what cannot be asked of them."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc
from support.routed import SOURCE, SPARE, ground, routed, spanning

WEB = doc("instance", "web", networks=["inside"])


@pytest.fixture
def grounded(lab: Lab) -> Lab:
    lab.must(*ground())
    return lab


def test_a_router_comes_with_the_first_instance(grounded: Lab) -> None:
    assert grounded.read("router") == []
    grounded.must(WEB, whole=False)
    (router,) = grounded.read("router")
    expected = {"name": "r-inside", "network": "inside", "template": "router", "host": "h1", "state": "Running"}
    assert expected.items() <= router.items()
    (address,) = grounded.read("ip_address")
    assert (address["ip_address"], address["is_source_nat"]) == (SOURCE, True)
    grounded.must(doc("instance", "db", networks=["inside"]), whole=False)
    assert len(grounded.read("router")) == 1


@pytest.mark.parametrize("whole", [True, False])
def test_a_second_run_and_a_check_find_nothing_to_do(lab: Lab, whole: bool) -> None:
    predicted = lab.check(*routed(), whole=whole).report
    done = lab.must(*routed(), whole=whole)
    assert [(one.kind, one.name, one.action) for one in predicted.entries] == [
        (one.kind, one.name, one.action) for one in done.entries
    ]
    assert not lab.must(*routed(), whole=whole).changed
    assert not lab.check(*routed(), whole=whole).report.changed


def test_the_address_that_a_network_wants(lab: Lab) -> None:
    documents = [one for one in ground() if one.name != "inside"]
    lab.must(*documents, doc("network", "inside", network_offering="isolated", source_nat_ip_address=SPARE))
    lab.must(WEB)
    assert [one["ip_address"] for one in lab.read("ip_address")] == [SPARE]


def test_the_address_that_a_network_wants_is_its_own_from_the_beginning(lab: Lab) -> None:
    documents = [one for one in ground() if one.name != "inside"]
    wanting = doc("network", "inside", network_offering="isolated", source_nat_ip_address=SOURCE)
    lab.must(wanting, *documents, doc("vlan_ip_range", "192.0.2.30", end_ip="192.0.2.40", network="outside"))
    lab.must(doc("network", "other", network_offering="isolated"), doc("instance", "b", networks=["other"]))
    assert {one["ip_address"]: one["network"] for one in lab.read("ip_address")} == {SOURCE: "inside", SPARE: "other"}
    lab.must(WEB)
    lab.must(doc("instance", "web", state="absent"))
    lab.must(doc("network", "inside", state="absent"))
    assert [one["ip_address"] for one in lab.read("ip_address")] == [SPARE]
    lab.must(wanting)


def test_an_address_of_a_range_can_be_wanted_together_with_that(lab: Lab) -> None:
    documents = [one for one in ground() if one.name not in ("inside", "outside")]
    lab.must(
        doc("network", "inside", network_offering="isolated", source_nat_ip_address="192.0.2.30"),
        *documents,
        doc("network", "outside", network_offering="public", cidr="192.0.2.0/24"),
        doc("vlan_ip_range", "192.0.2.30", end_ip="192.0.2.40", network="outside"),
        WEB,
    )
    assert [one["ip_address"] for one in lab.read("ip_address")] == ["192.0.2.30"]


def test_a_network_keeps_the_address_that_it_was_given(grounded: Lab) -> None:
    grounded.must(WEB)
    assert grounded.one("network", "inside")["source_nat_ip_address"] == SOURCE
    assert not grounded.must(*ground(), WEB).changed


@pytest.mark.parametrize("networks", [["inside", "net1"], ["inside", "another"]])
def test_an_instance_is_in_no_two_networks_of_the_same_addresses(grounded: Lab, networks: list[str]) -> None:
    grounded.must(doc("network", "another", network_offering="isolated"))
    grounded.must_refuse(doc("instance", "web", networks=networks), "have the same addresses (10.1.1.0/24); leave one")
    grounded.must(doc("network", "third", network_offering="isolated", cidr="10.1.2.0/24"))
    grounded.must(doc("instance", "web", networks=[networks[0], "third"]))


def test_a_shared_network_may_have_the_addresses_of_an_isolated_one_but_a_public_one_not(grounded: Lab) -> None:
    grounded.must(doc("network", "third", network_offering="isolated", cidr="10.9.0.0/24"))
    grounded.must_refuse(
        doc("network", "fifth", network_offering="public", cidr="10.9.0.0/16"), "overlaps network 'third'"
    )
    grounded.must(doc("network", "fourth", network_offering="shared", cidr="10.9.0.0/24"))


def test_the_first_instance_is_placed_where_its_router_has_room_too(lab: Lab) -> None:
    lab.sizes |= {"test:///h1": {"memory": 600}, "test:///h2": {"memory": 1024}}
    lab.must(*ground(hosts=2), doc("service_offering", "packed", cpu_number=1, memory=512, deployment_planner="pack"))
    lab.must(doc("instance", "web", networks=["inside"], service_offering="packed"))
    assert {one["host"] for one in (*lab.read("instance"), *lab.read("router"))} == {"h2"}
    lab.must(doc("network", "another", network_offering="isolated"))
    lab.must_refuse(
        doc("instance", "b", networks=["another"], service_offering="packed"),
        "no host can take it and 1 virtual router (2 CPUs, 640 MiB)",
    )


@pytest.mark.parametrize(
    "document",
    [
        doc("firewall", ip_address=SOURCE, port=443),
        doc("firewall", ip_address=SOURCE, port=80, state="absent"),
        doc("portforward", ip_address=SOURCE, public_port=22, vm="web"),
        doc("static_nat", ip_address=SPARE, state="absent"),
        doc("ip_address", "192.0.2.12", network="inside"),
    ],
)
def test_what_a_router_cannot_be_told_is_not_stored(lab: Lab, document: Document) -> None:
    lab.must(*routed())
    before = lab.path.read_bytes()
    lab.lost.add("test:///h1")
    with pytest.raises(DriverError, match="host test:///h1 does not answer"):
        lab.apply(document, whole=False)
    assert lab.path.read_bytes() == before


def test_instances_of_a_network_are_on_the_host_of_its_router(lab: Lab) -> None:
    lab.must(*ground(hosts=3), *(doc("instance", f"i{n}", networks=["inside"]) for n in range(5)))
    assert len({one["host"] for one in [*lab.read("instance"), *lab.read("router")]}) == 1


def test_instances_elsewhere_are_refused(lab: Lab) -> None:
    lab.must(*ground(hosts=2), doc("instance", "web", networks=["inside"], host="h1"))
    lab.must_refuse(
        doc("instance", "far", networks=["inside"], host="h2"),
        "network 'inside' is on host 'h1', where its router is; name that host",
    )


def test_instances_of_a_network_that_spans_hosts_are_on_any(lab: Lab) -> None:
    lab.must(*spanning(hosts=3), *(doc("instance", f"i{n}", networks=["inside"]) for n in range(6)))
    assert {one["host"] for one in lab.read("instance")} == {"h1", "h2", "h3"}
    (router,) = lab.read("router")
    ident = lab.one("network", "inside")["id"]
    shapes = {host.networks[ident].shape for host in lab.hosts.values()}
    assert {(shape.mode, shape.vni, shape.gateway) for shape in shapes} == {("isolated", 4096, None)}
    configured = [host for host in lab.hosts.values() if host.configurations]
    assert [router["id"] in host.domains for host in configured] == [True]
    found = dict(next(iter(configured[0].configurations.values())).files)
    assert len(found["leases"].splitlines()) == 6
    assert "dhcp-option=option:mtu,1450\n" in found["dnsmasq.conf"]
    domains = [one.shape for host in lab.hosts.values() for one in host.domains.values() if one.shape]
    mtus = {card.network.rpartition("-")[0]: card.mtu for one in domains for card in one.cards}
    assert mtus == {"inside": 1450, "outside": None}
    assert not lab.drift().changed
    assert not lab.check(*spanning(hosts=3)).report.changed


def test_the_router_of_a_network_that_spans_hosts_is_where_room_is(lab: Lab) -> None:
    lab.sizes |= {"test:///h1": {"memory": 512}, "test:///h2": {"memory": 1024}}
    lab.must(*spanning(hosts=2), doc("service_offering", "large", cpu_number=1, memory=512))
    lab.must(doc("instance", "web", networks=["inside"], service_offering="large", host="h1"))
    assert [one["host"] for one in lab.read("router")] == ["h2"]
    # It has its network where its only instance is not.
    ident = lab.one("network", "inside")["id"]
    assert all(ident in host.networks for host in lab.hosts.values())
    assert lab.host("test:///h2").configurations


def test_networks_may_have_the_same_addresses(grounded: Lab) -> None:
    grounded.must(
        doc("network", "another", network_offering="isolated"), WEB, doc("instance", "b", networks=["another"])
    )
    assert sorted(one["name"] for one in grounded.read("router")) == ["r-another", "r-inside"]
    assert {one["default_ip"] for one in grounded.read("instance")} == {"10.1.1.2"}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (doc("router", "r-inside", state="started"), "there is none; the cloud makes it with the first instance"),
        (doc("instance", "web", networks=["outside"]), "network 'outside' is a public one, which takes no instances"),
        (doc("network", "other", network_offering="isolated", cidr="192.0.2.0/25"), "overlaps network 'outside'"),
        (doc("network", "l", network_offering="shared", cidr="10.9.0.0/24", source_nat_ip_address="192.0.2.9"),
         "only an isolated network with source_nat has one"),
    ],
)  # fmt: skip
def test_refusals(grounded: Lab, document: Document, sentence: str) -> None:
    grounded.must_refuse(document, sentence)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("router", "its zone has no template for virtual routers; make one with is_routing: true"),
        ("outside", "the zone has no public network; make one whose network offering has traffic_type PUBLIC"),
    ],
)
def test_what_an_isolated_network_needs(lab: Lab, missing: str, sentence: str) -> None:
    lab.must(*(one for one in ground() if one.name != missing))
    lab.must_refuse(WEB, sentence)


def test_a_router_belongs_to_its_network(grounded: Lab) -> None:
    grounded.must(WEB)
    grounded.must_refuse(doc("router", "r-inside", state="absent"), "it belongs to network 'inside'; remove that")
    grounded.must_refuse(doc("template", "router", state="absent"), "it is still used by router 'r-inside'")
    grounded.must_refuse(doc("ip_address", SOURCE, state="absent"), "it belongs to network 'inside'; remove that")


def test_a_router_is_no_default(grounded: Lab) -> None:
    """The template and the public network are the cloud's own: an instance gets the others."""
    grounded.must(doc("network", "inside", state="absent"), doc("instance", "plain"))
    plain = grounded.one("instance", "plain")
    assert (plain["template"], plain["networks"]) == ("tiny", ["net1"])


def test_recreated_takes_the_newest_template(grounded: Lab) -> None:
    grounded.must(WEB)
    grounded.now = "2026-02-01T00:00:00Z"
    grounded.must(doc("template", "newer", url="file:///images/setup.iso", format="RAW", is_routing=True))
    before = {one.id: one.live for one in grounded.host().domains.values()}
    done = grounded.must(doc("router", "r-inside", state="recreated"), whole=False)
    assert done.changed
    (router,) = grounded.read("router")
    assert router["template"] == "newer"
    assert grounded.host().domains[router["id"]].live != before[router["id"]]
    assert not grounded.must(*ground(), WEB).changed


def test_a_killed_router_and_a_lost_configuration_are_drift(grounded: Lab) -> None:
    grounded.must(WEB)
    (router,) = grounded.read("router")
    for break_it in (grounded.host().stop_domain, lambda ident, _timeout: grounded.host().reboot_domain(ident, 0)):
        break_it(router["id"], 0)
        assert grounded.drift().changed
        grounded.must(*ground(), WEB)
        assert not grounded.drift().changed
        assert grounded.host().domains[router["id"]].configured


def test_all_of_it_is_pruned_and_users_go_before_what_they_use(lab: Lab) -> None:
    lab.must(*routed(), applyset="all", removing=True)
    lab.must(applyset="all", removing=True)
    assert not lab.host().domains
    assert lab.read("network") == lab.read("template") == lab.read("router") == []
