# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Load balancer rules and their members."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError, DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc
from support.routed import SOURCE, SPARE, routed

SPARE2 = "192.0.2.12"


def rule(name: str = "http", address: str = SOURCE, port: int = 8080, **more: t.Any) -> Document:
    return doc("loadbalancer_rule", name, ip_address=address, public_port=port, **more)


def members(*vms: str, name: str = "https", **more: t.Any) -> Document:
    return doc("loadbalancer_rule_member", name=name, vms=list(vms), **more)


@pytest.fixture
def site(lab: Lab) -> Lab:
    lab.must(*routed(), doc("instance", "plain", networks=["net1"]), doc("ip_address", SPARE2, network="inside"))
    return lab


def of(site: Lab, name: str = "https") -> list[str]:
    return [vm for one in site.read("loadbalancer_rule_member", name=name) for vm in one["vms"]]


def served(site: Lab) -> list[str]:
    """The members that the router was given."""
    (given,) = site.host().configurations.values()
    return [line.split()[1] for line in given.files["haproxy.cfg"].splitlines() if line.startswith("  server ")]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (doc("loadbalancer_rule", "x", ip_address=SOURCE), "field public_port: it is missing; give the port"),
        (rule(port=80), "field public_port: portforward 'tcp 80' has it already; give other ports"),
        (rule(port=443), "field public_port: loadbalancer rule 'https' has it already; give other ports"),
        (rule(address=SPARE), "field ip_address: static nat '192.0.2.11' has all of its ports; remove that first"),
        (rule(cidr="2001:db8::/32"), "field cidr: 2001:db8::/32 is not IPv4, and nothing else passes"),
        (
            doc("portforward", ip_address=SOURCE, public_port=400, public_end_port=500, vm="web"),
            "field public_port: loadbalancer rule 'https' has it already; give other ports",
        ),
        (members("plain"), "field vms: instance 'plain' is not in network 'inside', which 192.0.2.10 is of"),
        (members("nobody"), "field vms: instance 'nobody' not found; make it first, or mend the name"),
        (members("web", ip_address=SPARE), "field ip_address: loadbalancer rule 'https' is of another address"),
        (doc("instance", "app", state="absent"), "it is still used by loadbalancer rule member 'app'"),
        (
            doc("instance", "app", networks=["net1"], force=True),
            "field networks: loadbalancer rule member 'app' leads to it in network 'inside'; remove that first",
        ),
    ],
)
def test_refusals(site: Lab, document: Document, sentence: str) -> None:
    site.must_refuse(document, sentence)


def test_a_port_of_the_other_protocol_is_another_port(site: Lab) -> None:
    site.must(doc("portforward", ip_address=SOURCE, public_port=443, protocol="udp", vm="web"))


def test_an_address_that_stands_for_an_instance_balances_nothing(site: Lab) -> None:
    site.must(rule(address=SPARE2))
    site.must_refuse(
        doc("static_nat", ip_address=SPARE2, vm="web"), "loadbalancer rule 'http' leads from it already; remove that"
    )


@pytest.mark.parametrize("written", [{}, {"vms": []}, {"state": "absent"}])
def test_members_are_named(written: dict[str, t.Any]) -> None:
    with pytest.raises(CairnError, match="field vms: it is missing; the resource is named after it"):
        doc("loadbalancer_rule_member", name="https", **written)


def test_one_and_several_members_are_not_named_together() -> None:
    with pytest.raises(CairnError, match="field vm: it is given together with vms; give one of them"):
        doc("loadbalancer_rule_member", name="https", vm="web", vms=["db"])


def test_members_are_added_and_taken_one_by_one(site: Lab) -> None:
    assert of(site) == ["app"]
    assert site.must(members("web", "db", "web")).changed
    assert of(site) == ["app", "db", "web"]
    assert not site.must(members("app", "db")).changed
    assert not site.must(doc("loadbalancer_rule_member", name="https", vm="web")).changed
    assert site.must(members("web", "app", state="absent")).changed
    assert of(site) == ["db"]
    assert served(site) == ["10.1.1.3"]
    assert not site.must(members("web", "app", state="absent")).changed


def test_a_check_predicts_what_is_done_to_members(site: Lab) -> None:
    for document in (members("web", "db"), members("db", "plain", state="absent"), rule(), rule(state="absent")):
        predicted = site.check(document).report
        done = site.must(document)
        assert [one.diff() for one in done.entries] == [one.diff() for one in predicted.entries]


