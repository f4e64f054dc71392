# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A storage that hosts share: its files are made once, are nobody's else's, and run on one host."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import shared_mark
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc
from support.sample import H1, H2, foundation, web

MOUNT = "/mnt/primary"
URL = f"SharedMountPoint://{MOUNT}"


def ground(hosts: int = 2) -> list[Document]:
    kept = [one for one in foundation(hosts) if one.kind.name != "primary_storage"]
    return [*kept[:-5], doc("primary_storage", "common", storage_url=URL, cluster="c1"), *kept[-5:]]


class Shared(Lab):
    """Hosts that all have one directory mounted."""

    def __init__(self) -> None:
        super().__init__()
        self.directory: dict[str, t.Any] = {}
        for url in (H1, H2, "test:///h3"):
            self.host(url).mounts = {MOUNT: self.directory}

    def unmount(self, url: str) -> None:
        self.host(url).mounts = {}
        self.host(url).files.pop(MOUNT, None)
        self.host(url).files[MOUNT] = {}

    def mount(self, url: str) -> None:
        self.host(url).mounts = {MOUNT: self.directory}
        self.host(url).files[MOUNT] = self.directory

    def files(self, sort: str) -> list[str]:
        return sorted(name for name in self.directory if name.startswith(f"{sort}-"))

    def calls(self, *names: str) -> list[tuple[str, str]]:
        """Calls of these names by host, which are forgotten."""
        found = [(url, call) for url, host in self.hosts.items() for call in host.calls if call in names]
        for host in self.hosts.values():
            host.calls.clear()
        return found

    def runs_on(self, name: str) -> list[str]:
        return [
            url
            for url, host in self.hosts.items()
            for one in host.domains.values()
            if one.name.startswith(f"{name}-") and one.active
        ]


@pytest.fixture
def lab() -> Iterator[Shared]:
    """web1 runs on h1 and web2 on h2, both on the storage that they share."""
    with Shared() as lab:
        agreed(lab, *ground(), web("web1", host="h1"), web("web2", host="h2"))
        yield lab


def agreed(lab: Lab, *documents: Document, **how: t.Any) -> list[str]:
    """A check run says what a run does, which says these steps; a second run does nothing."""
    told = lab.check(*documents, **how).report
    done = lab.must(*documents, **how)
    assert told.entries == done.entries
    assert not lab.must(*documents, **how).changed
    assert not lab.drift().changed
    return [step for entry in done.entries for step in entry.steps]


def capacity(lab: Lab) -> t.Any:
    with lab.cloud() as cloud:
        return [one for one in cloud.capacity() if one["type"] in ("zone", "primary_storage")]


def test_files_are_made_once_and_told_once() -> None:
    with Shared() as lab:
        steps = agreed(lab, *ground(), web("web1", host="h1"), web("web2", host="h2"))
        assert len(lab.files("template")) == 1
        assert len(lab.files("volume")) == 2
        assert len(lab.files("seed")) == 2
        assert len(lab.files("record")) == 2
        assert len(lab.files("primary_storage")) == 1
        assert sum(step.startswith("copy the image") for step in steps) == 1
        assert {"make the storage pool on host h1", "make the storage pool on host h2"} <= {*steps}


def test_what_is_of_a_host_is_left_alone_by_the_other(lab: Shared) -> None:
    before = dict(lab.directory)
    agreed(lab, doc("instance", "web1", state="absent"))
    gone = {*before} - {*lab.directory}
    assert len([name for name in gone if not name.startswith("record-")]) == 2
    assert lab.runs_on("web2") == [H2]


def test_a_host_that_has_another_directory_is_refused_and_nothing_is_put_there() -> None:
    with Shared() as lab:
        lab.must(*ground(1))
        lab.unmount(H2)
        told = lab.apply(*ground(2), web("web1", host="h1"), web("web2", host="h2"))
        (error,) = told.errors
        assert "make the storage pool on host h2" in error.sentence
        assert lab.runs_on("web1") == [H1]
        assert lab.host(H2).files[MOUNT] == {}
        assert lab.host(H2).domains == {}
        lab.mount(H2)
        agreed(lab, *ground(2), web("web1", host="h1"), web("web2", host="h2"))
        assert lab.runs_on("web2") == [H2]


