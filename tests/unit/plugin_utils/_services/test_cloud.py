# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The engine's laws, with the real database on hosts in memory."""

from __future__ import annotations

import random
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError, DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.report import Report
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.cloud import Earlier
from support import clouds, sample
from support.audit import audit
from support.drifts import DRIFTS
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc


def told(report: Report) -> list[t.Any]:
    """A report in full, to be compared."""
    return [vars(entry) for entry in report.entries] + [report.warnings]


def nothing_to_do(report: Report) -> bool:
    return not report.changed and not any(entry.steps for entry in report.entries)


def same_in_check(lab: Lab, *documents: Document, **how: t.Any) -> Report:
    """Apply, after a check run that says the same and leaves no trace."""
    database, state = lab.path.read_bytes(), {url: host.state() for url, host in lab.hosts.items()}
    kept = set(lab.images.kept)
    checked = lab.check(*documents, **how)
    assert lab.path.read_bytes() == database
    assert {url: host.state() for url, host in lab.hosts.items() if url in state} == state
    assert lab.images.kept == kept
    applied = lab.apply(*documents, **how)
    assert applied.errors == checked.errors == []
    assert told(checked.report) == told(applied.report)
    return applied.report


# A whole cloud


@pytest.mark.parametrize("seed", range(4))
def test_a_cloud_is_made_from_documents_in_any_order(lab: Lab, seed: int) -> None:
    documents = sample.cloud()
    random.Random(seed).shuffle(documents)
    report = same_in_check(lab, *documents)
    assert report.counts()["create"] == len(documents)
    assert audit(lab) == []
    assert nothing_to_do(lab.must(*documents))
    assert nothing_to_do(lab.drift())


def test_a_second_run_writes_nothing(cloud: Lab) -> None:
    database = cloud.path.read_bytes()
    for host in cloud.hosts.values():
        host.calls.clear()
    assert nothing_to_do(cloud.must(*sample.cloud()))
    assert cloud.path.read_bytes() == database
    assert [host.calls for host in cloud.hosts.values()] == [[], []]


@pytest.mark.parametrize("document", sample.cloud(), ids=lambda one: f"{one.kind.name} {one.name}")
def test_a_task_for_one_resource_finds_nothing_to_do(cloud: Lab, document: Document) -> None:
    assert nothing_to_do(cloud.must(document, whole=False))


def test_a_task_opens_only_hosts_that_it_concerns(cloud: Lab) -> None:
    cloud.opened.clear()
    cloud.must(doc("instance", "web1"), whole=False)
    assert cloud.opened == {f"test:///{cloud.one('instance', 'web1')['host']}"}
    cloud.opened.clear()
    cloud.must(doc("service_offering", "new", cpu_number=1, memory=64), whole=False)
    assert cloud.opened == set()


def test_made_one_by_one_is_as_made_at_once(lab: Lab) -> None:
    for document in sample.cloud():
        lab.must(document, whole=False)
    assert audit(lab) == []
    assert nothing_to_do(lab.must(*sample.cloud()))


def test_secrets_stay_in_the_database(cloud: Lab) -> None:
    report = cloud.check(*sample.cloud(), doc("instance", "new", networks=["net1"], service_offering="small",
                                              user_data="secret-word")).report  # fmt: skip
    shown = repr(told(report)) + repr([entry.diff() for entry in report.entries]) + repr(cloud.progress)
    shown += repr([cloud.read(kind) for kind in ("instance", "user_data")])
    shown += repr([host.state() for host in cloud.hosts.values()])
    assert "secret-word" not in shown
    assert b"secret-word" not in cloud.path.read_bytes()


# Edits


