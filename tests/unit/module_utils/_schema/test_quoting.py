# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Quoted values: one line, printable, short."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.quoting import cut, printable, short


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("web", "'web'"),
        ("a\nb\x1b[31m", "'a\\nb\\x1b[31m'"),
        ("\u202egnp", "'\\u202egnp'"),
        ("\ud800", "'\\ud800'"),
        ("x" * 61, f"'{'x' * 60}...'"),
        ([1, "a"], "'[1, 'a']'"),
        pytest.param(10**5000, "'a number of thousands of digits'", id="long"),
        ("Zürich", "'Zürich'"),
    ],
)
def test_a_value_is_quoted(value: t.Any, quoted: str) -> None:
    assert short(value) == quoted


@given(st.text())
def test_any_text_becomes_printable_and_a_printable_one_stays(text: str) -> None:
    assert printable(text).isprintable()
    assert len(cut(text)) <= 10 * 60 + 3
    assert not text.isprintable() or printable(text) == text


def test_no_error_moves_the_cursor() -> None:
    assert CairnError("it says\x1b[2J so").sentence == "it says\\x1b[2J so"
