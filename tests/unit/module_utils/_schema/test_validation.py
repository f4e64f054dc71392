# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a user wrote becomes a document, or one sentence that names the field; nothing else ever happens."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.host import HOST
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.iso import ISO
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.primary_storage import PRIMARY_STORAGE
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.template import TEMPLATE
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.volume import VOLUME
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.zone import ZONE
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import SpecError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import (
    Document,
    convert,
    cut,
    short,
    tags,
    validate,
)

NUMBER = Field(doc="A.", type="int", minimum=1, maximum=10, unit="GiB")
RATIO = Field(doc="A.", type="float", minimum=1, maximum=100)
NAMES = Field(doc="A.", type="list", elements="str", ref="network")
CARD = Field(
    doc="A.",
    type="list",
    elements="dict",
    options={"network": Field(doc="A.", required=True), "ip": Field(doc="A.", format="ipv4", required=True)},
)
# More digits than Python writes.
HUGE = 10**5000

# Values as an enemy, or a slip of the keyboard, writes them.
HOSTILE_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\n\r\x7f\u2028\ud800\ufffe'\"<&;$`{}%/\\:,=[]")), max_size=300
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**400, max_value=10**401),
    st.floats(),
    HOSTILE_TEXT,
    st.binary(max_size=20),
    st.dates(),
    st.datetimes(),
    st.sampled_from(
        ["Infinity", "-inf", "nan", "1e999999999", "0x10", "1_000", "yes", "{", "{'a': 1}", "a=b", "a,b", "1" * 5000]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(HOSTILE_TEXT, st.integers(), st.none()), inner, max_size=4),
        st.fixed_dictionaries({"key": inner, "value": inner}),
        st.fixed_dictionaries({"network": inner, "ip": inner}),
        st.sets(st.integers(), max_size=3),
    ),
    max_leaves=8,
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Kind, dict[Any, Any]]:
    """A kind and a document of it, of known and of unknown fields with any values."""
    kind = draw(st.sampled_from(sorted(KINDS.values(), key=lambda kind: kind.name)))
    known = [*kind.all_fields, "id", "state", "force", "kind"]
    keys = st.one_of(st.sampled_from(known), st.sampled_from(known), HOSTILE_TEXT, st.integers(), st.none())
    written = draw(st.dictionaries(keys, VALUES, max_size=5))
    if draw(st.booleans()):
        written[kind.identity] = draw(st.sampled_from(["web-1", "10.1.1.1", "Guest"]))
    if draw(st.booleans()):
        written["state"] = draw(st.sampled_from([*kind.states, "running"]))
    return kind, written


def outcome(kind: Kind, written: dict[Any, Any]) -> Document | SpecError:
    try:
        return validate(kind, written, "a.yml, document 1")
    except SpecError as error:
        return error


@settings(max_examples=600)
@given(documents())
def test_whatever_is_written_is_a_document_or_a_refusal(given_: tuple[Kind, dict[Any, Any]]) -> None:
    kind, written = given_
    document = outcome(kind, written)
    if isinstance(document, SpecError):
        assert document.sentence.startswith(f"a.yml, document 1: {kind.title}")
        assert document.problem
        assert document.field is not None
        return
    assert set(document.spec) <= set(kind.arguments)
    assert document.state in kind.states
    assert document.name
    document.name.encode()
    again = validate(kind, document.spec | document.owner | {"state": document.state, "id": document.id})
    assert (again.spec, again.owner, again.name) == (document.spec, document.owner, document.name)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@settings(max_examples=60)
@given(data=st.data())
def test_hostile_text_in_every_field(kind: Kind, data: st.DataObject) -> None:
    for name, field in kind.arguments.items():
        value = data.draw(HOSTILE_TEXT)
        try:
            result = convert(field, value)
        except (TypeError, ValueError):
            continue
        for text in result if isinstance(result, list) else [result]:
            str(text).encode()
            assert "\x00" not in str(text), name
            assert field.format == "text" or "\n" not in str(text), name


def test_a_document_holds_only_what_was_written() -> None:
    document = validate(ZONE, {"name": "vie-1", "dns1": "10.1.1.1", "dns2": None})
    assert document == Document(kind=ZONE, name="vie-1", spec={"name": "vie-1", "dns1": "10.1.1.1"})


def test_owner_id_state_and_force_are_apart_from_the_spec() -> None:
    written = {"name": "a", "domain": "ROOT", "account": "ops", "id": "x", "state": "started", "force": "yes"}
    document = validate(INSTANCE, written | {"kind": "instance"}, "here")
    assert document.spec == {"name": "a"}
    assert document.owner == {"domain": "ROOT", "account": "ops"}
    assert (document.id, document.state, document.force, document.origin) == ("x", "started", True, "here")