def test_a_member_is_the_same_by_name_and_by_id(site: Lab) -> None:
    web = site.one("instance", "web")["id"]
    site.must(members("web"))
    assert not site.must(members(web)).changed
    assert site.must(members(web, state="absent")).changed
    assert of(site) == ["app"]


def test_the_address_tells_rules_of_one_name_apart(site: Lab) -> None:
    site.must(rule("https", address=SPARE2))
    with pytest.raises(CairnError, match="there are several loadbalancer rules 'https'; name one by its id"):
        site.apply(members("web"))
    site.must(members("web", ip_address=SPARE2))
    (member,) = site.read("loadbalancer_rule_member", ip_address=SPARE2)
    assert (member["name"], member["vms"], member["vm"]) == ("https", ["web"], "web")


def test_members_follow_the_addresses_of_their_instances(site: Lab) -> None:
    assert served(site) == ["10.1.1.4"]
    site.must(doc("instance", "app", ip_address="10.1.1.60", force=True), whole=False)
    assert served(site) == ["10.1.1.60"]


def test_a_rule_without_members_leads_nowhere_and_is_not_answered(site: Lab) -> None:
    site.must(members("app", state="absent"), whole=False)
    (given,) = site.host().configurations.values()
    assert "listen" not in given.files["haproxy.cfg"]
    assert "tcp dport 443 accept" not in given.files["router.nft"].partition("chain forward")[0]


def test_a_rule_takes_its_members_along(site: Lab) -> None:
    site.must(members("web"))
    site.must(doc("loadbalancer_rule", "https", ip_address=SOURCE, state="absent"), whole=False)
    assert site.read("loadbalancer_rule") == site.read("loadbalancer_rule_member") == []
    assert served(site) == []
    site.must(doc("instance", "app", state="absent"), whole=False)


def test_a_removal_that_was_cut_short_is_finished(site: Lab) -> None:
    gone = doc("loadbalancer_rule", "https", ip_address=SOURCE, state="absent")
    site.watch(Fuse(1))
    with pytest.raises(Interrupted):
        site.apply(gone, whole=False)
    site.watch(lambda _call: None)
    site.must(gone, whole=False)
    assert served(site) == []
    with site.store() as store, store.reading() as tx:
        assert tx.select("loadbalancer_rule", "loadbalancer_rule_member", removing=None) == []


def test_a_member_that_is_no_longer_described_is_pruned(lab: Lab) -> None:
    documents = [one for one in routed() if one.kind.name != "loadbalancer_rule_member"]
    lab.must(*documents, members("web", "app"), applyset="all", removing=True)
    lab.must(*documents, members("app"), applyset="all", removing=True)
    assert of(lab) == ["app"]
    assert not lab.must(*documents, members("app"), applyset="all", removing=True).changed


def test_what_follows_is_filled_in_and_stays(site: Lab) -> None:
    site.must(rule())
    found = site.one("loadbalancer_rule", "http")
    assert (found["private_port"], found["algorithm"], found["network"]) == (8080, "source", "inside")
    site.must(rule(private_port=81, algorithm="roundrobin"))
    site.must(rule(description="of the shop"))
    assert site.one("loadbalancer_rule", "http")["private_port"] == 81


@pytest.mark.parametrize("document", [rule(), members("web"), members("app", state="absent"), rule("https", port=443,
                                      state="absent")])  # fmt: skip
def test_what_a_router_cannot_be_told_is_not_stored(site: Lab, document: Document) -> None:
    before = site.path.read_bytes()
    site.lost.add("test:///h1")
    with pytest.raises(DriverError, match="host test:///h1 does not answer"):
        site.apply(document, whole=False)
    assert site.path.read_bytes() == before


def test_a_rule_that_no_router_can_follow_is_named(site: Lab) -> None:
    with site.store() as store, store.transaction(commit=True) as tx:
        (found,) = tx.select("loadbalancer_rule")
        tx.update(dc.replace(found, spec=found.spec | {"private_port": 0}))
    with site.cloud() as cloud, pytest.raises(CairnError, match=r"r-inside.*0-0 are not ports; mend the rules of"):
        cloud.drift()
