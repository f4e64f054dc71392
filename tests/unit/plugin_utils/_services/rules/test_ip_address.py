# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Public addresses of isolated networks."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc
from support.routed import SOURCE, SPARE, ground, routed


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (doc("ip_address", "192.0.2.13"), "field network: it is missing; name the isolated network"),
        (doc("ip_address", "192.0.2.13", network="net1"), "network 'net1' has no router; name an isolated network"),
        (doc("ip_address", "192.0.2.99", network="inside"), "does not hand out 192.0.2.99; choose one"),
    ],
)
def test_refusals(lab: Lab, document: Document, sentence: str) -> None:
    lab.must(*routed())
    lab.must_refuse(document, sentence)


def two_outsides() -> list[Document]:
    return [*ground(), doc("network", "world", network_offering="public", cidr="203.0.113.0/24")]


def test_all_addresses_of_a_network_are_of_one_public_network(lab: Lab) -> None:
    lab.must(*two_outsides(), doc("instance", "web", networks=["inside"]))
    lab.must_refuse(
        doc("ip_address", "203.0.113.9", network="inside"),
        "network 'outside', of which network 'inside' has its others, does not hand out 203.0.113.9; choose one",
    )


def test_a_router_is_where_its_networks_addresses_are(lab: Lab) -> None:
    lab.must(*two_outsides(), doc("ip_address", "203.0.113.9", network="inside"))
    lab.must(doc("instance", "web", networks=["inside"]), whole=False)
    (router,) = lab.read("router")
    assert router["public_network"] == "world"
    assert {one["ip_address"] for one in lab.read("ip_address")} == {"203.0.113.9", "203.0.113.2"}


@pytest.mark.parametrize(
    "document",
    [
        doc("ip_address", SPARE, network="alone"),
        doc("firewall", type="egress", network="alone", port=25),
    ],
)
def test_a_network_without_an_outside_has_nothing_to_do_with_it(lab: Lab, document: Document) -> None:
    closed = doc("network_offering", "closed", guest_ip_type="Isolated", source_nat=False)
    lab.must(*ground(), closed, doc("network", "alone", network_offering="closed"))
    lab.must_refuse(
        document, "field network: network 'alone' has no outside, as network offering 'closed' says; name one with"
    )
    lab.must_refuse(
        doc("network", "more", network_offering="closed", source_nat_ip_address=SPARE),
        "field source_nat_ip_address: only an isolated network with source_nat has one",
    )
    lab.must(doc("instance", "web", networks=["alone"]))
    (router,) = lab.read("router")
    assert "public_network" not in router


def test_the_address_that_instances_have_outside_can_be_named(lab: Lab) -> None:
    lab.must(*routed())
    for document in (doc("ip_address", SOURCE), doc("ip_address", SOURCE, network="inside")):
        assert not lab.must(document).changed
    lab.must_refuse(doc("ip_address", SOURCE, tags={"a": "b"}), "it belongs to network 'inside'; change it there")


def test_an_address_is_of_one_network(lab: Lab) -> None:
    lab.must(*routed())
    lab.must_refuse(
        doc("network", "second", network_offering="isolated", source_nat_ip_address=SPARE),
        f"field source_nat_ip_address: {SPARE} is taken by ip address '{SPARE}'",
    )


def test_all_addresses_are_taken(lab: Lab) -> None:
    documents = [one for one in ground() if one.name != "outside"]
    lab.must(
        *documents,
        doc("network", "outside", network_offering="public", cidr="192.0.2.0/24", start_ip=SOURCE, end_ip=SOURCE),
        doc("instance", "web", networks=["inside"]),
        doc("network", "second", network_offering="isolated"),
    )
    lab.must_refuse(doc("instance", "b", networks=["second"]), "all 1 addresses of network 'outside' are taken")


def test_an_address_may_come_before_any_instance(lab: Lab) -> None:
    lab.must(*ground(), doc("ip_address", SOURCE, network="inside"))
    lab.must(doc("instance", "web", networks=["inside"]), whole=False)
    assert {one["ip_address"]: one["is_source_nat"] for one in lab.read("ip_address")} == {SOURCE: False, SPARE: True}
