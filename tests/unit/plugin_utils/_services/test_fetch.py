# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Images: had when they are needed, and what needs none of those that cannot be had goes on."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.fetch import staged_name
from support.audit import audit
from support.lab import STAGING, Fuse, Interrupted, Lab
from support.lab import document as doc
from support.sample import foundation, web


def test_a_missing_image_is_fetched_again(founded: Lab) -> None:
    founded.images.kept.clear()
    assert founded.drift().changed
    founded.must()
    assert audit(founded) == []
    assert not founded.drift().changed


def staged(lab: Lab) -> set[str]:
    return {path for path in lab.images.kept if path.startswith(STAGING)}


def test_nothing_stays_staged(founded: Lab) -> None:
    assert staged(founded) == set()


@pytest.mark.parametrize("moment", range(1, 7))
def test_nothing_stays_staged_after_a_run_that_was_cut_short(lab: Lab, moment: int) -> None:
    """An image is fetched, brought where it belongs, and removed from where it waited: each has a before and after."""
    lab.images.watch = Fuse(moment)
    with pytest.raises(Interrupted):
        lab.apply(*foundation())
    lab.images.watch = lambda call: None
    lab.must(*foundation())
    assert staged(lab) == set()
    assert audit(lab) == []


def test_the_same_image_waits_under_the_same_name() -> None:
    assert staged_name("u", "qcow2", None) == staged_name("u", "qcow2", None)
    assert len({staged_name(*key) for key in (("u", "raw", None), ("u", "qcow2", None), ("v", "raw", "sha256:0"))}) == 3
    assert staged_name("u", "qcow2", None).endswith(".qcow2")


def lacking(name: str, image: str = "template 'tiny'") -> str:
    return f"instance '{name}': it is left as it is, since {image} cannot be had; mend that and apply again"


def test_an_image_that_is_gone_for_good_stops_only_what_needs_a_copy_of_it(founded: Lab) -> None:
    founded.must(doc("template", "other", url="https://example.org/other.qcow2"))
    founded.images.kept = {path for path in founded.images.kept if founded.one("template", "tiny")["id"] not in path}
    founded.images.sources.discard("file:///images/tiny.qcow2")
    documents = [
        web("one", template="tiny", networks=["net1"]),
        web("two", template="other", networks=["net1"]),
        doc("network", "net2", network_offering="shared", cidr="10.2.0.0/24"),
        doc("volume", "data", size=1, vm="two"),
    ]
    result = founded.apply(*documents)
    gone = "template 'tiny': the image file:///images/tiny.qcow2 does not exist; mend the URL"
    assert [error.sentence for error in result.errors] == [gone, lacking("one")]
    assert founded.host().calls.count("start_domain") == 1
    told = [event["message"] for event in failures(founded)]
    assert sorted(told) == sorted([gone, lacking("one")])
    founded.images.sources.add("file:///images/tiny.qcow2")
    founded.must(*documents)
    assert audit(founded) == []


def failures(lab: Lab) -> list[dict[str, object]]:
    with lab.cloud() as cloud:
        return cloud.events(action="fail")


def test_who_has_a_copy_of_an_image_that_is_gone_goes_on(founded: Lab) -> None:
    founded.must(web("one", networks=["net1"]))
    founded.images.kept.clear()
    founded.images.sources.clear()
    founded.host().calls.clear()
    result = founded.apply(web("one", networks=["net1"], display_name="One"), web("two", networks=["net1"]))
    assert len(result.errors) == 1
    assert {"retitle_domain", "define_domain", "start_domain"} <= {*founded.host().calls}


def test_a_copy_that_fails_stops_only_what_needs_it(lab: Lab) -> None:
    documents = [
        *foundation(),
        doc("iso", "setup", url="file:///images/setup.iso", os_type="Debian"),
        web("one", template="tiny"),
        web("two", template="tiny"),
        web("three", iso="setup", root_disk_size=1),
    ]
    failed: list[str] = []

    def watch(call: str) -> None:
        if call == "put_base" and not failed:
            failed.append(call)
            raise DriverError("the disk is broken")

    lab.sizes = {"test:///h1": {}}
    lab.watch(watch)
    sentences = [error.sentence for error in lab.apply(*documents).errors]
    needing = {"template 'tiny'": ["one", "two"], "iso 'setup'": ["three"]}
    image = sentences[0].partition(":")[0]
    assert sentences[0] == f"{image}: cannot copy the image to host h1: the disk is broken"
    assert sorted(sentences[1:]) == sorted(lacking(name, image) for name in needing[image])
    assert lab.host().calls.count("start_domain") == 3 - len(needing[image])
    lab.must(*documents)
    assert audit(lab) == []


