# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Instances that get another host: with all that is theirs, as a check run says, and never twice."""

from __future__ import annotations

import contextlib
import itertools
import typing as t
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Route
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.moving import route_between
from support.audit import audit
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc
from support.routed import ground, spanning
from support.sample import H1, H2, foundation, web


@pytest.fixture
def two() -> Iterator[Lab]:
    """Two hosts; web1 runs on h1 with a volume of its own and one that is attached, in a security group."""
    with Lab() as lab:
        lab.must(
            *foundation(2),
            doc("disk_offering", "five", disk_size=5),
            doc("security_group", "front"),
            doc("ssh_key", "alice", public_key="ssh-ed25519 AAAA alice"),
            web(host="h1", networks=["net1"], security_groups=["front"], disk_offering="five", ssh_keys=["alice"]),
            doc("volume", "data", size=3, vm="web1"),
        )
        yield lab


def places(lab: Lab) -> dict[str, tuple[str, bool]]:
    """Where each machine is, and whether it runs there; one that is twice anywhere fails."""
    found: dict[str, tuple[str, bool]] = {}
    for url, host in lab.hosts.items():
        for one in host.domains.values():
            name = one.name.rpartition("-")[0]
            assert name not in found, f"{name} is on two hosts"
            found[name] = (url, one.active)
    return found


def running(lab: Lab) -> list[str]:
    return [one.id for host in lab.hosts.values() for one in host.domains.values() if one.active and not one.paused]


def agreed(lab: Lab, *documents: Document, **how: t.Any) -> None:
    """A check run says what a run does, and a second run does nothing."""
    told = lab.check(*documents, **how).report
    done = lab.must(*documents, **how)
    assert told.entries == done.entries
    assert told.warnings == done.warnings
    assert not lab.must(*documents, **how).changed
    assert audit(lab) == []


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("state", ["started", "stopped"])
def test_another_host_takes_it_with_all_that_is_its_own(two: Lab, state: str, whole: bool) -> None:
    two.must(web(state=state, force=True))
    files = {name for name in two.host(H1).files["/var/lib/cairn/primary"] if name.startswith("volume-")}
    two.host(H1).calls.clear()
    agreed(two, web(host="h2"), whole=whole)
    assert places(two) == {"web1": (H2, state == "started")}
    assert files == {name for name in two.host(H2).files["/var/lib/cairn/primary"] if name.startswith("volume-")}
    assert {one["host"] for one in two.read("volume")} == {"h2"}
    assert two.one("instance", "web1").get("last_host") is None
    moved = {"started": "migrate_domain", "stopped": "undefine_domain"}[state]
    assert moved in two.host(H1).calls
    assert "stop_domain" not in two.host(H1).calls
    assert not [call for call in two.host(H2).calls if call in ("start_domain", "reboot_domain")][: state == "started"]


def test_it_comes_back_and_changes_meanwhile(two: Lab) -> None:
    two.must(web(host="h2"))
    agreed(two, web(host="h1", display_name="Home again", security_groups=[]))
    assert places(two) == {"web1": (H1, True)}


def test_the_document_without_a_host_leaves_it_where_it_is(two: Lab) -> None:
    two.must(web(host="h2"))
    assert not two.must(web()).changed


@pytest.mark.parametrize(
    ("before", "document", "sentence"),
    [
        (
            [doc("volume_snapshot", "kept", volume="data")],
            web(host="h2"),
            "volume snapshot 'kept' of it is on its host's",
        ),
        ([doc("instance_snapshot", "kept", vm="web1")], web(host="h2"), "of it is on its host's storage"),
        ([web(state="destroyed")], web(host="h2"), "it is destroyed and has nothing that could be moved"),
        ([], web(host="h2", state="destroyed"), "what is destroyed is not moved"),
        ([doc("host", "h2", state="disabled")], web(host="h2"), "is disabled"),
        ([doc("host", "h2", virt_type="qemu")], web(host="h2"), "h1 by kvm and h2 by qemu qemu64 run theirs"),
        ([doc("host", "h2", cpu_model="Westmere")], web(host="h2"), "h1 by kvm and h2 by kvm Westmere run theirs"),
    ],
)
def test_what_cannot_move_is_refused(two: Lab, before: list[Document], document: Document, sentence: str) -> None:
    two.must(*before)
    two.must_refuse(document, sentence)


