# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Fields: their impact, and what is wrong with a declaration."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field, Impact, problems


def test_impacts_are_ordered_by_what_they_do_to_a_guest() -> None:
    assert Impact.NONE < Impact.LIVE < Impact.RESTART < Impact.RECREATE
    assert max(Impact.LIVE, Impact.NONE).word == "live"


def test_what_a_user_may_set() -> None:
    assert Field(doc="A.").is_argument
    assert not Field(doc="A.", computed=True).is_argument
    assert not Field(doc="A.", param=False).is_argument


def test_documentation_is_lines() -> None:
    assert Field(doc="One.").docs == ("One.",)
    assert Field(doc=("One.", "Two.")).docs == ("One.", "Two.")


@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"type": "list", "elements": "str", "default": []},
        {"type": "dict", "format": "tags"},
        {"choices": ("a", "b"), "default": "a"},
        {"ref": "zone", "only_one": True},
        {"type": "list", "elements": "dict", "options": {"ip": Field(doc="Address.", format="ipv4")}},
    ],
)
def test_sound_declarations(declared: dict[str, Any]) -> None:
    assert list(problems("a", Field(doc="A.", **declared))) == []


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"type": "string"}, "a: unknown type string"),
        ({"format": "ipv6"}, "a: unknown format ipv6"),
        ({"type": "list"}, "a: a list names its elements"),
        ({"elements": "str"}, "a: a list names its elements"),
        ({"required": True, "default": 1}, "a: a required field has no default"),
        ({"computed": True, "required": True}, "a: a computed field takes no input"),
        ({"computed": True, "choices": ("x",)}, "a: a computed field takes no input"),
        ({"only_one": True}, "a: only_one is for optional references"),
        ({"only_one": True, "ref": "zone", "required": True}, "a: only_one is for optional references"),
        ({"choices": ("x",), "default": "y"}, "a: its default is not one of its choices"),
        ({"doc": "no sentence"}, "a: each line of its documentation is a sentence"),
        ({"options": {"b": Field(doc="B.", type="x")}}, "a.b: unknown type x"),
    ],
)
def test_unsound_declarations(declared: dict[str, Any], words: str) -> None:
    [problem] = problems("a", Field(**({"doc": "A."} | declared)))
    assert problem.startswith(words)