EDITS: dict[str, tuple[Document, list[str]]] = {
    "title": (doc("instance", "web1", display_name="Front"), ["rename or describe"]),
    "tags": (doc("instance", "web1", tags={"a": "b"}), ["rename or describe"]),
    "stop": (doc("instance", "web1", state="stopped"), ["stop"]),
    "start": (doc("instance", "db", state="started"), ["start"]),
    "grow the root": (doc("instance", "db", root_disk_size=9), ["grow a volume"]),
    "grow a volume": (doc("volume", "data", size=9), ["grow a volume"]),
    "attach": (doc("volume", "spare", vm="web1"), ["make a volume", "attach a disk"]),
    "detach": (doc("volume", "data", state="detached"), ["detach a disk"]),
    "restart": (doc("instance", "web1", state="restarted"), ["restart the machine"]),
    "remove": (doc("instance", "web2", state="absent"), ["remove the machine"]),
    "destroy": (doc("instance", "web2", state="destroyed"), ["remove the machine"]),
    "size of a stopped one": (doc("instance", "db", memory=2048), ["define the machine"]),
    "address": (doc("instance", "web1", ip_address="10.1.1.77", force=True), ["restart"]),
    "networks": (doc("instance", "web2", networks=["net1"], force=True), ["restart"]),
    "stop, and a size that waits for no force": (
        doc("instance", "web1", state="stopped", service_offering="free", cpu=1, memory=256),
        ["stop", "define the machine"],
    ),
    "name server": (doc("zone", "z1", dns1="192.0.2.99"), ["make the network"]),
    "forged transmits": (doc("network_offering", "shared", forged_transmits=True), ["define the filter"]),
    "a rule": (doc("security_group_rule", "https", security_group="front", port=8443), ["define the filter"]),
    "no rule": (doc("security_group_rule", "out", security_group="front", state="absent"), ["define the filter"]),
    "another group": (
        doc("instance", "web2", security_groups=["front"]),
        ["define the filter", "filter the machine's network card", "remove the filter"],
    ),
    "another network": (
        doc("network", "far", network_offering="shared", cidr="10.9.0.0/24"),
        ["define the filter"],
    ),
    "no group": (doc("instance", "web1", security_groups=[]), ["filter the machine's network card"]),
    "bridge": (doc("traffic_type", "Guest", kvm_networklabel="br-other"), ["make the network"]),
}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("name", sorted(EDITS))
def test_an_edit_is_made_as_the_check_run_said(cloud: Lab, name: str, whole: bool) -> None:
    document, steps = EDITS[name]
    report = same_in_check(cloud, document, whole=whole)
    made = [step for entry in report.entries for step in entry.steps]
    for step in steps:
        assert any(step in one for one in made)
    assert audit(cloud) == []
    assert nothing_to_do(cloud.drift())
    if document.kind.states[document.state].action is None:
        assert nothing_to_do(cloud.must(document, whole=whole))