def test_an_id_is_enough() -> None:
    document = validate(INSTANCE, {"id": "abc", "memory": 512})
    assert (document.name, document.id, document.spec) == ("abc", "abc", {"memory": 512})


def test_aliases() -> None:
    assert validate(INSTANCE, {"name": "a", "ssh_key": "k"}).spec["ssh_keys"] == ["k"]


@pytest.mark.parametrize(
    ("kind", "written", "sentence"),
    [
        (ZONE, {}, "zone, field name: it is missing; every resource needs it"),
        (ZONE, {"name": None}, "zone, field name: it is missing; every resource needs it"),
        (ZONE, {"name": "a", "dns": "1.1.1.1"}, "zone 'a', field dns: there is no such field; did you mean dns2?"),
        (ZONE, {"name": "a", "dns1": "x"}, "zone 'a', field dns1: 'x' is not an IPv4 address; write it like 10.1.1.10"),
        (HOST, {"name": "a", "memory": 1}, "host 'a', field memory: there is no such field; known are "),
        (
            HOST,
            {"name": "a", "allocation_state": "Enabled"},
            "host 'a', field allocation_state: there is no such field",
        ),
        (
            ZONE,
            {"name": "a", "state": "gone"},
            "zone 'a', field state: 'gone' is not a state of it; use one of present, ",
        ),
        (ZONE, {"name": "a", "state": ["present"]}, "zone 'a', field state: '['present']' is not a state of it"),
        (VOLUME, {"name": "a", "state": "attached"}, "volume 'a', field vm: it is missing; state attached needs it"),
        (INSTANCE, {"name": "a", "force": "maybe"}, "instance 'a', field force: 'maybe' is not a yes or no"),
        (INSTANCE, {"id": ["x"]}, "instance, field id: '['x']' is not a text; write a text"),
        (
            INSTANCE,
            {"id": "a\ud800"},
            "instance 'a\\ud800', field id: it is longer than 255 characters or has line breaks",
        ),
        (INSTANCE, {"name": "a", "networks": [None]}, "instance 'a', field networks: 'None' is not a text"),
        (INSTANCE, {"name": "a", "template": b"x"}, "instance 'a', field template: 'b'x'' is not a text"),
        (INSTANCE, {"name": "a", "memory": 1}, "instance 'a', field memory: 1 MiB is too small; the least is 16 MiB"),
        (INSTANCE, {"name": HUGE}, "instance 'a number of thousands of digits', field name: "),
        (INSTANCE, {HUGE: 1, "name": "a"}, "instance 'a', field a number of thousands of digits: "),
    ],
)
def test_refusals_name_the_resource_the_field_and_the_remedy(kind: Kind, written: Any, sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        validate(kind, written)
    assert caught.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("field", "value", "result"),
    [
        (NUMBER, "3", 3),
        (NUMBER, 3.0, 3),
        (RATIO, "1.5", 1.5),
        (Field(doc="A.", type="bool"), "yes", True),
        (Field(doc="A.", type="bool"), 0, False),
        (Field(doc="A."), 12, "12"),
        (Field(doc="A."), datetime.date(2026, 1, 1), "2026-01-01"),
        (Field(doc="A.", choices=("Basic", "Advanced")), "basic", "Basic"),
        (Field(doc="A.", format="checksum"), "md5:" + "A" * 32, "md5:" + "a" * 32),
        (NAMES, "a,b", ["a", "b"]),
        (NAMES, ["a", 1], ["a", "1"]),
        (NAMES, 1, ["1"]),
        (CARD, [], []),
        (CARD, [{"network": "a", "ip": "10.0.0.1"}], [{"network": "a", "ip": "10.0.0.1"}]),
        (CARD, ["network=a ip=10.0.0.1"], [{"network": "a", "ip": "10.0.0.1"}]),
    ],
)
def test_values_become_the_type_of_their_field(field: Field, value: Any, result: Any) -> None:
    converted = convert(field, value)
    assert converted == result
    assert type(converted) is type(result)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (NUMBER, "x", "'x' is not a whole number; write a whole number"),
        (NUMBER, True, "'True' is not a whole number"),
        (NUMBER, 1.5, "'1.5' is not a whole number"),
        (NUMBER, "1e999999999", "is not a whole number"),
        (NUMBER, "Infinity", "is not a whole number"),
        (NUMBER, 2**63, "is not a whole number"),
        pytest.param(NUMBER, HUGE, "'a number of thousands of digits' is not a whole number", id="huge"),
        (NUMBER, [1], "is not a whole number"),
        (NUMBER, 0, "0 GiB is too small; the least is 1 GiB"),
        (NUMBER, 11, "11 GiB is too large; the most is 10 GiB"),
        (RATIO, "nan", "'nan' is not a number; write a number"),
        (RATIO, float("inf"), "'inf' is not a number"),
        (RATIO, 10**400, "is not a number"),
        (RATIO, False, "'False' is not a number"),
        (Field(doc="A.", type="bool"), "perhaps", "'perhaps' is not a yes or no"),
        (Field(doc="A."), {"a": 1}, "is not a text; write a text"),
        (Field(doc="A."), "a\nb", "use one short line"),
        (Field(doc="A.", choices=("Basic",)), "x", "'x' is not one of Basic"),
        (NAMES, {"a": 1}, "is not a list; write a list"),
        (NAMES, {1, 2}, "is not a list; write a list"),
        (NAMES, [["a"]], "is not a text"),
        (CARD, [{"network": "a"}], "ip is missing"),
        (CARD, [{"network": "a", "ip": None}], "ip is missing"),
        (CARD, [{"network": "a", "ip": "x"}], "'x' is not an IPv4 address"),
        (CARD, [{"netwrk": "a"}], "netwrk: there is no such field; did you mean network"),
        (CARD, ["{" * 100_000], "is not a mapping"),
    ],
)
def test_values_that_are_not_of_their_type(field: Field, value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        convert(field, value)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_value_is_cut_however_large_it_is() -> None:
    assert short("a" * 61) == f"'{'a' * 60}...'"
    assert short([1, "a"]) == "'[1, 'a']'"
    bomb: Any = "x"
    for _turn in range(60):
        bomb = [bomb, bomb]
    assert len(cut(bomb)) < 70
    with pytest.raises(SpecError):
        validate(ZONE, {"name": bomb})


def test_tags_are_a_mapping_or_pairs() -> None:
    assert list(tags({"b": 2, "a": None}).items()) == [("a", ""), ("b", "2")]
    assert tags([{"key": "a", "value": "1"}]) == {"a": "1"}
    assert tags([]) == tags("") == tags({}) == {}


@pytest.mark.parametrize(
    "value", ["a", 1, [{"a": "b"}], [["a", "b"]], {"a": {}}, {"a": [1]}, {"a": "x\ny"}, {"a" * 256: ""}]
)
def test_tags_that_are_none(value: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        tags(value)


def test_defaults_are_valid_values() -> None:
    for kind in KINDS.values():
        for name, field in kind.fields.items():
            if field.default is not None:
                assert convert(field, field.default) == field.default, (kind.name, name)
    assert convert(PRIMARY_STORAGE.fields["over_provisioning_ratio"], "2") == 2.0


RULE = KINDS["security_group_rule"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ({}, "ingress tcp"),
        ({"type": "ingress", "protocol": "TCP", "port": "22"}, "ingress tcp 22"),
        ({"start_port": 1, "end_port": 9, "cidr": ["::/0", "10.0.0.0/8"]}, "ingress tcp 1 9 10.0.0.0_8 ::_0"),
        ({"user_security_group": "a b"}, "ingress tcp a b"),
        ({"name": "mine", "port": 22}, "mine"),
    ],
)
def test_a_kind_may_be_named_after_what_it_says(written: dict[str, Any], name: str) -> None:
    document = validate(RULE, {"security_group": "g"} | written)
    assert document.name == document.spec["name"] == name


def test_a_name_that_is_made_is_a_name() -> None:
    many = [f"10.{number}.0.0/16" for number in range(9)]
    names = {validate(RULE, {"security_group": "g", "cidr": cidrs}).name for cidrs in (many, many[1:], many[::-1])}
    assert len(names) == 2
    assert all(convert(RULE.fields["name"], name) == name for name in names)
    assert validate(RULE, {"id": "x", "port": 22}).spec == {"start_port": 22}


@pytest.mark.parametrize(
    ("kind", "written", "told"),
    [
        (ISO, {"vm": "web1"}, "field vm: it goes with state attached or detached; give one of them, or leave it out"),
        (ISO, {"vm": "web1", "state": "extracted", "dest": "/a"}, "field vm: it goes with state attached or detached"),
        (TEMPLATE, {"dest": "/a"}, "field dest: it goes with state extracted; give that, or leave it out"),
        (TEMPLATE, {"state": "extracted"}, "field dest: it is missing; state extracted needs it"),
    ],
)
def test_what_a_state_is_about_goes_with_it(kind: Kind, written: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError) as caught:
        validate(kind, {"name": "one"} | written)
    assert told in caught.value.sentence
