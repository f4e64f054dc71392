# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Hostile texts in every field of every kind: refused in a sentence, or kept as they are, in their place, and inert."""

from __future__ import annotations

import collections
import functools
import io
import json
import os
import posixpath
import typing as t
import xml.etree.ElementTree as ET

import pycdlib
import pytest
import yaml

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import SpecError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import FETCHED, owner_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import SeedWanted
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import domain_xml, network_xml, pool_xml
from support import sample
from support.amounts import stated
from support.audit import audit
from support.hostile import HOSTILE
from support.lab import Lab
from support.model_host import ModelHost
from support.tainted import Tainted, taint

Skeletons = t.Counter[str]
# All of them, or some of each sort.
TRIED = HOSTILE[:: len(HOSTILE) // stated(len(HOSTILE))]
HARMLESS = "x"
PRIMARY, SECONDARY = "/var/lib/cairn/primary", "/var/lib/cairn/secondary"


@pytest.fixture(autouse=True)
def nothing_is_executed(monkeypatch: pytest.MonkeyPatch) -> None:
    def execute(*command: t.Any, **_how: t.Any) -> t.NoReturn:
        raise AssertionError(f"a command is executed: {command}")

    for name in ("subprocess.Popen", "os.system", "os.popen", "os.execv", "os.execve", "os.posix_spawn"):
        monkeypatch.setattr(name, execute)


@pytest.fixture
def seeds(monkeypatch: pytest.MonkeyPatch) -> list[SeedWanted]:
    """Seeds that are written."""
    written: list[SeedWanted] = []
    put = ModelHost.put_seed

    def put_seed(self: ModelHost, seed: SeedWanted) -> None:
        written.append(seed)
        put(self, seed)

    monkeypatch.setattr(ModelHost, "put_seed", put_seed)
    return written


def applied(lab: Lab, tainted: Tainted) -> None:
    """Apply it, without the text in fields in which a rule refuses it."""
    while True:
        documents = tainted.written()
        lab.images.sources |= {one.spec["url"] for one in documents if one.kind.name in FETCHED and "url" in one.spec}
        try:
            lab.must(*documents)
        except SpecError as error:
            tainted.drop(error)
        else:
            return


def skeleton(text: str) -> str:
    """XML without its values: which elements and attributes there are, and where."""
    root = ET.fromstring(text)
    for element in root.iter():
        element.text = element.tail = None
        element.attrib = dict.fromkeys(element.attrib, "")
    return ET.tostring(root, encoding="unicode")


def definitions(lab: Lab) -> Skeletons:
    """The skeletons of all that libvirt is told; what it is told can be read back as it was."""
    found = []
    for host in lab.hosts.values():
        for domain in host.domains.values():
            assert domain.shape is not None
            found.append(domain_xml.build(domain.shape))
            assert domain_xml.read(found[-1]) == domain.shape
        for network in host.networks.values():
            found.append(network_xml.build(network.shape))
            assert network_xml.read(found[-1]) == network.shape
        for pool in host.pools.values():
            found.append(pool_xml.build(pool.shape))
            assert pool_xml.read(found[-1]) == pool.shape
    return collections.Counter(map(skeleton, found))


@functools.cache
def harmless(places: frozenset[tuple[int, str]]) -> Skeletons:
    """The skeletons where a harmless text stands in the same places."""
    with Lab() as lab:
        tainted = taint(sample.cloud(), HARMLESS)
        tainted.places = {place: value for place, value in tainted.places.items() if place in places}
        applied(lab, tainted)
        return definitions(lab)


def files_of(seed: SeedWanted) -> dict[str, str]:
    """The files in a seed's image."""
    image = pycdlib.PyCdlib()
    image.open_fp(io.BytesIO(build_seed(seed.files)))
    found = {}
    for child in image.list_children(joliet_path="/"):
        if child.is_file():
            name = child.file_identifier().decode("utf-16-be").partition(";")[0]
            content = io.BytesIO()
            image.get_file_from_iso_fp(content, joliet_path=f"/{name}")
            found[name] = content.getvalue().decode()
    image.close()
    return found


def stays_below(path: str, directory: str) -> bool:
    return posixpath.normpath(path) == path and (path == directory or path.startswith(directory))


@pytest.mark.parametrize("text", TRIED, ids=[str(HOSTILE.index(text)) for text in TRIED])
def test_a_hostile_text_is_refused_or_inert(seeds: list[SeedWanted], text: str) -> None:
    tainted = taint(sample.cloud(), text)
    with Lab() as lab:
        applied(lab, tainted)
        for sentence in tainted.refusals:
            assert sentence.isprintable()
            assert len(sentence) < 1000
        defined = definitions(lab)
        assert audit(lab) == []
        assert not lab.drift().changed
        _check_values(lab, tainted)
        _check_files(lab)
        lab.forget()
        lab.rebuild()
        assert audit(lab) == []
        assert not lab.drift().changed
    _check_seeds(seeds, tainted)
    assert defined == harmless(frozenset(tainted.places))


def _check_values(lab: Lab, tainted: Tainted) -> None:
    """The database gives back what was written."""
    with lab.store() as store, store.reading() as tx:
        specs = {(one.kind, one.name): one.spec for one in tx.select()}
    for document in tainted.written():
        stored = specs[document.kind.name, document.name]
        fields = {name for name in document.spec if not document.kind.stored[name].ref}
        assert {name: stored[name] for name in fields - {"ip_to_networks"}} == {
            name: document.spec[name] for name in fields - {"ip_to_networks"}
        }


def _check_files(lab: Lab) -> None:
    for host in lab.hosts.values():
        for path, files in host.files.items():
            assert stays_below(path, PRIMARY)
            assert all(owner_of(name) and os.path.basename(name) == name for name in files)
    assert all(stays_below(path, SECONDARY) for path in lab.images.kept)


def _check_seeds(seeds: list[SeedWanted], tainted: Tainted) -> None:
    documents = [document for document in tainted.written() if document.kind.name == "instance"]
    keys = {document.spec["public_key"] for document in tainted.written() if document.kind.name == "ssh_key"}
    given = [document.spec["user_data"] for document in documents if "user_data" in document.spec]
    given += [document.spec["user_data"] for document in tainted.written() if document.kind.name == "user_data"]
    data = []
    for seed in seeds:
        files = files_of(seed)
        assert files == seed.files
        for name in ("meta-data", "network-config"):
            assert yaml.safe_load(files[name]) == json.loads(files[name])
        meta = json.loads(files["meta-data"])
        assert meta["local-hostname"].split(".")[0] in {document.name for document in documents}
        assert set(meta.get("public-keys", ())) <= keys
        data.append(files["user-data"])
    assert set(given) - {""} <= set(data)
