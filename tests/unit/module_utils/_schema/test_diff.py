# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What differs between two documents, and which of it is shown."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._schema.diff import (
    HIDDEN,
    HIDDEN_CHANGED,
    Change,
    diff,
    redact,
)
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact

DOCUMENTS = st.dictionaries(
    st.sampled_from(sorted(INSTANCE.stored)), st.one_of(st.none(), st.integers(), st.text(max_size=5))
)


def test_changes_have_the_impact_of_their_field_and_the_order_of_the_schema() -> None:
    before = {"name": "a", "memory": 512, "display_name": "A", "template": "t1"}
    after = {"name": "a", "template": "t2", "display_name": "B", "memory": 1024}
    assert diff(INSTANCE, before, after) == [
        Change("display_name", "A", "B", Impact.LIVE),
        Change("memory", 512, 1024, Impact.RESTART),
        Change("template", "t1", "t2", Impact.NONE, immutable=True),
    ]


def test_a_field_without_a_value_is_the_same_as_one_that_is_missing() -> None:
    assert diff(INSTANCE, {"group": None}, {}) == []


@given(before=DOCUMENTS, after=DOCUMENTS)
def test_the_changes_are_exactly_what_leads_from_one_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    changes = diff(INSTANCE, before, after)
    reached = before | {change.field: change.after for change in changes}
    assert diff(INSTANCE, reached, after) == []
    assert all(change.before != change.after for change in changes)
    assert diff(INSTANCE, after, before) == [Change(c.field, c.after, c.before, c.impact, c.immutable) for c in changes]


def test_a_secret_is_hidden_and_a_changed_one_says_so() -> None:
    one, other = {"name": "a", "user_data": "password: x"}, {"name": "a", "user_data": "password: y"}
    assert redact(INSTANCE, one) == {"name": "a", "user_data": HIDDEN}
    assert redact(INSTANCE, one, one)["user_data"] == HIDDEN
    assert redact(INSTANCE, one, other)["user_data"] == HIDDEN_CHANGED
    assert redact(INSTANCE, one, {})["user_data"] == HIDDEN_CHANGED
    assert redact(INSTANCE, {"user_data": None}) == {"user_data": None}
    assert one["user_data"] == "password: x"
