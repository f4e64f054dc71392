# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A run that waits for an image knows what others stored meanwhile, and undoes none of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc

MEANWHILE: dict[str, list[Document]] = {
    "a volume is reverted": [doc("volume_snapshot", "before", state="reverted", force=True)],
    "an instance is restored": [doc("instance", "web1", state="restored")],
    "a snapshot is reverted to": [doc("instance_snapshot", "snap", vm="web2", state="revert")],
    "a volume is attached": [doc("volume", "spare", vm="web1")],
    "a volume is detached": [doc("volume", "data", state="detached")],
    "an instance is stopped": [doc("instance", "web1", state="stopped")],
    "an instance is made": [doc("instance", "web3", service_offering="small", networks=["net1"])],
    "an instance is removed": [doc("instance", "web2", state="absent")],
    "a rule is made": [doc("security_group_rule", "ssh", security_group="front", start_port=22)],
    "another image is needed": [
        doc("template", "other", url="https://example.org/other.qcow2"),
        doc("instance", "web3", service_offering="small", template="other", networks=["net1"]),
    ],
}


def while_an_image_is_fetched(lab: Lab, work: Callable[[], None]) -> None:
    """Templates' images are lost; when one is fetched again, the other run comes in, once."""
    lab.images.kept = {path for path in lab.images.kept if lab.one("template", "tiny")["id"] not in path}
    left = [work]

    class Told(list[str]):
        def append(self, told: str) -> None:
            if "fetch the image" in told and left:
                left.pop()()

    lab.progress = Told()


@pytest.mark.parametrize("name", sorted(MEANWHILE))
@pytest.mark.parametrize("whole", [True, False])
def test_nothing_of_what_others_did_is_undone(cloud: Lab, name: str, whole: bool) -> None:
    calls: list[list[str]] = []

    def meanwhile() -> None:
        for document in MEANWHILE[name]:
            cloud.must(document, whole=False)
        calls.extend(host.calls for host in cloud.hosts.values())
        for host in cloud.hosts.values():
            host.calls = []

    while_an_image_is_fetched(cloud, meanwhile)
    cloud.must(doc("instance", "web1"), whole=whole)
    assert calls
    made = {call for host in cloud.hosts.values() for call in host.calls}
    assert not made - {"put_record", "retitle_domain"}
    assert not cloud.drift().changed
    assert audit(cloud) == []


def test_an_image_that_another_run_needs_by_then_is_seen_to(cloud: Lab) -> None:
    """Its instance is part of what a whole run makes."""
    kept = set(cloud.images.kept)

    def meanwhile() -> None:
        for document in MEANWHILE["another image is needed"]:
            cloud.must(document, whole=False)
        cloud.images.kept &= kept | {path for path in cloud.images.kept if "staging" in path}

    while_an_image_is_fetched(cloud, meanwhile)
    cloud.must()
    assert cloud.one("template", "other")["id"] in " ".join(cloud.images.kept)
    assert audit(cloud) == []


def test_what_is_asked_for_and_gone_by_then_is_no_error(cloud: Lab) -> None:
    asked = doc("iso", "setup", state="extracted", dest="/out/setup.iso")
    gone = [doc("iso", "setup", state="detached", vm="db"), doc("iso", "setup", state="absent")]

    def meanwhile() -> None:
        for document in gone:
            cloud.must(document, whole=False)

    while_an_image_is_fetched(cloud, meanwhile)
    cloud.must(asked)
    assert cloud.images.files == {}
    assert audit(cloud) == []


def test_an_image_that_waits_for_a_snapshot_and_is_gone_by_then_is_no_error(cloud: Lab) -> None:
    def full(call: str) -> None:
        if call == "take_snapshot":
            raise DriverError("the disk is full")

    cloud.watch(full)
    assert cloud.apply(doc("volume_snapshot", "late", volume="data"), whole=False).errors
    cloud.watch(lambda call: None)
    gone = [doc("template", "golden", state="absent"), doc("volume_snapshot", "late", state="absent")]

    def meanwhile() -> None:
        for document in gone:
            cloud.must(document, whole=False)

    while_an_image_is_fetched(cloud, meanwhile)
    cloud.must(doc("template", "golden", snapshot="late"))
    assert "golden" not in {one["name"] for one in cloud.read("template")}
    assert audit(cloud) == []
