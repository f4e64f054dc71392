# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A snapshot is awaited until what is made of it is known to be made."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.awaits import awaits
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource

STATES: list[tuple[str, dict[str, t.Any], dict[str, t.Any], str | None]] = [
    ("volume", {}, {}, None),
    ("volume", {"source": None, "revision": 3}, {"copied": 2}, None),
    ("volume", {"source": "s"}, {}, "s"),
    ("volume", {"source": "s"}, {"copied": 0}, None),
    ("volume", {"source": "s", "revision": 1}, {"copied": 0}, "s"),
    ("volume", {"source": "s", "revision": 1}, {"copied": 1}, None),
    ("template", {"source": "s"}, {"size": 1}, "s"),
    ("template", {"source": "s"}, {"sha256": "0"}, None),
    ("template", {"url": "file:///a"}, {}, None),
    ("instance", {"memory_from": None, "memory_number": 1}, {}, None),
    ("instance", {"memory_from": "s", "memory_number": 2}, {"memory_number": 1}, "s"),
    ("instance", {"memory_from": "s", "memory_number": 2}, {"memory_number": 2}, None),
    ("zone", {"source": "s"}, {}, None),
]


@pytest.mark.parametrize(("kind", "spec", "status", "snapshot"), STATES)
def test_what_is_awaited(kind: str, spec: dict[str, t.Any], status: dict[str, t.Any], snapshot: str | None) -> None:
    assert awaits(Resource("r", kind, "r", spec, status)) == snapshot
