# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Snapshots of instances on the engine: of all disks and the memory at once, reverted to, gone with the instance."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.cloud import Earlier
from support.audit import audit
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc

DISKS = doc("instance_snapshot", "disks", vm="web1", description="before the upgrade")
WHOLE = doc("instance_snapshot", "whole", vm="web1", snapshot_memory=True)


def revert(name: str, **fields: t.Any) -> Document:
    return doc("instance_snapshot", name, vm="web1", state="revert", **fields)


REFUSED: list[tuple[Document, str]] = [
    (
        doc("instance_snapshot", "new", vm="none"),
        "field vm: instance 'none' not found; make it first, or mend the name",
    ),
    (doc("instance_snapshot", "new", vm="db", snapshot_memory=True), "instance 'db' does not run and has no memory to"),
    (revert("new"), "field state: there is no such snapshot to revert to; name one that is there"),
    (
        doc("instance_snapshot", "disks", vm="web1", snapshot_memory=True),
        "field snapshot_memory: it cannot change once",
    ),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must(DISKS)
    cloud.must_refuse(document, sentence)


def calls(lab: Lab) -> list[str]:
    """What was done, besides writing down the cloud."""
    beside = ("retitle_domain", "put_record")
    found = [call for host in lab.hosts.values() for call in host.calls if call not in beside]
    for host in lab.hosts.values():
        host.calls.clear()
    return found


@pytest.fixture
def taken(cloud: Lab) -> Lab:
    """The sample cloud with both snapshots of its instance with two data volumes."""
    cloud.must(DISKS)
    cloud.must(WHOLE)
    calls(cloud)
    return cloud


@pytest.mark.parametrize("document", [DISKS, WHOLE], ids=["disks", "whole"])
@pytest.mark.parametrize("whole", [False, True])
def test_all_disks_are_taken_at_once_and_once(cloud: Lab, document: Document, whole: bool) -> None:
    calls(cloud)
    predicted = cloud.check(document, whole=whole).report
    report = cloud.must(document, whole=whole)
    assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
    assert calls(cloud) == ["take_instance_snapshot"]
    shown = cloud.one("instance_snapshot", document.name)
    assert (shown["state"], shown["taken"], shown["quiesced"], shown["current"]) == ("Ready", True, True, True)
    copies = [one for one in cloud.read("volume_snapshot") if one["name"].startswith(document.name)]
    assert [one["volume"] for one in copies] == ["DATA-web1", "ROOT-web1", "data"]
    assert all(one["taken"] for one in copies)
    assert not cloud.must(document, whole=whole).changed
    assert calls(cloud) == []
    assert audit(cloud) == []


def test_the_current_one_and_what_it_followed_are_told(taken: Lab) -> None:
    def told() -> dict[str, tuple[t.Any, ...]]:
        found = taken.read("instance_snapshot", vm="web1")
        return {one["name"]: (one["type"], one["current"], one.get("parent")) for one in found}

    assert told() == {"disks": ("Disk", False, None), "whole": ("DiskAndMemory", True, "disks")}
    taken.must(revert("disks"), whole=False)
    assert told() == {"disks": ("Disk", True, None), "whole": ("DiskAndMemory", False, "disks")}
    taken.must(doc("instance_snapshot", "third", vm="web1"), whole=False)
    taken.must(doc("instance_snapshot", "disks", vm="web1", state="absent"))
    assert told() == {"third": ("Disk", True, None), "whole": ("DiskAndMemory", False, None)}
    taken.must(doc("instance_snapshot", "third", vm="web1", state="absent"))
    assert told() == {"whole": ("DiskAndMemory", False, None)}


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("power", ["started", "stopped"])
def test_reverting_to_disks_starts_the_guest_anew(taken: Lab, whole: bool, power: str) -> None:
    taken.must(doc("instance", "web1", state=power))
    calls(taken)
    predicted = taken.check(revert("disks"), whole=whole).report
    report = taken.must(revert("disks"), whole=whole)
    assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
    made = calls(taken)
    assert made.count("create_volume") == 3
    assert "start_domain" in made
    assert "restore_domain" not in made
    assert max(entry.impact for entry in report.entries) == Impact.RESTART
    assert taken.one("instance", "web1")["state"] == "Running"
    assert audit(taken) == []
    assert not taken.must().changed


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("power", ["started", "stopped"])
def test_reverting_to_memory_has_the_guest_go_on(taken: Lab, whole: bool, power: str) -> None:
    taken.must(doc("instance", "web1", state=power))
    calls(taken)
    for _turn in range(2):
        predicted = taken.check(revert("whole"), whole=whole).report
        report = taken.must(revert("whole"), whole=whole)
        assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
        made = [call for call in calls(taken) if call not in ("autostart_domain", "let_in")]
        assert made == [*["create_volume"] * 3, "restore_domain", "define_domain", *["delete_volume"] * 3]
        assert audit(taken) == []
        assert not taken.must().changed
        assert calls(taken) == []


def test_memory_needs_the_machine_that_it_was_of(taken: Lab) -> None:
    taken.must(doc("volume", "spare", state="attached", vm="web1"))
    taken.must_refuse(revert("whole"), "instance 'web1' had another set of volumes when its memory was kept; change")
    taken.must(revert("disks"))
    assert taken.one("volume", "spare")["vm"] == "web1"
    taken.must(doc("volume", "spare", state="detached"), doc("volume", "data", size=4))
    taken.must_refuse(revert("whole"), "instance 'web1' had another size of its volumes when its memory was kept")
    taken.must(doc("instance", "web1", service_offering="free", cpu=2, memory=600, force=True))
    taken.must_refuse(revert("whole"), "instance 'web1' had another size when its memory was kept")


def test_what_grew_since_stays_as_large(taken: Lab) -> None:
    taken.must(doc("volume", "data", size=4))
    taken.must(revert("disks"))
    assert audit(taken) == []
    sizes = {
        name: f.capacity >> 30 for host in taken.hosts.values() for p in host.files.values() for name, f in p.items()
    }
    ident = taken.one("volume", "data")["id"]
    assert [size for name, size in sizes.items() if name.startswith(f"volume-{ident}")] == [4]


def test_volumes_that_are_gone_are_not_reverted(taken: Lab) -> None:
    taken.must(doc("volume", "data", state="detached"))
    taken.must_refuse(revert("disks"), "volume 'data' is not attached; make new volumes from its volume snapshots, or")
    taken.must(doc("volume", "data", state="absent"), doc("volume_snapshot", "before", state="absent"))
    taken.must_refuse(revert("disks"), "the volume of volume snapshot 'disks-data' is gone; make new volumes from")
    taken.must(doc("volume", "again", snapshot="disks-data"))
    assert audit(taken) == []


def test_disks_of_it_are_not_changed_by_themselves(taken: Lab) -> None:
    taken.must_refuse(doc("volume_snapshot", "disks-data", state="absent"), "it belongs to instance snapshot 'disks'")
    taken.must(doc("volume_snapshot", "disks-data", state="reverted", force=True))
    assert audit(taken) == []


def test_it_goes_with_its_instance(taken: Lab) -> None:
    taken.must(doc("instance", "web1", state="absent"), whole=False)
    assert [one["vm"] for one in taken.read("instance_snapshot")] == ["web2"]
    assert audit(taken) == []


def test_it_goes_alone(taken: Lab) -> None:
    for name in ("disks", "whole"):
        taken.must(doc("instance_snapshot", name, vm="web1", state="absent"), whole=False)
    assert {one["name"] for one in taken.read("volume_snapshot")} == {"before", "snap-ROOT-web2"}
    assert audit(taken) == []


def test_names_are_an_instances_own(taken: Lab) -> None:
    taken.must(doc("instance_snapshot", "disks", vm="web2"))
    taken.must(doc("volume_snapshot", "late-ROOT-web2", volume="ROOT-web2"))
    taken.must_refuse(doc("instance_snapshot", "late", vm="web2"), "it would bring a volume snapshot 'late-ROOT-web2'")


def test_a_destroyed_instance_keeps_its_snapshots(taken: Lab) -> None:
    taken.must(doc("instance", "web1", state="destroyed"))
    taken.must_refuse(revert("whole"), "instance 'web1' is destroyed; bring it back with state present first")
    taken.must_refuse(doc("instance_snapshot", "new", vm="web1"), "instance 'web1' is destroyed; bring it back")
    taken.must(doc("instance", "web1", state="present"))
    taken.must(revert("whole"))
    assert audit(taken) == []


def test_an_instance_and_its_snapshot_are_made_at_once(cloud: Lab) -> None:
    made = [
        doc("instance", "web3", service_offering="small", networks=["net1"]),
        doc("instance_snapshot", "first", vm="web3", snapshot_memory=True),
    ]
    cloud.must(*made)
    assert cloud.one("instance_snapshot", "first")["taken"]
    assert not cloud.must(*made).changed


def test_a_lost_file_is_named_and_not_taken_anew(taken: Lab) -> None:
    for files in (files for host in taken.hosts.values() for files in host.files.values()):
        for name in [name for name in files if name.endswith(".save")]:
            del files[name]
    report = taken.must()
    assert "instance snapshot 'whole': a file of it is gone, and with it what it held; remove it" in report.warnings
    result = taken.apply(revert("whole"))
    assert (
        "instance 'web1': the memory that it is to go on from is gone; its guest starts anew" in result.report.warnings
    )
    assert "start_domain" in (made := calls(taken)) or "reboot_domain" in made


def test_a_paused_guest_goes_on(taken: Lab) -> None:
    import dataclasses as dc

    host = next(host for host in taken.hosts.values() if any(one.active for one in host.domains.values()))
    ident = next(ident for ident, one in host.domains.items() if one.active)
    host.domains[ident] = dc.replace(host.domains[ident], paused=True)
    assert taken.drift().changed
    taken.must()
    assert calls(taken) == ["resume_domain"]
    assert not host.domains[ident].paused


@pytest.mark.parametrize("action", ["restarted", "stopped", "restored"])
def test_a_revert_that_was_cut_short_is_given_up_for_another_action(taken: Lab, action: str) -> None:
    taken.watch(Fuse(1))
    with pytest.raises(Interrupted):
        taken.apply(revert("whole"))
    taken.watch(lambda call: None)
    taken.must(doc("instance", "web1", state=action))
    taken.must(doc("instance", "web1", state="started"))
    assert "restore_domain" not in calls(taken)
    assert audit(taken) == []


@pytest.mark.parametrize("memory", [True, False])
def test_a_check_run_predicts_what_follows_of_what_it_would_have_taken(cloud: Lab, memory: bool) -> None:
    taking = doc("instance_snapshot", "new", vm="web1", snapshot_memory=memory)
    pending = [Earlier((taking,))]
    report = cloud.check(revert("new"), whole=False, pending=pending).report
    assert report.changed
    assert report.warnings == []
    assert any("go on from" in step for entry in report.entries for step in entry.steps) == memory
    cloud.must(taking, whole=False)
    made = cloud.must(revert("new"), whole=False)
    assert {(e.kind, e.name, e.action) for e in made.entries} <= {(e.kind, e.name, e.action) for e in report.entries}
