# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Kinds: what follows from a declaration, and what is wrong with one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field, Impact
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import (
    ABSENT,
    DEST,
    PRESENT,
    Kind,
    State,
    allocation_states,
    extracted,
    problems,
)

NAME = Field(doc="Name.", format="name", required=True)
BOX = Kind(
    name="tool_box",
    doc="boxes",
    owned=True,
    taggable=True,
    fields={
        "name": NAME,
        "zone": Field(doc="Zone.", ref="zone", only_one=True, filterable=True),
        "colour": Field(doc="Colour.", impact=Impact.LIVE),
        "power": Field(doc="Power.", param=False, default="On"),
        "weight": Field(doc="Weight.", type="int", computed=True),
    },
)


def kind(**declared: Any) -> Kind:
    return Kind(**({"name": "box", "doc": "boxes", "fields": {"name": NAME}} | declared))


def test_traits_bring_fields() -> None:
    assert set(BOX.all_fields) - set(BOX.fields) == {"tags", "domain", "account", "project"}
    assert list(kind().all_fields) == ["name"]


def test_arguments_are_what_users_set() -> None:
    assert set(BOX.all_fields) - set(BOX.arguments) == {"power", "weight"}


def test_stored_is_what_is_wanted_without_its_owner() -> None:
    assert list(BOX.stored) == ["name", "zone", "colour", "power", "tags"]


def test_references_and_filters() -> None:
    assert list(BOX.references) == ["zone"]
    assert BOX.filters == ("name", "zone", "tags", "domain", "account", "project")


def test_force_is_for_kinds_whose_changes_may_need_a_stop() -> None:
    assert not BOX.forcible
    assert kind(fields={"name": NAME, "size": Field(doc="Size.", impact=Impact.RESTART)}).forcible


def test_force_is_for_kinds_with_a_state_that_waits_for_it() -> None:
    extracting = {"present": PRESENT, "extracted": extracted("The box is the file O(dest)."), "absent": ABSENT}
    assert kind(fields={"name": NAME, "dest": DEST}, states=extracting).forcible


def test_words() -> None:
    assert (BOX.title, BOX.many, BOX.default_state) == ("tool box", "tool_boxs", "present")
    assert kind(plural="boxes").many == "boxes"


def test_allocation_states_write_one_field() -> None:
    states = allocation_states(maintenance=True)
    assert list(states) == ["present", "enabled", "disabled", "maintenance", "absent"]
    assert [s.sets.get("allocation_state") for s in states.values()] == [
        None,
        "Enabled",
        "Disabled",
        "Maintenance",
        None,
    ]
    assert "maintenance" not in allocation_states()


def test_sound_declarations() -> None:
    assert list(problems(BOX)) == []
    assert list(problems(kind(states=allocation_states()))) == [
        "box: state enabled speaks of allocation_state, which is not stored",
        "box: state disabled speaks of allocation_state, which is not stored",
    ]


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"fields": {"name": NAME, "state": Field(doc="A.")}}, "box.state: the name is taken"),
        ({"fields": {"name": NAME, "tags": Field(doc="A.")}}, "box.tags: the name is taken"),
        ({"fields": {"name": NAME, "x": Field(doc="A.", type="x")}}, "box.x: unknown type"),
        ({"fields": {}}, "box: its identity name is a required field"),
        ({"fields": {"name": Field(doc="A.", format="name")}}, "box: its identity name is a required field"),
        ({"fields": {"name": Field(doc="A.", required=True)}}, "box: its identity name is a required field"),
        ({"named_after": ("name",)}, "box: its identity name is a required field"),
        (
            {"fields": {"name": Field(doc="A.", format="name")}, "named_after": ("x",)},
            "box: it is named after x, which is not stored",
        ),
        (
            {
                "fields": {"name": Field(doc="A.", format="name"), "x": Field(doc="A.")},
                "named_after": ("x",),
                "each": "x",
            },
            "box: it is named after the items of x, a list, and nothing else",
        ),
        ({"scope": ("zone",)}, "box: scope zone is not one of its references"),
        ({"states": {"present": PRESENT}}, "box: every kind can be present and absent"),
        (
            {"states": {"present": PRESENT, "absent": ABSENT, "on": State(doc="On.", requires=("x",))}},
            "box: state on requires x, which is not an argument",
        ),
    ],
)
def test_unsound_declarations(declared: dict[str, Any], words: str) -> None:
    [problem] = problems(kind(**declared))
    assert problem.startswith(words)