# Images of snapshots

GOLDEN = doc("template", "golden", snapshot="late")
NEW = doc("instance", "new", service_offering="small", template="golden", networks=["net1"], root_disk_size=3)
UNTAKEN = "volume snapshot 'late' is not complete yet; apply that again first"


@pytest.fixture
def untaken(cloud: Lab) -> Lab:
    """The sample cloud with a snapshot that could not be taken."""
    full(cloud)
    assert cloud.apply(doc("volume_snapshot", "late", volume="data"), whole=False).errors
    cloud.watch(lambda call: None)
    return cloud


def full(lab: Lab) -> None:
    def fail(call: str) -> None:
        if call == "take_snapshot":
            raise DriverError("the disk is full")

    lab.watch(fail)


@pytest.mark.parametrize("kind", ["template", "volume"])
def test_a_run_that_does_not_take_the_snapshot_refuses_what_is_made_of_it(untaken: Lab, kind: str) -> None:
    document = doc(kind, "golden", snapshot="late")
    assert untaken.refusal(document, whole=False) == f"{kind} 'golden', field snapshot: {UNTAKEN}"
    untaken.must(doc("volume_snapshot", "late", volume="data"), whole=False)
    untaken.must(document, whole=False)
    assert audit(untaken) == []


def test_a_snapshot_that_never_will_be_taken_is_refused(untaken: Lab) -> None:
    untaken.watch(lambda call: None)
    with cut_before_it_is_taken(untaken) as lab:
        assert lab.refusal(GOLDEN) == f"template 'golden', field snapshot: {UNTAKEN}"


def cut_before_it_is_taken(lab: Lab) -> Lab:
    """The volume of the snapshot goes before that was taken."""
    other = lab.copy()
    other.must(doc("volume", "data", state="absent"), whole=False)
    return other


def test_a_run_that_takes_the_snapshot_makes_an_image_and_a_guest_of_it(untaken: Lab) -> None:
    predicted = untaken.check(GOLDEN, NEW).report
    report = untaken.must(GOLDEN, NEW)
    assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
    assert untaken.one("template", "golden")["state"] == "Ready"
    assert untaken.one("instance", "new")["state"] == "Running"
    assert audit(untaken) == []
    assert not untaken.must(GOLDEN, NEW).changed


def test_a_snapshot_that_cannot_be_taken_stops_only_what_is_made_of_it(untaken: Lab) -> None:
    full(untaken)
    host = untaken.one("volume", "data")["host"]
    other = doc("instance", "other", service_offering="small", template="tiny", networks=["net1"])
    for _turn in range(2):
        result = untaken.apply(GOLDEN, NEW, other)
        assert sorted(error.sentence for error in result.errors) == [
            lacking("new", "template 'golden'"),
            "template 'golden': volume snapshot 'late', which it is to be made from, was not taken; apply again",
            f"volume snapshot 'late': cannot take the snapshot on host {host}: the disk is full",
        ]
        assert untaken.one("instance", "other")["state"] == "Running"
    running = [one.shape for host in untaken.hosts.values() for one in host.domains.values() if one.active]
    assert "other" in {shape.title for shape in running if shape}
    untaken.watch(lambda call: None)
    untaken.must(GOLDEN, NEW, other)
    assert audit(untaken) == []


def test_a_template_whose_snapshot_is_not_taken_by_a_run_fails_what_needs_it_in_a_check_as_well(untaken: Lab) -> None:
    full(untaken)
    untaken.apply(GOLDEN, NEW)
    untaken.watch(lambda call: None)
    document = doc("instance", "new", state="restarted")
    told = UNTAKEN.replace("'late'", "'late', which it is to be made from,")
    for run in (untaken.check, untaken.apply):
        result = run(document, whole=False)
        assert [error.sentence for error in result.errors] == [
            f"template 'golden': {told}",
            lacking("new", "template 'golden'"),
        ]
