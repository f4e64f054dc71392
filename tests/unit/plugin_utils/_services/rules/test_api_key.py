# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of API keys."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.token import digest
from support.lab import Lab
from support.lab import document as doc


def test_a_key_is_returned_once_and_only_its_digest_is_kept(founded: Lab) -> None:
    key = doc("api_key", "portal")
    (made,) = founded.apply(key).resources
    assert made["api_key"] == "cairn_TOKENTOKENTOKEN"
    assert made["hint"] == "cairn_TOKENT"
    (again,) = founded.apply(key).resources
    assert "api_key" not in again
    assert "digest" not in again
    content = founded.path.read_bytes()
    assert b"TOKENTOKENTOKEN" not in content
    assert digest("cairn_TOKENTOKENTOKEN").encode() in content


def test_a_removed_key_is_gone(founded: Lab) -> None:
    founded.must(doc("api_key", "portal"))
    founded.must(doc("api_key", "portal", state="absent"))
    assert [one["name"] for one in founded.read("api_key")] == []
