# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of hosts: one machine is one host, and its facts are learnt when it is added."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc

REFUSED: list[tuple[Document, str]] = [
    (doc("host", "h3", url="test:///h1"), "field url: host 'h1' has it already; one machine is one host"),
    (doc("host", "h1", url="test:///h2"), "field url: host 'h2' has it already; one machine is one host"),
    (
        doc("host", "h1", state="absent"),
        "it is still used by instance 'db', instance 'web2', instance snapshot 'snap' and 4 mo",
    ),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


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
