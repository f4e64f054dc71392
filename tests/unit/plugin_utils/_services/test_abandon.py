# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A host that does not answer holds up what is removed from it, unless that is forced."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import LED
from support.audit import audit
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc
from support.routed import SOURCE, SPARE, routed, spanning
from support.sample import H1, H2, foundation, web


@pytest.fixture
def silent(lab: Lab) -> Lab:
    """Two hosts with an instance each, the second of which does not answer any more."""
    lab.must(*foundation(2), web("one", host="h1"), web("two", host="h2"))
    lab.lost.add(H2)
    return lab


def test_a_removal_waits_for_a_host_that_does_not_answer(silent: Lab) -> None:
    with pytest.raises(DriverError, match="does not answer"):
        silent.apply(web("two", state="absent"), whole=False)
    assert len(silent.read("instance")) == 2


def test_a_forced_removal_forgets_what_is_left_behind(silent: Lab) -> None:
    gone = (web("two", state="absent", force=True), doc("host", "h2", state="absent", force=True))
    for document in gone:
        predicted = silent.check(document, whole=False)
        assert predicted.errors == []
        report = silent.must(document, whole=False)
        assert [entry.diff() for entry in report.entries] == [entry.diff() for entry in predicted.report.entries]
        (warning,) = (text for text in report.all_warnings if "left behind" in text)
        assert warning.startswith("host 'h2': it does not answer; what it has of this is forgotten")
        assert predicted.report.all_warnings == report.all_warnings
        assert not silent.must(document, whole=False).changed
    assert [one["name"] for one in silent.read("instance")] == ["one"]
    assert [one["name"] for one in silent.read("volume")] == ["ROOT-one"]
    assert [one["name"] for one in silent.read("host")] == ["h1"]
    assert not silent.must().changed
    assert len(silent.hosts[H2].domains) == 1


def test_an_isolated_network_goes_though_the_host_of_its_router_is_lost(lab: Lab) -> None:
    lab.must(*routed(2))
    (router,) = lab.read("router")
    lab.lost.add(f"test:///{router['host']}")
    rules = (*LED, "loadbalancer_rule", "firewall", "vpn_user", "remote_access_vpn")
    gone = [
        *(doc(one["kind"], id=one["id"], state="absent", force=True) for one in existing(lab, *rules)),
        *(doc("ip_address", SPARE, state="absent", force=True), doc("instance", "web", state="absent", force=True)),
        doc("instance", "app", state="absent", force=True),
        *(doc("instance", "db", state="absent", force=True), doc("network", "inside", state="absent", force=True)),
        doc("host", router["host"], state="absent", force=True),
    ]
    for document in gone:
        predicted = lab.check(document, whole=False)
        report = lab.must(document, whole=False)
        assert "left behind" in " ".join(report.all_warnings)
        assert predicted.report.all_warnings == report.all_warnings
    assert existing(lab, "router", "ip_address", *rules) == []
    assert not lab.must().changed


def test_a_rule_takes_its_members_along_though_their_host_is_lost(lab: Lab) -> None:
    lab.must(*routed())
    lab.lost.add("test:///h1")
    gone = doc("loadbalancer_rule", "https", ip_address=SOURCE, state="absent", force=True)
    assert "left behind" in " ".join(lab.must(gone, whole=False).all_warnings)
    assert existing(lab, "loadbalancer_rule", "loadbalancer_rule_member") == []
    with lab.store() as store, store.reading() as tx:
        assert tx.select("loadbalancer_rule_member", removing=True) == []


@pytest.fixture
def unserved(lab: Lab) -> Lab:
    """A network that spans two hosts. That of its router and guest web does not answer any more, db is on the other."""
    lab.must(*spanning(2))
    lab.must(*(doc("instance", name, networks=["inside"], host=host) for name, host in (("web", "h1"), ("db", "h2"))))
    lab.lost.add(H1)
    return lab


def test_a_router_waits_for_its_host_unless_it_is_forced(unserved: Lab) -> None:
    with pytest.raises(DriverError, match="does not answer"):
        unserved.apply(doc("router", "r-inside", host="h2"), whole=False)
    assert unserved.read("router")[0]["host"] == "h1"


def test_a_forced_router_is_made_anew_elsewhere_and_the_host_can_be_forgotten(unserved: Lab) -> None:
    moved = doc("router", "r-inside", host="h2", force=True)
    predicted = unserved.check(moved, whole=False)
    assert predicted.errors == []
    report = unserved.must(moved, whole=False)
    assert [entry.diff() for entry in report.entries] == [entry.diff() for entry in predicted.report.entries]
    assert predicted.report.all_warnings == report.all_warnings
    assert "host 'h1': it does not answer; what it has of this is forgotten and left behind" in report.all_warnings[0]
    (router,) = unserved.read("router")
    assert (router["host"], router.get("last_host"), router.get("last_storage")) == ("h2", None, None)
    assert unserved.host(H2).domains[router["id"]].configured
    unserved.must(doc("instance", "web", state="absent", force=True), whole=False)
    unserved.must(doc("host", "h1", state="absent", force=True), whole=False)
    assert not unserved.must().changed
    unserved.must(doc("instance", "another", networks=["inside"]))
    assert [problem for problem in audit(unserved) if not problem.startswith(f"{H1}: ")] == []


def test_a_move_whose_old_host_was_lost_meanwhile_is_ended_by_force(unserved: Lab) -> None:
    unserved.lost.clear()
    unserved.watch(Fuse(1))
    with contextlib.suppress(Interrupted):
        unserved.apply(doc("router", "r-inside", host="h2"), whole=False)
    unserved.watch(lambda call: None)
    unserved.lost.add(H1)
    unserved.must(doc("router", "r-inside", host="h2", force=True), whole=False)
    (router,) = unserved.read("router")
    assert (router["host"], router.get("last_host")) == ("h2", None)
    assert unserved.host(H2).domains[router["id"]].active


def test_a_forced_router_moves_as_ever_from_a_host_that_answers(unserved: Lab) -> None:
    unserved.lost.clear()
    assert unserved.must(doc("router", "r-inside", host="h2", force=True), whole=False).all_warnings == []
    (router,) = unserved.read("router")
    assert [router["id"] in unserved.host(url).domains for url in (H1, H2)] == [False, True]


def test_a_router_is_not_forced_onto_a_host_that_does_not_answer(unserved: Lab) -> None:
    unserved.lost.add(H2)
    with pytest.raises(DriverError, match="host test:///h2 does not answer"):
        unserved.apply(doc("router", "r-inside", host="h2", force=True), whole=False)
    assert unserved.read("router")[0]["host"] == "h1"


def existing(lab: Lab, *kinds: str) -> list[dict[str, t.Any]]:
    return [one | {"kind": kind} for kind in kinds for one in lab.read(kind)]


def test_force_removes_what_can_be_removed(silent: Lab) -> None:
    silent.lost.clear()
    assert silent.must(web("two", state="absent", force=True), whole=False).all_warnings == []
    assert silent.hosts[H2].domains == {}


def test_what_else_concerns_the_host_is_still_an_error(silent: Lab) -> None:
    result = silent.apply(web("two", state="absent", force=True))
    assert [one["name"] for one in silent.read("instance")] == ["one"]
    assert "does not answer" in str(result.errors[0])
    with pytest.raises(DriverError, match="does not answer"):
        silent.apply(web("three", host="h2"), whole=False)
