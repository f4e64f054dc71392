# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Settings are stored, shown with their defaults, and obeyed."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.configuration import SETTINGS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._documents import parse
from support.lab import Lab
from support.lab import document as doc
from support.sample import foundation, web


def setting(name: str, value: t.Any = None, **more: t.Any) -> Document:
    return doc("configuration", name, value=value, **more)


def agrees(lab: Lab, *documents: Document) -> bool:
    predicted = lab.check(*documents).report
    report = lab.must(*documents)
    assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
    return report.changed


REFUSED: list[tuple[Document, str]] = [
    (setting("workers"), "field value: it is missing; a new configuration needs it"),
    (setting("workers", "many"), "field value: 'many' is not a whole number; write a whole number"),
    (setting("workers", 0), "field value: 0 is too small; the least is 1"),
    (setting("storage.max.volume.size", 70000), "field value: 70000 GiB is too large; the most is 65536 GiB"),
    (setting("guest.domain.suffix", "a..b"), "field value: a domain name is host names joined by dots"),
    (setting("secstorage.allowed.schemes", "https,ftp"), "field value: 'ftp' is not one of file, http, https"),
    (setting("secstorage.checksum.required", "perhaps"), "field value: 'perhaps' is not one of never, http, always"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(lab: Lab, document: Document, sentence: str) -> None:
    lab.must_refuse(document, sentence)


def test_all_are_read_set_or_not(lab: Lab) -> None:
    lab.must(setting("workers", 8))
    found = {one["name"]: one for one in lab.read("configuration")}
    assert list(found) == sorted(SETTINGS)
    assert (found["workers"]["value"], found["workers"]["default"], found["workers"]["is_set"]) == ("8", "32", True)
    unset = found["vm.stop.timeout"]
    assert (unset["value"], unset["unit"], unset["type"], unset["state"]) == ("3600", "seconds", "int", "Default")
    assert not unset["is_set"]
    assert "id" not in unset
    assert [one["name"] for one in lab.read("configuration", state="Present")] == ["workers"]


def test_a_setting_is_changed_and_gets_its_default_back(lab: Lab) -> None:
    assert [agrees(lab, setting("workers", value)) for value in (8, "8", 9)] == [True, False, True]
    assert agrees(lab, setting("workers", state="absent"))
    assert not agrees(lab, setting("workers", state="absent"))
    assert lab.one("configuration", "workers")["value"] == "32"


DEFAULTS = [
    ("guest.domain.suffix", "example.org", "zone", "z1", "network_domain", "example.org", "cairn.internal"),
    ("cpu.overprovisioning.factor", 16, "cluster", "c1", "cpu_overcommit_ratio", 16.0, 4.0),
    ("mem.overprovisioning.factor", 1.5, "cluster", "c1", "memory_overcommit_ratio", 1.5, 1.0),
    ("storage.overprovisioning.factor", 3, "primary_storage", "ps1", "over_provisioning_ratio", 3.0, 2.0),
]


@pytest.mark.parametrize(("name", "value", "kind", "one", "field", "expected", "usual"), DEFAULTS)
def test_it_is_the_default_of_what_is_new(
    lab: Lab, name: str, value: t.Any, kind: str, one: str, field: str, expected: t.Any, usual: t.Any
) -> None:
    """In the same run already, wherever it is written; what is there stays as it is."""
    assert agrees(lab, *foundation(), setting(name, value))
    assert lab.one(kind, one)[field] == expected
    lab.must(setting(name, state="absent"))
    assert not agrees(lab, *foundation())
    assert lab.one(kind, one)[field] == expected
    with Lab() as other:
        other.must(*foundation())
        assert other.one(kind, one)[field] == usual
        other.must(setting(name, value))
        assert other.one(kind, one)[field] == usual


@pytest.mark.parametrize("name", [name for name, *_rest in DEFAULTS])
def test_what_was_made_by_it_is_exported_and_made_again(lab: Lab, name: str) -> None:
    value = {"guest.domain.suffix": "example.org"}.get(name, 2)
    lab.must(*foundation(), setting(name, value))
    for settings in ([], [setting(name, state="absent")]):
        lab.must(*settings)
        with lab.cloud() as cloud:
            documents = cloud.export().documents
        assert not lab.must(*parse(documents, "exported")).changed
        with Lab() as other:
            other.must(*parse(documents, "exported"))
            with other.cloud() as cloud:
                assert cloud.export().documents == documents


def test_no_more_data_volumes_than_allowed(founded: Lab) -> None:
    founded.must(setting("vm.max.data.volumes", 1), web(), doc("volume", "one", size=1, vm="web1"))
    second = doc("volume", "two", size=1, vm="web1")
    founded.must_refuse(second, "has 1 data volumes; detach one first, since setting vm.max.data.volumes is 1")
    founded.must(setting("vm.max.data.volumes", 2), second)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (doc("volume", "new", size=6), "size"),
        (doc("volume", "there", size=6), "size"),
        (web("new", root_disk_size=6), "root_disk_size"),
    ],
)
def test_no_volume_is_larger_than_allowed(founded: Lab, document: Document, field: str) -> None:
    founded.must(doc("volume", "there", size=5), doc("volume", "huge", size=9))
    founded.must(setting("storage.max.volume.size", 5))
    founded.must_refuse(document, f"field {field}: 6 GiB is more than the 5 GiB of setting storage.max.volume.size")
    founded.must(doc("volume", "huge", tags={"still": "there"}))


SOURCES = [
    ("secstorage.allowed.schemes", "https", "file:///images/tiny.qcow2", "images may not be fetched by file; setting"),
    ("secstorage.allowed.schemes", "file,http", "https://example.org/other.qcow2", "allows file and http"),
    ("secstorage.checksum.required", "http", "http://example.org/a", "field checksum: it is missing; setting"),
    ("secstorage.checksum.required", "always", "https://example.org/other.qcow2", "checksum.required says always"),
]


@pytest.mark.parametrize("kind", ["template", "iso", "volume"])
@pytest.mark.parametrize(("name", "value", "url", "sentence"), SOURCES)
def test_images_come_from_where_they_may(
    founded: Lab, name: str, value: str, url: str, sentence: str, kind: str
) -> None:
    """Nothing is asked of a server that is not allowed, though the setting is written in the same run."""
    founded.images.sources.add("http://example.org/a")
    calls: list[str] = []
    founded.images.watch = calls.append
    assert sentence in founded.refusal(setting(name, value), doc(kind, "new", url=url))
    founded.must(setting(name, value))
    assert sentence in founded.refusal(doc(kind, "new", url=url))
    assert calls == []
    founded.must(setting(name, state="absent"), doc(kind, "new", url=url))


def test_images_that_are_there_stay(founded: Lab) -> None:
    founded.must(setting("secstorage.allowed.schemes", "https"), setting("secstorage.checksum.required", "always"))
    assert not founded.must(*foundation()).changed


def test_how_long_a_guest_gets(founded: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    founded.must(web())
    host, told = founded.host(), []
    stop = host.stop_domain
    monkeypatch.setattr(host, "stop_domain", lambda ident, timeout: (told.append(timeout), stop(ident, timeout))[1])
    founded.must(web(state="stopped"))
    founded.must(web(state="started"))
    founded.must(setting("vm.stop.timeout", 3), web(state="stopped"))
    assert told == [5, 3]  # The lab's tasks wait five seconds.


def test_how_many_hosts_are_worked_on(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.must(*foundation(3))
    with lab.cloud() as cloud:
        cloud.apply([setting("workers", 2)], whole=True)
        assert cloud._hosts.workers == 2