@pytest.mark.parametrize("check", [True, False])
def test_a_host_that_lost_its_mount_is_left_alone(lab: Shared, check: bool) -> None:
    lab.unmount(H2)
    lab.calls()
    told = lab.apply(doc("instance", "web2", state="stopped"), web("web3", host="h1"), check=check)
    (error,) = told.errors
    mark = shared_mark(lab.one("primary_storage", "common")["id"])
    assert error.sentence == (
        f"primary storage 'common' on host 'h2': {MOUNT} is not the directory that its other hosts have, whose file "
        f"{mark} is missing; mount that there and apply again"
    )
    assert lab.host(H2).calls == []
    assert lab.host(H2).files[MOUNT] == {}
    assert lab.runs_on("web3") == ([] if check else [H1])
    assert lab.runs_on("web2") == [H2]


@pytest.mark.parametrize("state", ["started", "stopped"])
def test_an_instance_moves_and_no_file_is_copied(lab: Shared, state: str) -> None:
    lab.must(doc("instance", "web1", state=state))
    before, used = {name for name in lab.directory if not name.startswith("record-")}, capacity(lab)
    lab.calls()
    agreed(lab, doc("instance", "web1", host="h2"), whole=False)
    made = lab.calls("carry_file", "receive_volume", "create_volume", "put_base", "put_seed", "delete_volume")
    assert made == []
    assert {name for name in lab.directory if not name.startswith("record-")} == before
    assert lab.runs_on("web1") == ([H2] if state == "started" else [])
    assert not any(one.name.startswith("web1") for one in lab.host(H1).domains.values())
    assert capacity(lab) == used
    agreed(lab)


def test_a_move_that_is_cut_short_anywhere_is_finished_by_the_next_run() -> None:
    left = 0
    while True:
        left += 1
        with Shared() as lab:
            lab.must(*ground(), web("web1", host="h1"))
            lab.watch(Fuse(left))
            try:
                lab.must(doc("instance", "web1", host="h2"))
            except Interrupted:
                lab.watch(lambda call: None)
                assert len(lab.runs_on("web1")) == 1
                agreed(lab, doc("instance", "web1", host="h2"))
                assert lab.runs_on("web1") == [H2]
                assert len(lab.files("volume")) == 1
            else:
                return


def test_a_move_that_fails_leaves_files_and_the_instance_where_they_are(lab: Shared) -> None:
    before = {name for name in lab.directory if not name.startswith("record-")}
    lab.host(H2).unfit = "it cannot come"
    (error,) = lab.apply(doc("instance", "web1", host="h2")).errors
    assert "it stays on host 'h1'" in error.sentence
    assert {name for name in lab.directory if not name.startswith("record-")} == before
    assert lab.one("instance", "web1")["host"] == "h1"
    lab.must()
    assert not lab.must().changed


def test_snapshots_go_along(lab: Shared) -> None:
    lab.must(doc("volume_snapshot", "kept", volume="ROOT-web1"), doc("instance_snapshot", "whole", vm="web1"))
    agreed(lab, doc("instance", "web1", host="h2"))
    lab.host(H1).unfit = "it cannot come"
    lab.apply(doc("instance", "web1", host="h1"))
    agreed(
        lab,
        doc("volume_snapshot", "kept", state="absent"),
        doc("instance_snapshot", "whole", vm="web1", state="absent"),
    )
    assert lab.files("volume_snapshot") == lab.files("instance_snapshot") == []


def test_a_volume_is_attached_on_another_host_once_it_is_detached(lab: Shared) -> None:
    agreed(lab, doc("volume", "data", size=3, vm="web1"))
    files = lab.files("volume")
    lab.must_refuse(doc("volume", "data", vm="web2"), "instance 'web1', on another host, has it; detach it there first")
    agreed(lab, doc("volume", "data", state="detached"))
    agreed(lab, doc("volume", "data", vm="web2"))
    assert lab.files("volume") == files
    (web2,) = (one for one in lab.host(H2).domains.values() if one.name.startswith("web2"))
    assert web2.live is not None
    assert len([disk for disk in web2.live.disks if disk.device == "disk"]) == 2


def test_what_is_placed_counts_on_all_hosts_and_once(lab: Shared) -> None:
    told = lab.refusal(doc("volume", "much", size=1996, vm="web1"), doc("volume", "more", size=5, vm="web2"))
    assert "storage common has no room" in told
    agreed(lab, doc("volume", "much", size=1996, vm="web1"))
    assert "storage common has no room" in lab.refusal(doc("volume", "more", size=5, vm="web2"))
    assert [one["storage"]["total"] for one in capacity(lab)] == [2000.0, 2000.0]


