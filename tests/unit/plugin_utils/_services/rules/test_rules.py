# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of the other kinds, and that a kind without any has none."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.rules import RULES, rules_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.rules.base import Rules
from support.lab import Lab
from support.lab import document as doc

PRIMARY = "file:///var/lib/cairn/primary"

REFUSED: list[tuple[Document, str]] = [
    (doc("host", "h3", url="test:///h1"), "field url: host 'h1' has it already; one machine is one host"),
    (doc("host", "h1", url="test:///h2"), "field url: host 'h2' has it already; one machine is one host"),
    (
        doc("host", "h1", state="absent"),
        "it is still used by instance 'db', instance 'web2', volume 'ROOT-db' and 1 mo",
    ),
    (doc("zone", "z1", state="absent"), "it is still used by cluster 'c1', host 'h1', host 'h2' and"),
    (doc("template", "tiny", state="absent"), "it is still used by instance 'db', instance 'web1', instance 'web2'"),
    (doc("primary_storage", "ps1", state="absent"), "it is still used by volume"),
    (doc("primary_storage", "new", storage_url=PRIMARY), "field storage_url: primary storage 'ps1' has this directory"),
    (
        doc("primary_storage", "new", storage_url=f"{PRIMARY}//", host="h1"),
        "field storage_url: primary storage 'ps1' has this directory already; use another one",
    ),
    (
        doc("primary_storage", "new", storage_url="file:///other", host="h1", cluster="c1"),
        "field host: it is given together with cluster; give one of them",
    ),
    (doc("service_offering", "new", cpu_number=1), "field memory: it is missing; an offering needs it unless is_custo"),
    (
        doc("service_offering", "new", is_customized=True, cpu_number=1),
        "field cpu_number: a customized offering leaves it to its instances; leave it out",
    ),
    (doc("service_offering", "small", memory=1024), "field memory: it cannot change once the service offering exists"),
    (doc("ssh_key", "new", public_key="ssh-rsa BROKEN"), "field public_key: it is not an SSH public key; give the"),
    (doc("user_data", "new", user_data="x" * 65537), "field user_data: it has 65537 bytes; the most is 65536, fetch"),
    (doc("pod", "p1", gateway="10.0.0.1"), "field netmask: it is missing; gateway makes sense only with gateway, netm"),
    (
        doc("pod", "p1", gateway="10.0.0.1", netmask="255.255.255.0", start_ip="10.9.0.1"),
        "field start_ip: 10.9.0.1 is not a host's address of 10.0.0.0/24; give one of it",
    ),
    (doc("template", "new", url="file:///none"), "field url: the image file:///none does not exist; mend the URL"),
    (doc("template", "tiny", url="file:///other"), "the image file:///other does not exist; mend the URL"),
    (
        doc("traffic_type", "Guest", physical_network="none"),
        "field physical_network: physical network 'none' not found",
    ),
    (doc("cluster", "new", zone="none"), "field zone: zone 'none' not found; make it first, or mend the name"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    told = _refused_image(cloud, document) if "url" in document.spec else cloud.refusal(document)
    assert told.startswith(f"{document.kind.title} '{document.name}'")
    assert sentence in told


def _refused_image(cloud: Lab, document: Document) -> str:
    """A lease is taken to fetch an image, so that the database's bytes differ."""
    before = [cloud.read(kind) for kind in KINDS]
    with pytest.raises(CairnError, match=r"'; |; ") as error:
        cloud.apply(document)
    assert [cloud.read(kind) for kind in KINDS] == before
    return str(error.value)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_rules_of_its_own_or_none(kind: str) -> None:
    rules = rules_of(KINDS[kind])
    assert isinstance(rules, Rules)
    assert (type(rules) is not Rules) == (kind in RULES)
    assert RULES.keys() <= KINDS.keys()


def test_a_host_that_does_not_answer_is_not_added(founded: Lab) -> None:
    founded.lost.add("test:///h7")
    told = founded.refusal(doc("host", "h7", url="test:///h7"))
    assert told == "host 'h7', field url: host test:///h7 does not answer; start it"


def test_a_host_of_another_pods_cluster_is_refused(founded: Lab) -> None:
    founded.must(doc("pod", "p2"), doc("cluster", "c2", pod="p2"))
    told = founded.refusal(doc("host", "h2", url="test:///h2", pod="p1", cluster="c2"))
    assert told == "host 'h2', field cluster: cluster 'c2' is in another pod; name one of the host's pod"


def test_a_hosts_facts_are_learnt_when_it_is_added(founded: Lab) -> None:
    host = founded.one("host", "h1")
    assert (host["cpus"], host["memory"], host["runs"]) == (8, 16384, "kvm")
    assert (host["hypervisor_version"], host["libvirt_version"]) == ("8.2.0", "10.0.0")
    founded.must(doc("host", "h2", url="test:///h2", virt_type="qemu"))
    assert "runs" not in founded.one("host", "h2")


def test_one_directory_may_serve_hosts_apart(founded: Lab) -> None:
    founded.must(doc("host", "h2", url="test:///h2"))
    founded.must(*(doc("primary_storage", f"of-{h}", storage_url="file:///own", host=h) for h in ("h1", "h2")))
    assert len(founded.read("primary_storage")) == 3


@pytest.mark.parametrize("given", [None, "ssh-ed25519 AAAA bob"])
def test_a_private_key_is_returned_once_and_kept_nowhere(founded: Lab, given: str | None) -> None:
    key = doc("ssh_key", "bob", public_key=given)
    (made,) = founded.apply(key).resources
    assert made.get("private_key") == (None if given else "PRIVATE")
    assert made["fingerprint"].startswith("SHA256:")
    (again,) = founded.apply(key).resources
    assert "private_key" not in again
    assert b"PRIVATE" not in founded.path.read_bytes()


def test_a_changed_key_has_another_fingerprint(founded: Lab) -> None:
    founded.must(doc("ssh_key", "bob"))
    before = founded.one("ssh_key", "bob")["fingerprint"]
    founded.must(doc("ssh_key", "bob", public_key="ssh-ed25519 BBBB bob@elsewhere"))
    assert founded.one("ssh_key", "bob")["fingerprint"] != before


def test_a_template_needs_secondary_storage(lab: Lab) -> None:
    lab.must(doc("zone", "z1"))
    with pytest.raises(CairnError, match="its zone has no secondary storage to keep the image; make one first"):
        lab.apply(doc("template", "tiny", url="file:///images/tiny.qcow2"))


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (doc("pod", "p"), "pod 'p', field zone: there is no zone yet; make one first"),
        (doc("cluster", "c", zone="z1"), "cluster 'c', field pod: there is no pod yet; make one first"),
    ],
)
def test_what_there_is_none_of_is_asked_for(lab: Lab, document: Document, sentence: str) -> None:
    if document.kind.name == "cluster":
        lab.must(doc("zone", "z1"))
    assert lab.refusal(document) == sentence


def test_what_there_are_several_of_is_to_be_named(lab: Lab) -> None:
    lab.must(doc("zone", "z1"), doc("zone", "z2"))
    assert lab.refusal(doc("pod", "p")) == "pod 'p', field zone: there are several zones (z1, z2); name one"
    lab.must(doc("pod", "p", zone="z2"))


@pytest.mark.parametrize("spec", [{}, {"zone": "never-was"}, {"id": "never-was"}])
def test_what_is_not_there_is_absent(founded: Lab, spec: dict[str, t.Any]) -> None:
    assert founded.must(doc("instance", "never-was", state="absent", **spec)).entries == []


def test_foundation_states(founded: Lab) -> None:
    assert {one["state"] for kind in ("zone", "pod", "host") for one in founded.read(kind)} == {"Enabled"}
    assert founded.one("template", "tiny")["state"] == "Ready"
    founded.must(doc("host", "h1", state="maintenance"))
    assert founded.one("host", "h1")["state"] == "Maintenance"
