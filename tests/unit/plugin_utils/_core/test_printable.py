# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Texts of others: harmless, measured and cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.printable import cells, fitted, harmless
from support.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("web-1", "web-1"),
        ("ä你", "ä你"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\u202eabc", "\\x202eabc"),
        ("\ud800\uffff", "\\xd800\\xffff"),
    ],
)
def test_what_a_terminal_would_act_on_is_shown(text: str, told: str) -> None:
    assert harmless(text) == told


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_acts_on_a_terminal(text: str) -> None:
    assert harmless(text).isprintable()


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("ä", 1), ("你好", 4), ("a\u0301", 1)])
def test_columns(text: str, columns: int) -> None:
    assert cells(text) == columns


@pytest.mark.parametrize(
    ("text", "width", "kept"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("你好", 3, "你…"), ("你好", 2, "…"), ("a", 1, "a"), ("ab", 0, "")],
)
def test_texts_are_cut(text: str, width: int, kept: str) -> None:
    assert fitted(text, width) == kept


@given(st.text(), st.integers(-3, 40))
def test_no_text_is_wider_than_asked(text: str, width: int) -> None:
    kept = fitted(text, width)
    assert cells(kept) <= max(0, width)
    assert kept == text or text.startswith(kept[:-1])