def test_a_host_that_leaves_takes_nothing_of_others_along(lab: Shared) -> None:
    lab.must(doc("instance", "web2", state="absent"))
    template = lab.files("template")
    agreed(lab, doc("host", "h2", state="absent"))
    assert lab.files("template") == template
    assert len(lab.files("record")) == len(lab.files("primary_storage")) == 1
    assert not lab.must().changed


def test_a_storage_that_goes_leaves_nothing_of_ours(lab: Shared) -> None:
    lab.directory["letter.txt"] = next(iter(lab.directory.values()))
    agreed(lab, *(doc("instance", name, state="absent") for name in ("web1", "web2")))
    agreed(lab, doc("primary_storage", "common", state="absent"))
    assert {*lab.directory} == {"letter.txt"}
    assert all(host.pools == {} for host in lab.hosts.values())


def test_the_cloud_is_read_back_from_records_that_are_beside_each_other(lab: Shared) -> None:
    before = [lab.read(kind) for kind in ("host", "instance", "volume", "primary_storage")]
    lab.forget()
    lab.rebuild(H1, H2)
    assert [lab.read(kind) for kind in ("host", "instance", "volume", "primary_storage")] == before
    assert not lab.must(*ground(), web("web1", host="h1"), web("web2", host="h2")).changed
    lab.unmount(H2)
    (error,) = lab.apply().errors
    assert "mount that there" in error.sentence


def test_an_instance_is_started_elsewhere_when_its_host_is_said_to_be_off(lab: Shared) -> None:
    asked = doc("instance", "web1", host="h2")
    before = {name for name in lab.directory if not name.startswith("record-")}
    lab.lost.add(H1)
    assert "does not answer" in lab.refusal(asked, whole=False)
    forced = doc("instance", "web1", host="h2", force=True)
    (warning,) = lab.check(forced, whole=False).report.all_warnings
    assert "host 'h1' does not answer" in warning
    assert "be sure that it is off" in warning
    agreed_apart(lab, forced)
    assert H2 in lab.runs_on("web1")
    assert {name for name in lab.directory if not name.startswith("record-")} == before
    agreed_apart(lab, doc("instance", "web1", state="stopped"))
    agreed_apart(lab, doc("instance", "web1", state="started"))

    # The host is back, with what it had.
    lab.lost.clear()
    assert lab.runs_on("web1") == [H1, H2]
    agreed(lab)
    assert lab.runs_on("web1") == [H2]
    assert not any(one.name.startswith("web1") for one in lab.host(H1).domains.values())
    assert {name for name in lab.directory if not name.startswith("record-")} == before
    agreed(lab, doc("instance", "web1", host="h1"))


def agreed_apart(lab: Lab, document: Document) -> None:
    """The same of a task alone, which asks no other host."""
    told = lab.check(document, whole=False).report
    done = lab.must(document, whole=False)
    assert told.entries == done.entries
    assert not lab.must(document, whole=False).changed


def test_what_is_on_the_lost_host_alone_is_not_started_elsewhere() -> None:
    with Shared() as lab:
        own = doc("primary_storage", "own", storage_url="file:///own", storage_tags=["own"])
        lab.must(*ground(), own, doc("disk_offering", "own", disk_size=1, storage_tags=["own"]))
        lab.must(web("web1", host="h1", disk_offering="own"))
        lab.lost.add(H1)
        told = lab.refusal(doc("instance", "web1", host="h2", force=True), whole=False)
        assert "host 'h1' does not answer, and has its volume 'DATA-web1' alone; bring that back" in told


def test_a_host_that_answers_is_left_as_ever(lab: Shared) -> None:
    agreed(lab, doc("instance", "web1", host="h2", force=True))
    assert lab.runs_on("web1") == [H2]
    assert lab.calls("migrate_domain") == [(H1, "migrate_domain")]


def test_an_instance_that_was_left_behind_and_removed_goes_from_the_host_that_is_back(lab: Shared) -> None:
    lab.lost.add(H1)
    lab.must(doc("instance", "web1", host="h2", force=True), whole=False)
    lab.must(doc("instance", "web1", state="absent"), whole=False)
    lab.lost.clear()
    lab.host(H1).stop_domain(next(iter(lab.host(H1).domains)), 0)
    lab.must()
    assert lab.host(H1).domains == {}
    assert not lab.must().changed