@given(clouds.clouds(), st.data())
@settings(max_examples=settings().max_examples // 2)
def test_random_clouds_and_edits(wish: clouds.Wish, data: st.DataObject) -> None:
    with Lab() as lab:
        for current in (wish, data.draw(clouds.edits(wish))):
            documents = current.documents()
            report = same_in_check(lab, *documents, removing=True, applyset="all")
            assert audit(lab) == []
            again = lab.must(*documents, removing=True, applyset="all")
            assert nothing_to_do(again), told(again)
            assert report.counts()["none"] == sum(entry.action == "none" for entry in report.entries)
        assert {i["name"] for i in lab.read("instance")} == set(current.instances)
        assert {v["name"] for v in lab.read("volume") if v["type"] == "DATADISK"} == set(current.volumes)


# Prune


def test_prune_removes_what_the_set_wrote_and_no_longer_does(founded: Lab) -> None:
    one, other = sample.web("one"), sample.web("other")
    founded.must(one, doc("volume", "disk", size=1), applyset="mine")
    founded.must(other, applyset="theirs")
    report = same_in_check(founded, one, removing=True, applyset="mine")
    assert [(entry.action, entry.label) for entry in report.entries if entry.changed] == [("remove", "volume 'disk'")]
    report = founded.must(removing=True, applyset="mine")
    assert [entry.label for entry in report.entries if entry.action == "remove"] == ["instance 'one'"]
    assert [found["name"] for found in founded.read("instance")] == ["other"]
    assert audit(founded) == []


def test_a_whole_cloud_can_be_pruned_away(lab: Lab) -> None:
    lab.must(*sample.cloud(), applyset="all")
    same_in_check(lab, removing=True, applyset="all")
    assert audit(lab) == []
    assert all(lab.read(kind) == [] for kind in ("zone", "host", "instance", "volume", "network", "template"))
    assert nothing_to_do(lab.drift())


# Drift


def observed(report: Report) -> dict[str, t.Any]:
    return {entry.label: entry.observed for entry in report.entries if entry.changed}


@pytest.mark.parametrize("name", sorted(DRIFTS))
def test_drift_is_named_and_mended(cloud: Lab, name: str) -> None:
    host = cloud.host(f"test:///{cloud.one('instance', 'web1')['host']}")
    DRIFTS[name](host, 0)
    drifted = host.state()
    report = cloud.drift()
    assert host.state() == drifted
    mended = same_in_check(cloud, *sample.cloud())
    assert observed(report) == observed(mended)
    assert all(entry.action == "mend" and entry.steps for entry in mended.entries if entry.changed)
    assert nothing_to_do(cloud.drift())
    assert audit(cloud) == []


def test_a_domain_of_nobody_is_named_and_left_alone(cloud: Lab) -> None:
    """The database was restored from before the instance was made."""
    before = cloud.path.read_bytes()
    cloud.must(doc("instance", "later", service_offering="small", networks=["net1"]))
    cloud.path.write_bytes(before)
    for suffix in ("-wal", "-shm"):
        cloud.path.with_name(cloud.path.name + suffix).unlink(missing_ok=True)
    report = cloud.drift()
    assert any("is not of this database and is left alone" in warning for warning in report.warnings)


# Crashes


def steps_of(lab: Lab, documents: t.Sequence[Document], **how: t.Any) -> int:
    """How many moments there are at which a run can be cut short."""
    seen: list[str] = []
    with lab.copy() as copy:
        copy.sizes = {"test:///h1": {}, "test:///h2": {}}
        copy.watch(seen.append)
        copy.must(*documents, **how)
    return len(seen)


def cut_short(lab: Lab, moment: int, documents: t.Sequence[Document], **how: t.Any) -> Lab:
    """The cloud after a run that ended at ``moment``."""
    broken = lab.copy()
    broken.sizes = {"test:///h1": {}, "test:///h2": {}}
    broken.watch(Fuse(moment))
    with pytest.raises(Interrupted):
        broken.apply(*documents, **how)
    broken.watch(lambda call: None)
    return broken


CRASHES: dict[str, tuple[list[Document], dict[str, t.Any]]] = {
    "create": ([doc("instance", "web3", service_offering="small", networks=["net1"], disk_offering="five")], {}),
    "remove": ([doc("instance", "web1", state="absent")], {}),
    "replace": ([doc("instance", "web1", state="absent"), doc("instance", "web3", service_offering="small",
                 networks=["net1"])], {}),
    "restore": ([doc("instance", "web1", state="restored")], {}),
    "resize": ([doc("instance", "web2", service_offering="free", cpu=2, memory=900, force=True)], {}),
    "rewire": ([doc("instance", "web2", networks=["net1"], force=True)], {}),
    "storage": ([doc("volume", "data", state="detached"), doc("volume", "spare", vm="web1")], {}),
    "revert": ([doc("volume_snapshot", "before", state="reverted", force=True)], {}),
    "take": ([doc("instance_snapshot", "now", vm="web1", snapshot_memory=True)], {}),
    "go on": ([doc("instance_snapshot", "snap", vm="web2", state="revert")], {}),
    "forget": ([doc("instance_snapshot", "snap", vm="web2", state="absent")], {}),
    "prune": ([doc("instance", "db")], {"removing": True, "applyset": "all"}),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CRASHES))
def test_a_run_cut_short_anywhere_is_finished_by_the_next(cloud: Lab, name: str) -> None:
    documents, how = CRASHES[name]
    if how:
        cloud.must(*sample.cloud(), applyset="all")
        documents = [one for one in sample.cloud() if one.name not in ("web1", "data", "spare", "before", "daily")]
    for moment in range(1, steps_of(cloud, documents, **how) + 1):
        with cut_short(cloud, moment, documents, **how) as broken:
            again = [one for one in documents if one.kind.states[one.state].action is None]
            broken.must(*again, **how)
            assert nothing_to_do(broken.must(*again, **how)), moment
            assert audit(broken) == [], moment


def test_a_cloud_whose_removal_is_cut_short_anywhere_is_gone_after_the_next_run(lab: Lab) -> None:
    lab.must(*sample.foundation(), sample.web(), doc("volume", "data", size=1, vm="web1"), applyset="all")
    everything: dict[str, t.Any] = {"removing": True, "applyset": "all"}
    for moment in range(1, steps_of(lab, [], **everything) + 1):
        with cut_short(lab, moment, [], **everything) as broken:
            broken.must(**everything)
            assert audit(broken) == [], moment
            assert nothing_to_do(broken.must(**everything)), moment


