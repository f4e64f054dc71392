# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What there is within a zone."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.within import Within

FOUND = {
    "host": [
        {"name": "h2", "zone": "z1", "cluster": "c1"},
        {"name": "h1", "zone": "z1", "cluster": "c1"},
        {"name": "h3", "zone": "z1"},
        {"name": "h1", "zone": "z2", "cluster": "c1"},
    ],
    "instance": [
        {"name": "b", "zone": "z1", "nic": [{"network": "lan"}, {"network": "wire"}, {"network": "lan"}]},
        {"name": "a", "zone": "z1", "nic": [{"network": "lan"}]},
        {"name": "c", "zone": "z2", "nic": [{"network": "lan"}]},
    ],
}


def names(found: list[dict[str, str]]) -> list[str]:
    return [one["name"] for one in found]


def test_things_are_found_by_what_they_refer_to() -> None:
    within = Within(FOUND, "z1")
    for _again in range(2):
        assert names(within.of("host")) == ["h1", "h2", "h3"]
        assert names(within.of("host", cluster="c1")) == ["h1", "h2"]
        assert names(within.of("host", cluster=None)) == ["h3"]
        assert names(within.of("host", cluster="c1", name="h2")) == ["h2"]
        assert names(within.of("host", cluster="c9")) == []


def test_what_is_found_can_be_changed() -> None:
    within = Within(FOUND, "z1")
    within.of("host").clear()
    within.on("lan").clear()
    assert (len(within.of("host")), len(within.on("lan"))) == (3, 2)


def test_instances_are_found_by_their_network_cards() -> None:
    within = Within(FOUND, "z1")
    assert names(within.on("lan")) == ["a", "b"]
    assert names(within.on("wire")) == ["b"]
    assert names(within.on("nowhere")) == []
