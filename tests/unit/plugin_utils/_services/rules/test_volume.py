# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of volumes: size, place, and whom they are attached to."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support import model_images
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import web

GOODS = "file:///images/goods.qcow2"

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
    (doc("volume", "new", url="file:///none"), "field url: the image file:///none does not exist; mend the URL"),
    (doc("volume", "new", url=GOODS, snapshot="before"), "field snapshot: it is given together with url; give one"),
    (doc("volume", "new", size=1, format="RAW"), "field format: it goes with url; give that, or leave it out"),
    (
        doc("volume", "data", url=GOODS),
        "field url: a new volume starts so, and this one is there already; make another",
    ),
    (doc("volume", "goods", format="RAW"), "field format: it cannot change once the volume exists"),
    (doc("volume", "data", snapshot="before"), "field snapshot: a new volume starts so, and this one is there"),
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
    told = "field vm: instance 'one' has 25 data volumes; detach one first, since setting vm.max.data.volumes is 25"
    assert founded.refusal(doc("volume", "late", size=1, vm="one")) == f"volume 'late', {told}"
    founded.must(doc("volume", "v07", state="detached"), doc("volume", "late", size=1, vm="one"))
    assert founded.one("volume", "late")["device_id"] == 8
    assert audit(founded) == []


def test_a_volume_starts_as_an_image(founded: Lab) -> None:
    document = doc("volume", "goods", url=GOODS, state="uploaded")
    predicted = founded.check(document, whole=False).report
    assert [vars(e) for e in founded.must(document, whole=False).entries] == [vars(e) for e in predicted.entries]
    assert (founded.one("volume", "goods")["state"], founded.one("volume", "goods")["size"]) == ("Uploaded", 1)
    assert audit(founded) == []
    founded.must(web(), doc("volume", "goods", vm="web1", size=4))
    (goods,) = founded.read("volume", name="goods")
    file = next(files for files in founded.host().files.values())[f"volume-{goods['id']}.qcow2"]
    assert (file.backing, file.capacity) == (f"volume-{goods['id']}-image.qcow2", 4 << 30)
    assert audit(founded) == []
    assert not founded.must(document, whole=False).changed
    assert not founded.must(document).changed
    assert not founded.drift().changed


def test_each_of_two_volumes_of_an_image_is_as_large_as_that(founded: Lab) -> None:
    one, two = (doc("volume", name, url=GOODS) for name in ("one", "two"))
    founded.must(one)
    founded.must(two)
    assert [volume["size"] for volume in founded.read("volume")] == [1, 1]
    assert audit(founded) == []


def test_a_volume_is_at_least_as_large_as_its_image(founded: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_images, "FACTS", dc.replace(model_images.FACTS, virtual_size=(3 << 30) + 1))
    founded.must_refuse(doc("volume", "goods", url=GOODS, size=3), "field size: 3 GiB is less than the 4 GiB of the im")
    founded.must(doc("volume", "goods", url=GOODS))
    assert founded.one("volume", "goods")["size"] == 4


def test_a_check_run_takes_an_image_that_it_cannot_look_into(founded: Lab) -> None:
    document = doc("volume", "far", url="https://example.org/other.qcow2", vm="web1")
    assert founded.check(web(), document).report.changed
    founded.must(web(), document)
    assert founded.one("volume", "far")["size"] == 1
    assert audit(founded) == []


def test_what_a_volume_started_as_goes_with_it(founded: Lab) -> None:
    founded.must(web(), doc("volume", "goods", url=GOODS, vm="web1"), doc("volume", "other", url=GOODS))
    told = founded.refusal(doc("secondary_storage", "ss1", state="absent"))
    assert "it is still used by" in told
    founded.must(*(doc("volume", name, state="absent") for name in ("goods", "other")))
    assert audit(founded) == []


def test_a_volume_without_secondary_storage_for_its_image(lab: Lab) -> None:
    lab.must(doc("zone", "z1"))
    told = lab.refusal(doc("volume", "goods", url=GOODS))
    assert told == "volume 'goods', field zone: its zone has no secondary storage to keep the image; make one first"


def test_a_volume_that_started_as_an_image_is_reverted_and_extracted(cloud: Lab) -> None:
    extracted = doc("volume", "goods", state="extracted", dest="/srv/goods.qcow2")
    cloud.must(doc("volume_snapshot", "mark", volume="goods"), extracted)
    (layer,) = cloud.images.layers.values()
    assert layer
    assert layer.path.endswith("-image.qcow2")
    cloud.must(doc("volume_snapshot", "mark", state="reverted"), whole=False)
    assert audit(cloud) == []
    cloud.must(extracted)
    assert cloud.images.layers == {"/srv/goods.qcow2": None}
    assert not cloud.must().changed