def test_another_processor_is_no_hindrance_to_one_that_does_not_run(two: Lab) -> None:
    two.must(doc("host", "h2", virt_type="qemu"), web(state="stopped", force=True))
    agreed(two, web(host="h2", state="started"))
    assert places(two) == {"web1": (H2, True)}


def test_a_move_that_fails_leaves_it_where_it_is(two: Lab) -> None:
    before = two.host(H2).state()["files"]
    two.host(H2).unfit = "the guest needs a machine type that is not here"
    result = two.apply(web(host="h2"))
    (error,) = map(str, result.errors)
    assert error == (
        "instance 'web1': it cannot be moved to host 'h2': the guest needs a machine type that is not here; "
        "it stays on host 'h1'"
    )
    assert places(two) == {"web1": (H1, True)}
    assert two.one("instance", "web1")["host"] == "h1"
    assert not [
        one for one in two.host(H2).state()["files"]["/var/lib/cairn/primary"] if one.startswith(("vol", "seed"))
    ]
    assert before
    assert not two.must(web()).changed
    assert audit(two) == []


@pytest.mark.parametrize("lost", [H1, H2])
def test_a_host_that_does_not_answer_is_named_before_anything_is_stored(two: Lab, lost: str) -> None:
    two.lost.add(lost)
    assert "does not answer" in two.refusal(web(host="h2"))


@pytest.mark.parametrize("state", ["started", "stopped"])
def test_a_move_that_is_cut_short_anywhere_is_finished_by_the_next_run(two: Lab, state: str) -> None:
    two.must(web(state=state, force=True))
    for moment in itertools.count(1, 3):
        with two.copy() as lab:
            lab.watch(Fuse(moment))
            try:
                lab.apply(web(host="h2"), whole=False)
            except Interrupted:
                pass
            else:
                break
            assert len(running(lab)) <= 1
            lab.watch(lambda call: None)
            told = lab.check(web()).report
            done = lab.must(web())
            assert told.entries == done.entries
            assert places(lab) == {"web1": (H2, state == "started")}
            assert not lab.must(web()).changed
            assert audit(lab) == []
    assert moment > 10


_STEPS = st.tuples(
    st.sampled_from(("web1", "web2")),
    st.sampled_from(("h1", "h2", "h3")),
    st.sampled_from(("started", "stopped")),
    st.integers(1, 60),
)


