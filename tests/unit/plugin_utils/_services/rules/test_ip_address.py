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
        (doc("ip_address", "192.0.2.99", network="inside"), "192.0.2.99 is no address that a public network"),
    ],
)
def test_refusals(lab: Lab, document: Document, sentence: str) -> None:
    lab.must(*routed())
    lab.must_refuse(document, sentence)


def test_an_address_is_of_one_network(lab: Lab) -> None:
    lab.must(*routed(), doc("network", "second", network_offering="isolated", source_nat_ip_address=SPARE))
    lab.must_refuse(doc("instance", "b", networks=["second"]), f"{SPARE} is taken by ip address '{SPARE}'")


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
