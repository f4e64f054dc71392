# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of volumes: size, place, and whom they are attached to."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import web

REFUSED: list[tuple[Document, str]] = [
    (doc("volume", "new"), "field size: it is missing; a new volume needs it, or a disk offering that has one"),
    (doc("volume", "new", size=4, disk_offering="five"), "field size: disk offering 'five' fixes it at 5 GiB; leave"),
    (doc("volume", "data", size=2), "field size: 2 GiB is less than the 3 GiB it has; a volume never shrinks"),
    (doc("volume", "new", size=1, vm="none"), "field vm: instance 'none' not found; make it first, or mend the name"),
    (doc("volume", "data", vm="web2"), "field vm: instance 'web2' is not on host 'h2', whose storage has the volume"),
    (doc("volume", "data", size=60000), "field size: it cannot grow to 60000 GiB; h2: storage ps1 has no room for"),
    (
        doc("volume", "new", size=60000, vm="web1"),
        "field size: there is no storage for it; h2: storage ps1 has no room",
    ),
    (doc("volume", "ROOT-db", size=9), "volume 'ROOT-db': it belongs to instance 'db'; change it there"),
    (doc("volume", "ROOT-db", state="detached"), "volume 'ROOT-db': it belongs to instance 'db'; change it there"),
    (doc("volume", "ROOT-db", state="absent"), "volume 'ROOT-db': it belongs to instance 'db'; remove that"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def test_a_volume_of_another_zone_is_refused(cloud: Lab) -> None:
    cloud.must(doc("zone", "z2"))
    cloud.must(doc("volume", "far", size=1, zone="z2"))
    told = cloud.refusal(doc("volume", "far", zone="z2", vm=cloud.one("instance", "web1")["id"]))
    assert told == "volume 'far', field vm: instance 'web1' is in another zone; attach a volume of that zone"


def test_a_volume_gets_its_place_with_its_first_instance(cloud: Lab) -> None:
    assert (cloud.one("volume", "spare")["state"], "host" in cloud.one("volume", "spare")) == ("Allocated", False)
    cloud.must(doc("volume", "spare", state="attached", vm="web1"))
    spare = cloud.one("volume", "spare")
    assert (spare["state"], spare["host"], spare["device_id"]) == ("Ready", cloud.one("instance", "web1")["host"], 3)


def test_a_volume_moves_between_instances_of_a_host(founded: Lab) -> None:
    founded.must(web("one"), web("two"), doc("volume", "disk", size=1, vm="two"))
    founded.must(doc("volume", "disk", vm="one"), whole=False)
    assert founded.one("volume", "disk")["vm"] == "one"
    assert audit(founded) == []
    assert not founded.drift().changed


def test_devices_are_used_again(founded: Lab) -> None:
    founded.must(web("one"), *(doc("volume", f"v{n:02}", size=1, vm="one") for n in range(25)))
    assert founded.refusal(doc("volume", "late", size=1, vm="one")) == (
        "volume 'late', field vm: instance 'one' has 25 data volumes, the most; detach one first"
    )
    founded.must(doc("volume", "v07", state="detached"), doc("volume", "late", size=1, vm="one"))
    assert founded.one("volume", "late")["device_id"] == 8
    assert audit(founded) == []