@given(st.lists(_STEPS, min_size=1, max_size=3))
@settings(max_examples=settings().max_examples // 4, deadline=None)
def test_any_moves_that_are_cut_short_anywhere(steps: list[tuple[str, str, str, int]]) -> None:
    """Machines that go from host to host, each time by a run that dies and one that does not."""
    with Lab() as lab:
        lab.must(
            *foundation(3),
            web(networks=["net1"]),
            web("web2", networks=["net1"]),
            doc("volume", "data", size=3, vm="web1"),
        )
        for name, host, state, moment in steps:
            document = web(name, networks=["net1"], host=host, state=state)
            lab.watch(Fuse(moment))
            with contextlib.suppress(Interrupted):
                lab.apply(document, whole=False)
            lab.watch(lambda call: None)
            assert len(running(lab)) == len(set(running(lab)))
            told = lab.check(document).report
            assert told.entries == lab.must(document).entries
            assert places(lab)[name] == (f"test:///{host}", state == "started")
            assert not lab.must(document).changed
            assert audit(lab) == []


def test_one_that_is_on_its_way_gets_no_third_host(two: Lab) -> None:
    two.must(doc("host", "h3", url="test:///h3"))
    two.watch(Fuse(1))
    with contextlib.suppress(Interrupted):
        two.apply(web(host="h2"))
    two.watch(lambda call: None)
    two.must_refuse(web(host="h3"), "it is still on its way from h1 to h2")
    two.must_refuse(doc("volume", "data", state="detached"), "its instance is on its way to another host with it")
    assert "with a volume that stays" in two.refusal(web(state="absent"))


def test_the_only_copy_is_on_a_host_that_does_not_answer(two: Lab) -> None:
    two.watch(Fuse(1))
    with contextlib.suppress(Interrupted):
        two.apply(web(host="h2"))
    two.watch(lambda call: None)
    two.lost.add(H1)
    errors = [str(error) for error in two.apply(whole=True).errors]
    assert any("the host that it comes from does not answer" in error for error in errors)
    assert not two.host(H2).domains


def test_a_host_in_maintenance_is_emptied_of_what_runs(two: Lab) -> None:
    two.must(web("idle", state="stopped", host="h1"))
    agreed(two, doc("host", "h1", state="maintenance"), whole=False)
    assert places(two) == {"web1": (H2, True), "idle": (H1, False)}
    two.must_refuse(web("idle", state="started"), "its host 'h1' is in maintenance")
    assert not two.must(web(state="started")).changed
    two.must(web("idle", state="started", host="h2"))
    assert places(two) == {"web1": (H2, True), "idle": (H2, True)}


def test_a_host_is_not_half_emptied(two: Lab) -> None:
    two.must(web("web2", host="h1"), doc("volume_snapshot", "kept", volume="data"))
    told = two.refusal(doc("host", "h1", state="maintenance"))
    assert told.startswith("host 'h1', field state: these cannot leave it, and nothing is moved: instance 'web1': ")
    assert "web2" not in told
    assert places(two) == {"web1": (H1, True), "web2": (H1, True)}


def test_a_host_whose_neighbours_are_full_is_not_emptied(two: Lab) -> None:
    two.must(
        doc("service_offering", "huge", cpu_number=1, memory=15000), web("web2", host="h2", service_offering="huge")
    )
    two.must(web("web3", host="h1", service_offering="huge"))
    told = two.refusal(doc("host", "h1", state="maintenance"))
    assert "instance 'web3': no other host of its cluster can take it" in told
    assert "instance 'web1'" not in told


def test_what_is_moved_is_encrypted_unless_both_hosts_say_no(two: Lab) -> None:
    for plain in ([], ["h2"], ["h1", "h2"]):
        two.must(*(doc("host", name, migration_tls=False) for name in plain))
        two.must(web(host="h2"))
        assert [one.plain for one in two.host(H1).routes][-1:] == [len(plain) == 2]
        two.must(web(host="h1"))


@pytest.mark.parametrize(
    ("url", "address", "route"),
    [
        ("qemu+tls://n2.example.com/system", None, Route("n2.example.com", "n2.example.com")),
        ("qemu+ssh://root@n2:2222/system", None, Route("n2", "n2")),
        ("qemu+tls://n2.example.com/system", "10.9.9.2", Route("10.9.9.2", "n2.example.com")),
        ("qemu+unix:///system?socket=/run/x", "10.9.9.2", Route("10.9.9.2", "10.9.9.2")),
        ("qemu:///system", None, Route()),
    ],
)
def test_where_a_host_is_reached_and_whom_its_certificate_names(url: str, address: str | None, route: Route) -> None:
    host = Resource("1", "host", "n2", {"url": url, "migration_address": address})
    assert route_between(host, host) == route


@pytest.fixture
def spanned(lab: Lab) -> Lab:
    """Guests web and db run on h1 and h2 in an isolated network that can be on all hosts; its router is on h1."""
    lab.must(*spanning(2))
    lab.must(*(doc("instance", name, networks=["inside"], host=host) for name, host in (("web", "h1"), ("db", "h2"))))
    return lab


@pytest.mark.parametrize("whole", [True, False])
def test_instances_of_a_network_that_spans_hosts_go_and_come(spanned: Lab, whole: bool) -> None:
    agreed(spanned, doc("instance", "db", host="h1"), whole=whole)
    agreed(spanned, doc("instance", "web", host="h2"), whole=whole)
    assert places(spanned) == {"web": (H2, True), "db": (H1, True), "r-inside": (H1, True)}


@pytest.mark.parametrize("whole", [True, False])
def test_a_host_in_maintenance_is_left_by_the_router_too(spanned: Lab, whole: bool) -> None:
    spanned.host(H1).calls.clear()
    agreed(spanned, doc("host", "h1", state="maintenance"), whole=whole)
    assert places(spanned) == {"web": (H2, True), "db": (H2, True), "r-inside": (H2, True)}
    # What it was given goes with it.
    assert "configure_router" not in spanned.host(H2).calls
    assert "stop_domain" not in spanned.host(H1).calls
    assert spanned.read("router")[0].get("last_host") is None
    assert not spanned.drift().changed


@pytest.mark.parametrize("state", ["started", "stopped"])
def test_a_router_goes_to_the_host_that_it_is_told(spanned: Lab, state: str) -> None:
    spanned.must(doc("router", "r-inside", state=state), whole=False)
    for host, url in (("h2", H2), ("h1", H1)):
        agreed(spanned, doc("router", "r-inside", host=host), whole=False)
        assert places(spanned)["r-inside"] == (url, state == "started")
    assert not spanned.must(*spanning(2)).changed


def test_a_stopped_router_is_started_elsewhere(spanned: Lab) -> None:
    spanned.must(doc("router", "r-inside", state="stopped"), whole=False)
    spanned.must(doc("host", "h1", state="maintenance"))
    assert places(spanned)["r-inside"] == (H1, False)
    spanned.must_refuse(doc("router", "r-inside", state="started"), "its host 'h1' is in maintenance")
    agreed(spanned, doc("router", "r-inside", state="started", host="h2"), whole=False)
    assert places(spanned)["r-inside"] == (H2, True)
    assert "configure_router" in spanned.host(H2).calls


@pytest.mark.parametrize(
    ("before", "fields", "sentence"),
    [
        ([doc("host", "h2", virt_type="qemu")], {"host": "h2"}, "h1 by kvm and h2 by qemu qemu64 run theirs; stop it"),
        ([doc("host", "h2", state="disabled")], {"host": "h2"}, "it cannot go there: "),
        ([doc("template", "newer", url="file:///images/setup.iso", format="RAW", is_routing=True)],
         {"host": "h2", "state": "recreated"}, "it is made anew from another template as well; do one after the other"),
    ],
)  # fmt: skip
def test_where_a_router_cannot_go(
    spanned: Lab, before: list[Document], fields: dict[str, t.Any], sentence: str
) -> None:
    spanned.now = "2026-02-01T00:00:00Z"
    spanned.must(*before)
    spanned.must_refuse(doc("router", "r-inside", **fields), sentence)


def test_a_router_that_cannot_be_moved_stays_and_serves(spanned: Lab) -> None:
    spanned.host(H2).unfit = "the guest needs a machine type that is not here"
    (error,) = map(str, spanned.apply(doc("router", "r-inside", host="h2"), whole=False).errors)
    assert error.startswith("router 'r-inside': it cannot be moved to host 'h2': the guest needs a machine type")
    assert error.endswith("it stays on host 'h1'")
    assert places(spanned)["r-inside"] == (H1, True)
    assert spanned.read("router")[0]["host"] == "h1"
    assert not spanned.must().changed
    assert audit(spanned) == []


@pytest.mark.parametrize("state", ["started", "stopped"])
def test_a_routers_move_that_is_cut_short_anywhere_is_finished_by_the_next_run(spanned: Lab, state: str) -> None:
    spanned.must(doc("router", "r-inside", state=state), whole=False)
    for moment in itertools.count(1):
        with spanned.copy() as lab:
            lab.watch(Fuse(moment))
            try:
                lab.apply(doc("router", "r-inside", host="h2"), whole=False)
            except Interrupted:
                pass
            else:
                break
            lab.watch(lambda call: None)
            told = lab.check().report
            done = lab.must()
            assert told.entries == done.entries
            assert places(lab)["r-inside"] == (H2, state == "started")
            assert not lab.must().changed
            assert audit(lab) == []
    assert moment > 3


def test_a_network_goes_while_its_router_is_on_its_way(spanned: Lab) -> None:
    for moment in range(1, 8):
        with spanned.copy() as lab:
            lab.watch(Fuse(moment))
            with contextlib.suppress(Interrupted):
                lab.apply(doc("router", "r-inside", host="h2"), whole=False)
            lab.watch(lambda call: None)
            for kind, name in (("instance", "web"), ("instance", "db"), ("network", "inside")):
                lab.must(doc(kind, name, state="absent"), whole=False)
            assert places(lab) == {}
            assert audit(lab) == []


def test_a_network_whose_router_was_not_read_back_gets_another_one(spanned: Lab) -> None:
    spanned.must(doc("router", "r-inside", host="h2"), doc("instance", "db", host="h1"))
    # Records say that they have arrived.
    spanned.must()
    source = spanned.one("network", "inside")["source_nat_ip_address"]
    spanned.forget()
    spanned.rebuild(H1, partial=True)
    assert spanned.read("router") == []
    spanned.must(doc("instance", "another", networks=["inside"], host="h1"), whole=False)
    (router,) = spanned.read("router")
    assert (router["host"], spanned.one("network", "inside")["source_nat_ip_address"]) == ("h1", source)
    found = spanned.host(H1).configurations[router["id"]]
    assert len(dict(found.files)["leases"].splitlines()) == 3


def test_a_silent_host_holds_up_nothing_but_what_concerns_it(spanned: Lab) -> None:
    spanned.must(doc("host", "h3", url="test:///h3"), doc("instance", "far", networks=["inside"], host="h3"))
    spanned.lost.add("test:///h3")
    agreed_alone(spanned, doc("instance", "another", networks=["inside"], host="h2"))
    spanned.lost.add(H1)
    # What its router is to know cannot be told.
    for refused in (
        doc("instance", "more", networks=["inside"], host="h2"),
        doc("instance", "db", state="absent"),
        doc("instance", "db", ip_address="10.1.1.77", force=True),
    ):
        assert "host test:///h1 does not answer" in spanned.refusal(refused)
    for state in ("stopped", "started"):
        agreed_alone(spanned, doc("instance", "db", state=state, force=True))


def agreed_alone(lab: Lab, document: Document) -> None:
    """The same of a single task."""
    told, done = (how(document, whole=False) for how in (lab.check, lab.apply))
    assert done.errors == told.errors == []
    assert told.report.entries == done.report.entries
    assert not lab.must(document, whole=False).changed


def test_nothing_is_done_about_a_router_whose_last_host_is_silent(spanned: Lab) -> None:
    spanned.watch(Fuse(1))
    with contextlib.suppress(Interrupted):
        spanned.apply(doc("router", "r-inside", host="h2"))
    spanned.watch(lambda call: None)
    spanned.lost.add(H1)
    errors = [str(error) for error in spanned.apply().errors]
    assert any("r-inside" in error and "and it may run there; bring that back" in error for error in errors)
    assert not [one for one in spanned.host(H2).domains.values() if one.name.startswith("r-inside-")]


def test_a_failed_move_in_a_network_that_spans_hosts_is_undone(spanned: Lab) -> None:
    spanned.host(H2).unfit = "the guest needs a machine type that is not here"
    (error,) = map(str, spanned.apply(doc("instance", "web", host="h2")).errors)
    assert error.endswith("it stays on host 'h1'")
    assert places(spanned)["web"] == (H1, True)
    assert not spanned.must().changed


def test_a_network_that_spans_hosts_is_read_back_from_them(spanned: Lab) -> None:
    spanned.watch(Fuse(8))
    with contextlib.suppress(Interrupted):
        spanned.apply(doc("router", "r-inside", host="h2"))
    spanned.watch(lambda call: None)
    spanned.must()
    before = [spanned.one("network", "inside"), *spanned.read("router"), *spanned.read("instance")]
    spanned.forget()
    spanned.rebuild()
    assert [spanned.one("network", "inside"), *spanned.read("router"), *spanned.read("instance")] == before
    assert not spanned.must().changed


@pytest.fixture
def isolated(lab: Lab) -> Lab:
    """Guest web runs on h1 in an isolated network, beside the router of that; there is a second host."""
    lab.must(*ground(2))
    lab.must(doc("instance", "web", networks=["inside"], host="h1"))
    return lab


def test_an_isolated_network_keeps_its_instances_and_its_router_with_each_other(isolated: Lab) -> None:
    isolated.must_refuse(doc("instance", "web", host="h2"), "'inside' is only on the host of its router")
    told = isolated.refusal(doc("host", "h1", state="maintenance"))
    assert "router 'r-inside': it stays with the instances of network 'inside'; stop it" in told
    assert "instance 'web': network 'inside' is only on the host of its router; stop it" in told
    isolated.must(doc("instance", "web", state="stopped"))
    isolated.must_refuse(doc("host", "h1", state="maintenance"), "router 'r-inside': it stays")
    isolated.must(doc("router", "r-inside", state="stopped"))
    isolated.must(doc("host", "h1", state="maintenance"))
    isolated.must_refuse(doc("router", "r-inside", state="started"), "its host 'h1' is in maintenance; enable that")
    isolated.must_refuse(doc("instance", "web", state="started"), "its host 'h1' is in maintenance; enable that")
    isolated.must(doc("host", "h1", state="enabled"))
    isolated.must(doc("router", "r-inside", state="started"), doc("instance", "web", state="started"))
    assert not isolated.must(whole=True).changed
