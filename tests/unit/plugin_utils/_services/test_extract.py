# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Extraction on the engine: what is asked for as a file is written when it is missing or differs, and only then."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.images import Layer
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.model_images import FACTS

DEST = "/srv/extracted.qcow2"


def extracted(kind: str, name: str, dest: str = DEST, **fields: object) -> Document:
    return doc(kind, name, state="extracted", dest=dest, **fields)


def agrees(lab: Lab, *documents: Document, whole: bool = False) -> bool:
    """Whether anything is changed, which a check run says before, in the same words."""
    files = dict(lab.images.files)
    predicted = lab.check(*documents, whole=whole).report
    assert lab.images.files == files
    report = lab.must(*documents, whole=whole)
    assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
    return report.changed


def volume_file(lab: Lab, name: str) -> str:
    (volume,) = lab.read("volume", name=name)
    return f"volume-{volume['id']}.qcow2"


@pytest.mark.parametrize(("kind", "name"), [("template", "tiny"), ("iso", "setup")])
@pytest.mark.parametrize("whole", [False, True])
def test_an_image_is_a_file_once(cloud: Lab, kind: str, name: str, whole: bool) -> None:
    document = extracted(kind, name)
    assert agrees(cloud, document, whole=whole)
    assert cloud.images.files == {DEST: FACTS.sha256}
    assert not agrees(cloud, document, whole=whole)
    del cloud.images.files[DEST]
    assert agrees(cloud, document, whole=whole)
    assert audit(cloud) == []


def test_a_new_template_is_extracted_at_once(founded: Lab) -> None:
    document = extracted("template", "new", url="file:///images/tiny.qcow2")
    assert agrees(founded, document)
    assert not agrees(founded, document)


def test_a_template_that_is_made_of_a_snapshot_is_extracted_at_once(cloud: Lab) -> None:
    document = extracted("template", "new", snapshot="before")
    assert agrees(cloud, document)
    assert not agrees(cloud, document)


@pytest.mark.parametrize(("kind", "name"), [("template", "tiny"), ("iso", "setup"), ("volume", "ROOT-db")])
def test_another_file_is_overwritten_when_that_is_asked_for(cloud: Lab, kind: str, name: str) -> None:
    cloud.images.files[DEST] = "f" * 64
    refused = f"field dest: {DEST} is there and is another file; name another one, or say force: true"
    cloud.must_refuse(extracted(kind, name), refused)
    assert agrees(cloud, extracted(kind, name, force=True))
    assert not agrees(cloud, extracted(kind, name))


@pytest.mark.parametrize(("kind", "name"), [("template", "tiny"), ("iso", "setup"), ("volume", "ROOT-db")])
@pytest.mark.parametrize("before", [None, "f" * 64])
def test_a_file_that_others_write_meanwhile_stays(cloud: Lab, kind: str, name: str, before: str | None) -> None:
    if before:
        cloud.images.files[DEST] = before

    def watch(call: str) -> None:
        if call in ("copy", "flatten"):
            cloud.images.files[DEST] = "e" * 64

    cloud.watch(watch)
    result = cloud.apply(extracted(kind, name, force=before is not None))
    assert [error.sentence.partition(": ")[2] for error in result.errors] == [
        f"{DEST} was written by others meanwhile; extract again"
    ]
    assert cloud.images.files == {DEST: "e" * 64}


def test_a_volume_is_read_once_with_what_it_lies_over(cloud: Lab) -> None:
    document, template = extracted("volume", "ROOT-db"), cloud.one("template", "tiny")["id"]
    assert agrees(cloud, document)
    assert cloud.images.layers == {DEST: Layer(f"/var/lib/cairn/secondary/template-{template}.qcow2", "qcow2")}
    assert not agrees(cloud, document)
    assert not agrees(cloud, document, whole=True)
    assert audit(cloud) == []


def test_a_volume_that_was_written_to_is_extracted_anew(cloud: Lab) -> None:
    document = extracted("volume", "ROOT-db")
    assert agrees(cloud, document)
    for host in cloud.hosts.values():
        host.write(volume_file(cloud, "ROOT-db"), "later")
    assert agrees(cloud, document)
    assert not agrees(cloud, document)


def test_two_files_of_one_volume(cloud: Lab) -> None:
    both = extracted("volume", "ROOT-db"), extracted("volume", "ROOT-db", "/srv/other.qcow2")
    assert [agrees(cloud, document) for document in (*both, *both)] == [True, True, False, False]


def test_an_instance_that_is_stopped_in_the_same_run(cloud: Lab) -> None:
    documents = doc("instance", "web1", state="stopped"), extracted("volume", "data")
    assert agrees(cloud, *documents, whole=True)
    assert cloud.images.layers == {DEST: None}
    assert not agrees(cloud, *documents, whole=True)


REFUSED: list[tuple[Document, str]] = [
    (extracted("volume", "none"), "field state: there is no such volume to extract; name one that is there"),
    (extracted("volume", "spare"), "field state: it is on no storage yet, so that there is nothing on it; attach it"),
    (extracted("volume", "data"), "field state: instance 'web1' runs and has it open; stop it first, or extract a"),
    (extracted("volume", "ROOT-db", "/nowhere/x"), "field dest: the directory /nowhere does not exist; make it first"),
    (
        extracted("template", "tiny", "/var/lib/cairn/secondary/template.qcow2"),
        "field dest: secondary storage 'ss1' keeps its images there; name a file in another directory",
    ),
    (extracted("template", "none"), "field url: it is missing; a new template needs it, or a snapshot"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:40] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def test_one_file_is_of_one_resource(cloud: Lab) -> None:
    told = cloud.refusal(extracted("template", "tiny"), extracted("iso", "setup"))
    assert "is extracted to it as well; name another file" in told


def test_a_guest_that_was_started_by_hand_is_stopped_as_described(cloud: Lab) -> None:
    ident = cloud.one("instance", "db")["id"]
    (host,) = (host for host in cloud.hosts.values() if ident in host.domains)
    host.start_domain(ident)
    assert agrees(cloud, extracted("volume", "ROOT-db"))
    assert not agrees(cloud, extracted("volume", "ROOT-db"))


def test_a_volume_that_is_written_to_while_it_is_read(cloud: Lab) -> None:
    file = volume_file(cloud, "ROOT-db")

    def write(call: str) -> None:
        for host in cloud.hosts.values():
            host.write(file, "meanwhile")

    for host in cloud.hosts.values():
        host.reading = write
    result = cloud.apply(extracted("volume", "ROOT-db"), whole=False)
    told = "volume 'ROOT-db': it was written to while it was read; stop what writes to it and extract it again"
    assert [str(error) for error in result.errors] == [told]
    assert cloud.images.files == {}


def test_what_is_wrong_with_the_host_is_said_once(cloud: Lab) -> None:
    url = next(url for url, host in cloud.hosts.items() if any(n.name.startswith("db-") for n in host.domains.values()))
    cloud.lost.add(url)
    result = cloud.apply(extracted("volume", "ROOT-db"), whole=False)
    assert [str(error) for error in result.errors] == [f"host {url} does not answer; start it"]
    assert cloud.images.files == {}
