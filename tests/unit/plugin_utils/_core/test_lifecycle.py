# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From a resource as it is to the one that a document asks for."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import SpecError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.lifecycle import Transition, create, initial, update

BEFORE = initial(INSTANCE) | {"name": "web", "service_offering": "small", "template": "tiny", "host": "h1"}
STATES = sorted(name for name, state in INSTANCE.states.items() if not state.removes)


def document(state: str = "present", *, kind: str = "instance", **spec: t.Any) -> Document:
    return Document(KINDS[kind], "web", spec, state)


def changed(state: str, given: dict[str, t.Any], before: dict[str, t.Any], *, held: bool = False) -> t.Any:
    return update(document(state), given, before, held=held)


# New resources


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_defaults_are_those_of_the_schema(kind: str) -> None:
    found = initial(KINDS[kind])
    assert found == {name: field.default for name, field in KINDS[kind].stored.items() if field.default is not None}
    for name, value in found.items():
        if isinstance(value, list):
            assert value is not KINDS[kind].stored[name].default


@pytest.mark.parametrize(
    ("state", "power"),
    [
        ("present", "Running"),
        ("deployed", "Stopped"),
        ("started", "Running"),
        ("stopped", "Stopped"),
        ("restarted", "Running"),
        ("restored", "Running"),
        ("destroyed", "Destroyed"),
    ],
)
def test_states_of_a_new_instance(state: str, power: str) -> None:
    made = create(document(state), {"name": "web"})
    assert (made.spec["power"], made.warnings) == (power, ())


@pytest.mark.parametrize(("kind", "field"), [("host", "url"), ("zone", "name"), ("iso", "url")])
def test_a_new_resource_needs_its_required_fields(kind: str, field: str) -> None:
    given = {name: "x" for name, f in KINDS[kind].arguments.items() if f.required and name != field}
    with pytest.raises(SpecError, match=f"field {field}: it is missing; a new {kind} needs it"):
        create(document(kind=kind), given)


# Existing ones


@pytest.mark.parametrize(
    ("state", "power", "after"),
    [
        ("present", "Running", "Running"),
        ("present", "Stopped", "Stopped"),
        ("present", "Destroyed", "Running"),
        ("deployed", "Running", "Running"),
        ("deployed", "Stopped", "Stopped"),
        ("deployed", "Destroyed", "Stopped"),
        ("started", "Stopped", "Running"),
        ("started", "Destroyed", "Running"),
        ("stopped", "Running", "Stopped"),
        ("stopped", "Destroyed", "Stopped"),
        ("restarted", "Stopped", "Running"),
        ("restored", "Stopped", "Stopped"),
        ("destroyed", "Running", "Destroyed"),
    ],
)
def test_states_of_an_existing_instance(state: str, power: str, after: str) -> None:
    before = BEFORE | {"power": power}
    assert changed(state, {}, before) == Transition(before | {"power": after})


@pytest.mark.parametrize("field", ["template"])
def test_what_is_immutable_is_refused(field: str) -> None:
    sentence = f"instance 'web', field {field}: it cannot change once the instance exists; leave it as it is, or make"
    with pytest.raises(SpecError, match=sentence):
        changed("present", {field: "other"}, BEFORE)
    assert changed("present", {field: BEFORE[field]}, BEFORE).spec == BEFORE


def test_what_is_immutable_can_be_said_once() -> None:
    assert changed("present", {"user_data_name": "u"}, BEFORE).spec["user_data_name"] == "u"


def test_a_change_that_needs_a_stop_is_held_back() -> None:
    given = {"service_offering": "large", "cpu": 2, "display_name": "new"}
    transition = changed("present", given, BEFORE, held=True)
    assert transition.spec == BEFORE | {"display_name": "new"}
    assert transition.warnings == tuple(
        f"instance 'web', field {field}: the change needs a restart and was held back; say force: true to allow it"
        for field in ("service_offering", "cpu")
    )


@pytest.mark.parametrize(
    ("state", "held"),
    [("present", True), ("started", True), ("stopped", False), ("destroyed", False), ("restarted", False)],
)
def test_nothing_is_held_back_when_a_stop_is_asked_for(state: str, held: bool) -> None:
    transition = changed(state, {"service_offering": "large"}, BEFORE, held=True)
    assert bool(transition.warnings) == held
    assert transition.spec["service_offering"] == ("small" if held else "large")


values = st.sampled_from((None, "a", "b"))
specs = st.fixed_dictionaries(
    {}, optional={"service_offering": values, "display_name": values, "group": values, "cpu": st.integers(1, 2)}
)


@given(specs, st.sampled_from(STATES), st.sampled_from(("Running", "Stopped", "Destroyed")), st.booleans())
def test_done_twice_is_done_once(given: dict[str, t.Any], state: str, power: str, held: bool) -> None:
    first = changed(state, given, BEFORE | {"power": power}, held=held and power == "Running")
    again = changed(state, given, first.spec, held=held and first.spec["power"] == "Running")
    assert again.spec == first.spec


@given(specs)
def test_what_is_not_spoken_of_stays(given: dict[str, t.Any]) -> None:
    before = dict(BEFORE)
    after = changed("present", given, BEFORE).spec
    assert before == BEFORE
    assert {name: value for name, value in after.items() if name not in given} == {
        name: value for name, value in BEFORE.items() if name not in given
    }
