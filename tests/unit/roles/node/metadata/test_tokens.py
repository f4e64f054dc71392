# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A token holds for its instance and its time, with the key that it was signed with, and no other does."""

from __future__ import annotations

import pytest
import tokens
from hypothesis import given
from hypothesis import strategies as st

KEY, NOW = b"k" * 32, 1_800_000_000


def test_a_token_holds_until_its_time() -> None:
    token = tokens.issue(KEY, "i-1", NOW + 60)
    assert len(token) == 56
    assert tokens.holds(token, KEY, "i-1", NOW + 59.9)
    assert not tokens.holds(token, KEY, "i-1", NOW + 60)


def test_a_token_is_of_one_instance_and_key() -> None:
    token = tokens.issue(KEY, "i-1", NOW + 60)
    assert not tokens.holds(token, KEY, "i-2", NOW)
    assert not tokens.holds(token, b"other", "i-1", NOW)


@given(st.integers(0, 55), st.sampled_from("AZaz09-_"))
def test_a_changed_token_does_not_hold(at: int, letter: str) -> None:
    token = tokens.issue(KEY, "i-1", NOW + 60)
    changed = token[:at] + letter + token[at + 1 :]
    # The last letters may differ in bits that base64 does not use.
    assert changed == token or at >= 53 or not tokens.holds(changed, KEY, "i-1", NOW)


@given(st.text(max_size=80))
def test_any_text_may_be_asked_about(text: str) -> None:
    assert not tokens.holds(text, KEY, "i-1", NOW)
    assert tokens.seconds(text) is None or 1 <= int(text) <= tokens.LONGEST


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("1", 1), ("21600", 21600)),
        *((text, None) for text in ("0", "21601", "", "-1", "1.5", None, "²", "9" * 5000)),
    ],
)
def test_seconds(text: str | None, seconds: int | None) -> None:
    assert tokens.seconds(text) == seconds
