# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Resources as modules return them."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import ROUTED
from support import routed
from support.lab import Lab
from support.lab import document as doc


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_returned_flat_and_without_secrets(cloud: Lab, lab: Lab, kind: str) -> None:
    if kind in (*ROUTED, "router"):
        lab.must(*routed.routed())
        cloud = lab
    known = set(KINDS[kind].all_fields) | {"id", "state", "created"}
    found = cloud.read(kind)
    assert found
    for item in found:
        assert item.keys() <= known
        stored = {"id", "created"} if item["state"] != "Default" else set()
        assert {*stored, "state", KINDS[kind].identity} <= item.keys()
        assert not any(KINDS[kind].all_fields[name].secret for name in item.keys() & KINDS[kind].all_fields.keys())


def test_references_are_names_and_tags_are_pairs(cloud: Lab) -> None:
    web1 = cloud.one("instance", "web1")
    assert (web1["zone"], web1["service_offering"], web1["template"], web1["networks"]) == (
        "z1",
        "small",
        "tiny",
        ["net1"],
    )
    assert web1["tags"] == [{"key": "role", "value": "web"}]
    assert cloud.one("instance", "db")["tags"] == []
    assert (web1["domain"], web1["account"]) == ("ROOT", "admin")
    assert "project" not in web1


def test_projects_are_shown(founded: Lab) -> None:
    founded.must(doc("ssh_key", "k", project="p"))
    assert founded.one("ssh_key", "k")["project"] == "p"


def test_what_goes_is_told(cloud: Lab) -> None:
    (gone,) = cloud.apply(doc("instance", "web1", state="absent")).resources
    assert (gone["kind"], gone["name"], gone["state"]) == ("instance", "web1", "Absent")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["db", "web1", "web2"]),
        ({"name": "db"}, ["db"]),
        ({"group": "none"}, []),
        ({"power": "stopped"}, ["db"]),
        ({"tags": {"role": "web"}}, ["web1"]),
        ({"tags": [{"key": "role", "value": "db"}]}, []),
        ({"affinity_groups": "apart"}, ["web1", "web2"]),
        ({"service_offering": "none"}, []),
    ],
)
def test_filters(cloud: Lab, filters: dict[str, object], names: list[str]) -> None:
    assert [item["name"] for item in cloud.read("instance", **filters)] == names
