# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of images: they are had before anything is stored, and an ISO is in the drive of whom it is attached to."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import web

REFUSED: list[tuple[Document, str]] = [
    (doc("template", "tiny", state="absent"), "it is still used by instance 'db', instance 'web1', instance 'web2'"),
    (doc("template", "new", url="file:///none"), "field url: the image file:///none does not exist; mend the URL"),
    (doc("template", "tiny", url="file:///other"), "the image file:///other does not exist; mend the URL"),
    (doc("iso", "setup", state="absent"), "iso 'setup': it is still used by instance 'db'; remove that first"),
    (doc("iso", "setup", vm="none", state="attached"), "field vm: instance 'none' not found; make it first"),
    (doc("iso", "new", url="file:///none"), "field url: the image file:///none does not exist; mend the URL"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def test_a_template_needs_secondary_storage(lab: Lab) -> None:
    lab.must(doc("zone", "z1"))
    with pytest.raises(CairnError, match="its zone has no secondary storage to keep the image; make one first"):
        lab.apply(doc("template", "tiny", url="file:///images/tiny.qcow2"))


@pytest.fixture
def installing(founded: Lab) -> Lab:
    """An ISO, and an instance that runs."""
    founded.must(doc("iso", "setup", url="file:///images/setup.iso"), web())
    return founded


def drive(lab: Lab) -> tuple[str, ...]:
    """The ISO in the instance's drive: where it is defined, and where it runs."""
    (domain,) = lab.host().domains.values()
    assert domain.shape
    assert domain.live
    return tuple(disk.volume for side in (domain.shape, domain.live) for disk in side.disks if disk.target == "hdc")


def test_an_iso_is_attached_and_detached_while_the_guest_runs(installing: Lab) -> None:
    lab, iso = installing, installing.one("iso", "setup")["id"]
    for state, file in (("attached", f"iso-{iso}.iso"), ("detached", "")):
        lab.host().calls.clear()
        document = doc("iso", "setup", vm="web1", state=state)
        predicted = lab.check(document, whole=False).report
        report = lab.must(document, whole=False)
        assert [entry.diff() for entry in report.entries] == [entry.diff() for entry in predicted.entries]
        assert drive(lab) == (file, file)
        assert "reboot_domain" not in lab.host().calls
        assert "change_media" in lab.host().calls
        assert audit(lab) == []
        assert not lab.must(document, whole=False).changed
        assert not lab.must().changed


def test_an_instance_shows_and_loses_its_iso(installing: Lab) -> None:
    installing.must(web(iso="setup"))
    assert installing.one("instance", "web1")["iso"] == "setup"
    installing.must_refuse(doc("iso", "setup", state="absent"), "it is still used by instance 'web1'")
    installing.must(web(iso=""))
    assert drive(installing) == ("", "")
    installing.must(doc("iso", "setup", state="absent"), whole=False)
    assert audit(installing) == []
    assert not any(name.startswith("iso-") for files in installing.host().files.values() for name in files)


def test_an_attached_iso_does_not_adopt_its_instance(installing: Lab) -> None:
    foreign = web("theirs")
    installing.must(foreign, whole=False)
    installing.must(doc("iso", "setup", vm="theirs", state="attached"), applyset="mine")
    installing.must(doc("iso", "setup"), applyset="mine", removing=True)
    assert installing.one("instance", "theirs")["iso"] == "setup"


def test_a_destroyed_instance_has_no_drive(installing: Lab) -> None:
    installing.must(web(state="destroyed"))
    installing.must_refuse(doc("iso", "setup", vm="web1", state="attached"), "instance 'web1' is destroyed; bring it")


INSTALLS: list[tuple[dict[str, object], int]] = [
    ({"root_disk_size": 3}, 3),
    ({"disk_offering": "five"}, 5),
    ({"disk_offering": "any", "disk_size": 4}, 4),
    ({"disk_offering": "any", "root_disk_size": 4}, 4),
]


@pytest.mark.parametrize(("sizes", "size"), INSTALLS)
def test_an_instance_is_installed_from_an_iso(founded: Lab, sizes: dict[str, object], size: int) -> None:
    offerings = doc("disk_offering", "five", disk_size=5), doc("disk_offering", "any")
    founded.must(*offerings, doc("iso", "setup", url="file:///images/setup.iso"))
    document = web("fresh", iso="setup", **sizes)
    founded.must(document)
    (volume,) = founded.read("volume")
    assert (volume["size"], volume.get("template"), volume["type"]) == (size, None, "ROOT")
    assert founded.one("instance", "fresh").get("template") is None
    assert audit(founded) == []
    assert not founded.must(document).changed
    founded.must(web("fresh", state="absent"))
    assert audit(founded) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"iso": "setup"}, "field root_disk_size: it is missing; an instance without a template needs it"),
        (
            {"iso": "data", "root_disk_size": 2},
            "field iso: iso 'data' is not bootable; name another one, or a",
        ),
        ({"iso": "setup", "root_disk_size": 2, "disk_size": 3}, "field root_disk_size: disk_offering or disk_size say"),
    ],
)
def test_what_cannot_be_installed(founded: Lab, fields: dict[str, object], sentence: str) -> None:
    iso = {"url": "file:///images/setup.iso"}
    founded.must(doc("iso", "setup", **iso), doc("iso", "data", bootable=False, **iso))
    founded.must_refuse(web("fresh", **fields), sentence)


def test_a_second_template_of_an_image_is_known_as_well(founded: Lab) -> None:
    founded.must(doc("template", "again", url="file:///images/tiny.qcow2"))
    first, second = founded.one("template", "tiny"), founded.one("template", "again")
    assert second["state"] == "Ready"
    assert (second["size"], second["physical_size"]) == (first["size"], first["physical_size"])