def test_a_first_run_cut_short_anywhere_is_finished_by_the_next(lab: Lab) -> None:
    documents = sample.cloud()
    moments = steps_of(lab, documents)
    for moment in {*range(1, moments, 7), moments - 1, moments}:
        with cut_short(lab, moment, documents) as broken:
            broken.must(*documents)
            assert nothing_to_do(broken.must(*documents)), moment
            assert audit(broken) == [], moment


def test_a_removal_cut_short_frees_the_name_at_once(cloud: Lab) -> None:
    gone = doc("instance", "web2", state="absent")
    web2 = next(one for one in sample.cloud() if one.name == "web2")
    for moment in range(1, steps_of(cloud, [gone], whole=False) + 1):
        with cut_short(cloud, moment, [gone], whole=False) as broken:
            anew = [doc("instance", "web2", service_offering="small", networks=["net1", "wire"])]
            broken.must(*anew, whole=False)
            assert broken.one("instance", "web2")["default_ip"] != web2.spec["ip_address"]
            broken.must()
            assert audit(broken) == [], moment
            assert nothing_to_do(broken.drift()), moment


def test_a_removal_cut_short_is_finished_by_the_same_task(cloud: Lab) -> None:
    gone = doc("instance", "web1", state="absent")
    for moment in range(1, steps_of(cloud, [gone], whole=False) + 1):
        with cut_short(cloud, moment, [gone], whole=False) as broken:
            broken.must(gone, whole=False)
            assert audit(broken) == [], moment


# Room and addresses of what goes


def full(lab: Lab) -> list[Document]:
    """One host with room for one instance, which has its only address; all of a set."""
    lab.sizes = {"test:///h1": {"cpus": 1, "memory": 512, "capacity": 8 << 30}}
    narrow = doc(
        "network", "narrow", network_offering="shared", cidr="10.9.0.0/29", start_ip="10.9.0.2", end_ip="10.9.0.2"
    )
    documents = [*sample.foundation(), doc("cluster", "c1", cpu_overcommit_ratio=1, memory_overcommit_ratio=1), narrow]
    del documents[2]
    lab.must(*documents, sample.web("old", networks=["net1"], root_disk_size=8), applyset="all")
    return documents


def test_an_instance_takes_the_room_of_one_that_goes_in_the_same_run(lab: Lab) -> None:
    full(lab)
    new = sample.web("new", networks=["net1"], root_disk_size=8)
    assert "no host can take it" in lab.refusal(new)
    calls = lab.host().calls
    calls.clear()
    report = same_in_check(lab, doc("instance", "old", state="absent"), new)
    assert (report.counts()["create"], report.counts()["remove"]) == (1, 1)
    assert calls.index("undefine_domain") < calls.index("define_domain")
    assert audit(lab) == []
    assert nothing_to_do(lab.must())


def test_an_instance_takes_the_room_of_one_that_is_pruned(lab: Lab) -> None:
    documents = [*full(lab), sample.web("new", networks=["net1"], root_disk_size=8)]
    report = same_in_check(lab, *documents, removing=True, applyset="all")
    assert (report.counts()["create"], report.counts()["remove"]) == (1, 1)
    assert audit(lab) == []
    assert nothing_to_do(lab.must(*documents, removing=True, applyset="all"))


def test_room_is_not_free_before_what_had_it_is_gone(lab: Lab) -> None:
    """A removal that was cut short holds its room: its machine may still run."""
    full(lab)
    with cut_short(lab, 1, [doc("instance", "old", state="absent")], whole=False) as broken:
        assert "no host can take it" in broken.refusal(sample.web("new", networks=["net1"], root_disk_size=1))
        broken.must()
        broken.must(sample.web("new", networks=["net1"], root_disk_size=1))


def test_an_address_is_not_free_before_who_had_it_is_gone(lab: Lab) -> None:
    full(lab)
    old = doc("instance", "old", state="absent")
    lab.must(old)
    lab.must(sample.web("old", networks=["narrow"]))
    for how, told in (
        ({}, "apply again when what is being removed is gone"),
        ({"ip_address": "10.9.0.2"}, "apply again"),
    ):
        new = sample.web("new", networks=["narrow"], **how)
        assert told in lab.refusal(old, new)
        assert lab.check(new, whole=False, pending=[Earlier((old,))]).errors == []
    lab.must(old)
    lab.must(new)


