# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Snapshots of volumes on the engine: taken once, reverted to, and what is made of them."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc

SNAP = doc("volume_snapshot", "before", volume="data")

REFUSED: list[tuple[Document, str]] = [
    (doc("volume_snapshot", "new"), "field volume: it is missing; a new volume snapshot needs it"),
    (doc("volume_snapshot", "new", volume="none"), "field volume: volume 'none' not found; make it first, or mend"),
    (doc("volume_snapshot", "new", volume="spare"), "volume 'spare' is on no storage yet; attach it"),
    (doc("volume_snapshot", "new", volume="data", state="reverted"), "field state: there is no such snapshot to"),
    (
        doc("volume_snapshot", "before", volume="spare"),
        "field volume: it cannot change once the volume",
    ),
    (doc("volume_snapshot", "before", state="reverted"), "instance 'web1' has to be restarted; stop it, or say force"),
    (doc("volume", "new", snapshot="none"), "field snapshot: volume snapshot 'none' not found in its zone; take it"),
    (
        doc("volume", "new", snapshot="before", size=1),
        "field size: 1 GiB is less than the 3 GiB of volume",
    ),
    (doc("template", "new", snapshot="none"), "field snapshot: volume snapshot 'none' not found in its zone; take it"),
    (
        doc("template", "new", snapshot="before", format="RAW"),
        "field format: a template that is made from a snap",
    ),
    (doc("template", "new"), "field url: it is missing; a new template needs it, or a snapshot"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def calls(lab: Lab) -> list[str]:
    """What was done, besides writing down the cloud."""
    return [call for host in lab.hosts.values() for call in host.calls if call != "put_record"]


def quiet(lab: Lab) -> Lab:
    for host in lab.hosts.values():
        host.calls.clear()
    return lab


def test_it_is_taken_once(cloud: Lab) -> None:
    shown = cloud.one("volume_snapshot", "before")
    assert (shown["state"], shown["taken"], shown["quiesced"], shown["size"]) == ("Ready", True, True, 3 << 30)
    assert not cloud.must(SNAP, whole=False).changed
    assert audit(cloud) == []


def test_a_lost_file_is_named_and_not_taken_anew(cloud: Lab) -> None:
    name = f"volume_snapshot-{cloud.one('volume_snapshot', 'before')['id']}.qcow2"
    del next(files for host in cloud.hosts.values() for files in host.files.values() if name in files)[name]
    report = quiet(cloud).must()
    assert "volume snapshot 'before': its file is gone, and with it what it held; remove it" in report.warnings
    assert calls(cloud) == []


def test_a_lost_snapshot_is_not_reverted_to(cloud: Lab) -> None:
    for files in (files for host in cloud.hosts.values() for files in host.files.values()):
        for name in [name for name in files if "snapshot" in name]:
            del files[name]
    before = {url: host.state() for url, host in cloud.hosts.items()}
    result = cloud.apply(doc("volume_snapshot", "before", state="reverted", force=True), whole=False)
    assert "lacks its source" in result.errors[0].sentence
    assert {url: host.state() for url, host in cloud.hosts.items()} == before


@pytest.mark.parametrize("whole", [False, True])
def test_reverting_restarts_the_instance_with_a_copy(cloud: Lab, whole: bool) -> None:
    revert = doc("volume_snapshot", "before", state="reverted", force=True)
    predicted = cloud.check(revert, whole=whole).report
    report = quiet(cloud).must(revert, whole=whole)
    assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
    steps = ["create_volume", "stop_domain", "detach_disk", "attach_disk", "start_domain", "delete_volume"]
    assert [call for call in calls(cloud) if call != "retitle_domain"] == steps
    assert max(entry.impact for entry in report.entries) == Impact.RESTART
    assert audit(cloud) == []
    assert not cloud.must().changed
    assert calls(quiet(cloud)) == []


def test_reverting_a_root_volume(cloud: Lab) -> None:
    cloud.must(doc("volume_snapshot", "root", volume="ROOT-db"), whole=False)
    quiet(cloud).must(doc("volume_snapshot", "root", state="reverted"), whole=False)
    assert calls(cloud)[0] == "create_volume"
    assert "start_domain" not in calls(cloud)
    assert audit(cloud) == []
    cloud.must(doc("instance", "db", state="restored"), whole=False)
    assert audit(cloud) == []


def test_it_outlives_its_volume(cloud: Lab) -> None:
    cloud.must(doc("instance", "web1", state="expunged"), doc("volume", "data", state="absent"))
    assert audit(cloud) == []
    assert "volume" not in cloud.one("volume_snapshot", "before")
    cloud.must_refuse(doc("volume_snapshot", "before", state="reverted"), "its volume is gone; make a new volume from")
    cloud.must(doc("volume", "again", snapshot="before"))
    cloud.must(doc("volume_snapshot", "before", state="absent"))
    assert audit(cloud) == []


def test_a_volume_starts_as_a_snapshot(cloud: Lab) -> None:
    quiet(cloud).must(doc("volume", "copy", snapshot="before", size=4, vm="web1"), whole=False)
    assert calls(cloud) == ["create_volume", "attach_disk"]
    assert cloud.one("volume", "copy")["size"] == 4
    cloud.must(doc("volume_snapshot", "before", state="absent"))
    assert audit(cloud) == []
    assert not cloud.must(doc("volume", "copy", snapshot="before", size=4, vm="web1"), whole=False).changed


def test_a_template_is_made_of_a_snapshot(cloud: Lab) -> None:
    made = doc("template", "golden", snapshot="before", login_user="debian")
    predicted = cloud.check(made, whole=False).report
    assert [vars(e) for e in cloud.must(made, whole=False).entries] == [vars(e) for e in predicted.entries]
    assert cloud.one("template", "golden")["state"] == "Ready"
    cloud.must(doc("instance", "new", service_offering="small", template="golden", networks=["net1"]))
    cloud.must(doc("volume_snapshot", "before", state="absent"))
    assert not cloud.must(made).changed
    assert audit(cloud) == []


def test_a_snapshot_that_was_never_taken_is_not_reverted_to(cloud: Lab) -> None:
    def fail(call: str) -> None:
        if call == "take_snapshot":
            raise DriverError("the disk is full")

    cloud.watch(fail)
    assert cloud.apply(doc("volume_snapshot", "late", volume="data"), whole=False).errors
    cloud.watch(lambda call: None)
    back = doc("volume_snapshot", "late", volume="data", state="reverted", force=True)
    cloud.must_refuse(back, "field state: it is not complete yet; apply it again first")
    cloud.must(doc("volume_snapshot", "late", volume="data"))
    cloud.must(back)
