# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Kinds without rules of their own, and what holds for all."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.rules import RULES, rules_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.rules.base import Rules
from support.lab import Lab
from support.lab import document as doc

REFUSED: list[tuple[Document, str]] = [
    (doc("zone", "z1", state="absent"), "it is still used by cluster 'c1', host 'h1', host 'h2' and"),
    (
        doc("traffic_type", "Guest", physical_network="none"),
        "field physical_network: physical network 'none' not found",
    ),
    (doc("cluster", "new", zone="none"), "field zone: zone 'none' not found; make it first, or mend the name"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_rules_of_its_own_or_none(kind: str) -> None:
    rules = rules_of(KINDS[kind])
    assert isinstance(rules, Rules)
    assert (type(rules) is not Rules) == (kind in RULES)
    assert RULES.keys() <= KINDS.keys()


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
