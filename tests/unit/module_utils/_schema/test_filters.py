# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters: what is accepted, and what passes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.filters import checked, matches


def test_filters_that_are_not_given_do_not_count() -> None:
    assert checked(INSTANCE, {"zone": None, "id": "1"}) == {"id": "1"}


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"colour": "red"}, "there is no filter 'colour'; known are"),
        ({"tags": "web"}, "filters, tags: 'web' is neither a mapping nor a list"),
        ({"zone": ["a"]}, "filters, zone: it is not one value"),
    ],
)
def test_a_filter_that_can_match_nothing_is_refused(filters: dict[str, Any], words: str) -> None:
    with pytest.raises(CairnError, match=words):
        checked(INSTANCE, filters)


@pytest.mark.parametrize(
    ("key", "value", "passes"),
    [
        ("zone", "home", True),
        ("zone", "z-id", True),
        ("zone", "other", False),
        ("networks", "lan", True),
        ("networks", "n-id", True),
        ("state", "running", True),
        ("tags", {"role": "web"}, True),
        ("tags", [{"key": "role", "value": "db"}], False),
        ("group", "None", False),
    ],
)
def test_references_match_by_name_and_id(key: str, value: Any, passes: bool) -> None:
    shown = {"zone": "home", "networks": ["lan"], "state": "Running", "tags": [{"key": "role", "value": "web"}]}
    spec = {"zone": "z-id", "networks": ["n-id"]}
    assert matches(INSTANCE, shown, spec, key, value) is passes
