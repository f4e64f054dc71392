# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""All kinds are declared soundly, registered, and in an order in which they can be made."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds import registry
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS, ORDER, SYNONYMS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind, problems
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import convert

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
FILES = sorted(path.stem for path in Path(str(registry.__file__)).parent.glob("*.py"))


def references(fields: dict[str, Field]) -> set[str]:
    """The kinds that fields, and the fields within them, refer to."""
    found = {field.ref for field in fields.values() if field.ref}
    for field in fields.values():
        found |= references(dict(field.options or {}))
    return found


@EVERY_KIND
def test_declarations_are_sound(kind: Kind) -> None:
    assert list(problems(kind)) == []


@EVERY_KIND
def test_references_are_to_kinds_that_are_made_before(kind: Kind) -> None:
    before = {name for name in KINDS if ORDER[name] < ORDER[kind.name]}
    assert references(kind.stored) | set(kind.after) <= before


@EVERY_KIND
def test_states_write_what_their_fields_can_hold(kind: Kind) -> None:
    for state in kind.states.values():
        for name, value in {**state.sets, **state.creates}.items():
            field = kind.stored[name]
            assert value is None or convert(field, value) == value
    assert [name for name, state in kind.states.items() if state.removes][-1] == "absent"


@EVERY_KIND
def test_states_and_notes_are_sentences(kind: Kind) -> None:
    assert all(state.doc.endswith(".") for state in kind.states.values())
    assert all(note.endswith(".") for note in kind.notes)
    assert kind.doc
    assert not kind.doc.endswith(".")


def test_every_file_is_registered_under_its_own_name() -> None:
    declared = [name for name in FILES if name not in ("__init__", "registry")]
    assert declared == sorted(KINDS)
    for name in declared:
        module = importlib.import_module(f"{registry.__package__}.{name}")
        assert getattr(module, name.upper()) is KINDS[name]
        assert KINDS[name].name == name


def test_names_of_modules_are_unique() -> None:
    names = [*KINDS, *SYNONYMS, "apply", "drift"]
    assert len(names) == len(set(names))
    assert set(SYNONYMS.values()) <= set(KINDS)
    plurals = [kind.many for kind in KINDS.values()]
    assert len(plurals) == len(set(plurals))


def test_a_circle_of_references_is_refused() -> None:
    name = Field(doc="Name.", format="name", required=True)
    one = Kind(name="one", doc="ones", fields={"name": name, "two": Field(doc="Two.", ref="two")})
    two = Kind(name="two", doc="twos", fields={"name": name, "one": Field(doc="One.", ref="one")})
    with pytest.raises(ValueError, match="in a circle: one -> two -> one"):
        registry._by_reference([one, two])
