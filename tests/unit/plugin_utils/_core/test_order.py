# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Documents in the order of work."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.order import apart, ordered, removes
from support.lab import document as doc

documents = st.lists(
    st.builds(
        lambda kind, name, state: Document(KINDS[kind], name, {KINDS[kind].identity: name}, state),
        st.sampled_from(sorted(KINDS)),
        st.sampled_from("abc"),
        st.sampled_from(("present", "absent")),
    )
)


@given(documents, st.integers(0, 1000))
def test_any_permutation_gives_the_same_order_of_kinds(found: list[Document], seed: int) -> None:
    other = list(found)
    random.Random(seed).shuffle(other)
    assert [(d.kind.name, d.state) for d in ordered(found)] == [(d.kind.name, d.state) for d in ordered(other)]


@given(documents)
def test_removals_first_then_what_is_referred_to_before_what_refers(found: list[Document]) -> None:
    work = ordered(found)
    assert sorted(map(id, work)) == sorted(map(id, found))
    states = [removes(document) for document in work]
    assert states == sorted(states, reverse=True)
    for at, document in enumerate(work):
        needs = {str(field.ref) for field in document.kind.references.values()} | set(document.kind.after)
        later = {other.kind.name for other in work[at + 1 :] if removes(other) == removes(document)}
        earlier = {other.kind.name for other in work[:at] if removes(other) == removes(document)}
        assert not (earlier if removes(document) else later) & (needs - {document.kind.name})


@given(documents)
def test_else_as_written(found: list[Document]) -> None:
    place = {id(document): at for at, document in enumerate(found)}
    work = [(document.kind.name, document.state, place[id(document)]) for document in ordered(found)]
    for one, other in itertools.pairwise(work):
        assert one[:2] != other[:2] or one[2] < other[2]


def test_those_that_ask_for_something_particular_come_first() -> None:
    found = [
        doc("instance", "any"),
        doc("instance", "address", ip_address="10.0.0.9"),
        doc("instance", "host", host="h1"),
        doc("instance", "addresses", ip_to_networks=[{"network": "n", "ip": "10.0.0.8"}]),
    ]
    assert [document.name for document in ordered(found)] == ["address", "host", "addresses", "any"]


def test_those_that_ask_for_what_a_later_kind_brings_wait_for_that() -> None:
    found = [
        doc("network", "inside", source_nat_ip_address="192.0.2.9"),
        doc("instance", "any"),
        doc("vlan_ip_range", "192.0.2.9", network="outside"),
        doc("network", "outside"),
    ]
    assert [document.name for document in ordered(found)] == ["outside", "192.0.2.9", "inside", "any"]


def test_a_document_of_several_resources_is_one_of_each() -> None:
    found = apart(doc("loadbalancer_rule_member", name="http", vms=["b", "a", "b"], state="absent"))
    assert [(one.name, one.spec, one.state) for one in found] == [
        (name, {"name": "http", "vms": [name], "vm": name}, "absent") for name in ("b", "a")
    ]


def test_others_are_what_they_are() -> None:
    for document in (
        doc("instance", "a", networks=["x", "y"]),
        doc("loadbalancer_rule_member", name="http", vm="a"),
        doc("loadbalancer_rule_member", id="x", vms=["a", "b"]),
    ):
        assert apart(document) == [document]
