# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Keys of the API: what is kept of one says nothing about it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.token import digest, hint


@given(st.text(min_size=1), st.text(min_size=1))
def test_one_key_has_one_digest(one: str, other: str) -> None:
    assert (digest(one) == digest(other)) == (one == other)
    assert len(digest(one)) == 64


def test_a_hint_is_a_small_part_of_a_key() -> None:
    key = "cairn_" + "k" * 43
    assert hint(key) == "cairn_kkkkkk"
    assert key not in digest(key)
