# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What leads from a public address to an instance: port forwards and static NAT."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc
from support.routed import SOURCE, SPARE, routed

SPARE2 = "192.0.2.12"


@pytest.fixture
def site(lab: Lab) -> Lab:
    lab.must(*routed(), doc("instance", "plain", networks=["net1"]), doc("ip_address", SPARE2, network="inside"))
    return lab


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (doc("portforward", ip_address=SOURCE, public_port=22), "field vm: it is missing; name the instance"),
        (doc("portforward", ip_address=SOURCE, vm="web"), "field public_port: it is missing; give the first port"),
        (
            doc("portforward", ip_address=SOURCE, public_port=22, vm="plain"),
            "instance 'plain' is not in network 'inside'",
        ),
        (
            doc("portforward", ip_address=SPARE, public_port=22, vm="web"),
            "static nat '192.0.2.11' has all of its ports",
        ),
        (
            doc("portforward", ip_address=SOURCE, public_port=70, public_end_port=90, vm="web"),
            "portforward 'tcp 80' has it already",
        ),
        (
            doc("portforward", ip_address=SOURCE, public_port=9, public_end_port=8, vm="web"),
            "8 is less than public_port, 9",
        ),
        (
            doc("portforward", ip_address=SOURCE, public_port=8, private_end_port=9, vm="web"),
            "as many ports as are called would end at 8",
        ),
        (
            doc("portforward", ip_address=SOURCE, public_port=1, public_end_port=50, private_port=65500, vm="web"),
            "field private_port: as many ports as are called would end at 65549, and there are 65535; give a lower one",
        ),
        (
            doc("portforward", ip_address=SOURCE, public_port=1024, public_end_port=2048, private_port=3, vm="web"),
            "field public_end_port: 1025 ports cannot lead to other ones, at most 1024; give fewer, or the same",
        ),
        (doc("static_nat", ip_address=SOURCE, vm="web"), "all instances of its network have 192.0.2.10 outside"),
        (doc("static_nat", ip_address=SPARE2, vm="db"), "static nat '192.0.2.11' stands for it already"),
        (doc("static_nat", ip_address=SPARE2, vm="plain"), "instance 'plain' is not in network 'inside'"),
        (doc("ip_address", SPARE, state="absent"), "it is still used by firewall"),
        (doc("instance", "web", state="absent"), "it is still used by portforward 'tcp 80'"),
    ],
)
def test_refusals(site: Lab, document: Document, sentence: str) -> None:
    site.must_refuse(document, sentence)


def test_ports_are_completed(site: Lab) -> None:
    site.must(
        doc("portforward", ip_address=SOURCE, public_port=5000, public_end_port=5009, private_port=6000, vm="web")
    )
    found = site.one("portforward", "tcp 5000")
    assert (found["private_port"], found["private_end_port"], found["vm_guest_ip"]) == (6000, 6009, "10.1.1.2")
    site.must(doc("portforward", ip_address=SOURCE, public_port=5000, private_port=7000))
    assert site.one("portforward", "tcp 5000")["private_end_port"] == 7009


def rules_of_the_router(site: Lab) -> str:
    (given,) = site.host().configurations.values()
    return given.files["router.nft"]


def test_what_leads_to_an_instance_follows_its_address(site: Lab) -> None:
    for name, taken in (("web", "10.1.1.50"), ("db", "10.1.1.51")):
        site.must(doc("instance", name, ip_address=taken, force=True), whole=False)
    site.must(doc("instance", "new", networks=["inside"], ip_address="10.1.1.2"), whole=False)
    assert site.one("portforward", "tcp 80")["vm_guest_ip"] == "10.1.1.50"
    assert site.one("static_nat", SPARE)["vm_guest_ip"] == "10.1.1.51"
    assert "dnat ip to 10.1.1.50:8080" in rules_of_the_router(site)
    assert f"ip daddr {SPARE} dnat ip to 10.1.1.51" in rules_of_the_router(site)
    assert "ip to 10.1.1.2" not in rules_of_the_router(site)


@pytest.mark.parametrize(("name", "leads"), [("web", "portforward 'tcp 80'"), ("db", "static nat '192.0.2.11'")])
def test_an_instance_stays_where_something_leads_to_it(site: Lab, name: str, leads: str) -> None:
    site.must_refuse(
        doc("instance", name, networks=["net1"], force=True),
        f"field networks: {leads} leads to it in network 'inside'; remove that first",
    )


def test_an_instance_leaves_when_what_leads_to_it_goes(lab: Lab) -> None:
    kept = [one for one in routed() if one.name not in ("web", "tcp 80") and one.spec.get("vm") != "web"]
    lab.must(*routed(), applyset="all", removing=True)
    lab.must(*kept, doc("instance", "web", networks=["net1"], force=True), applyset="all", removing=True)
    assert lab.one("instance", "web")["networks"] == ["net1"]
    assert not lab.read("portforward")


def test_an_address_is_free_again(site: Lab) -> None:
    site.must(doc("ip_address", SPARE2, state="absent"), whole=False)
    site.must(doc("ip_address", SPARE2, network="inside"), whole=False)