# Failures of the world


def test_a_host_that_does_not_answer_is_refused_before_anything_is_stored(cloud: Lab) -> None:
    cloud.lost.add(f"test:///{cloud.one('instance', 'web1')['host']}")
    database = cloud.path.read_bytes()
    with pytest.raises(DriverError, match="does not answer; start it"):
        cloud.apply(doc("instance", "web1", state="stopped"), whole=False)
    assert cloud.path.read_bytes() == database


@pytest.mark.parametrize(
    "rule",
    [
        doc("security_group_rule", "ssh", security_group="inside", start_port=22),
        doc("security_group_rule", "https", security_group="front", start_port=8443),
        doc("security_group_rule", "https", security_group="front", state="absent"),
    ],
)
def test_a_rule_that_a_lost_host_would_have_to_learn_is_not_stored(cloud: Lab, rule: Document) -> None:
    cloud.lost.add(f"test:///{cloud.one('instance', 'web1')['host']}")
    database = cloud.path.read_bytes()
    with pytest.raises(DriverError, match="does not answer; start it"):
        cloud.apply(rule, whole=False)
    assert cloud.path.read_bytes() == database


def test_a_lost_host_does_not_keep_others_from_being_mended(cloud: Lab) -> None:
    lost, other = (f"test:///{cloud.one('instance', name)['host']}" for name in ("web1", "web2"))
    cloud.lost.add(lost)
    DRIFTS["the machine crashed"](cloud.host(other), 0)
    DRIFTS["the machine crashed"](cloud.host(other), 1)
    result = cloud.apply(*sample.cloud())
    assert [str(error) for error in result.errors] == [f"host {lost} does not answer; start it"]
    cloud.lost.clear()
    assert nothing_to_do(cloud.drift())


def test_a_step_that_fails_stops_its_machine_and_no_other(founded: Lab) -> None:
    founded.must(sample.web("one"), sample.web("two"))
    host = founded.host()
    for ident in list(host.domains):
        DRIFTS["the machine crashed"](host, 0 if ident == min(host.domains) else 1)
    names = {one.id: one.shape.title for one in host.domains.values() if one.shape}
    first = founded.one("instance", "one")["id"]
    real = host.start_domain

    def refuse(domain_id: str) -> None:
        if domain_id == first:
            raise DriverError("no memory")
        real(domain_id)

    host.start_domain = refuse  # type: ignore[method-assign]
    result = founded.apply()
    assert [str(e) for e in result.errors] == ["instance 'one': cannot start the machine on host h1: no memory"]
    assert {names[one.id] for one in host.domains.values() if one.active} == {"two"}


def test_an_image_that_cannot_be_had_is_refused_before_anything_is_stored(founded: Lab) -> None:
    for check in (True, False):
        with pytest.raises(CairnError, match=r"template 'none', field url: the image file:///none.*mend the URL"):
            founded.apply(doc("template", "none", url="file:///none"), check=check)
    assert [template["name"] for template in founded.read("template")] == ["tiny"]


def test_a_host_that_left_has_nothing_of_ours_and_is_not_asked_again(cloud: Lab) -> None:
    host = cloud.one("instance", "web1")["host"]
    cloud.must(*(doc("instance", one["name"], state="absent") for one in cloud.read("instance", host=host)))
    for kind in ("volume", "volume_snapshot"):
        cloud.must(*(doc(kind, one["name"], state="absent") for one in cloud.read(kind, host=host)))
    cloud.must(doc("host", host, state="absent"))
    assert audit(cloud) == []
    cloud.opened.clear()
    assert nothing_to_do(cloud.drift())
    assert f"test:///{host}" not in cloud.opened


# Earlier tasks of a check run


def test_what_earlier_tasks_of_a_check_run_would_have_made_is_found(lab: Lab) -> None:
    *earlier, last = [*sample.foundation(), sample.web()]
    result = lab.check(last, whole=False, pending=[Earlier(tuple(earlier[:5])), Earlier(tuple(earlier[5:]))])
    assert [(entry.action, entry.label) for entry in result.report.entries if entry.action == "create"] == [
        ("create", "instance 'web1'")
    ]
    assert lab.read("zone") == []
