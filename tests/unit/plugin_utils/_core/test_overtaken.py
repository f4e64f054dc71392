# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Another run's changes are told from what stayed as it was."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.overtaken import members, overtaken
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource

WEB, DB = Resource("web", "instance", "web", {"power": "Running"}), Resource("db", "instance", "db", {})
ROOT, DATA = (Resource(name, "volume", name, {"vm": "web", "revision": 0}) for name in ("root", "data"))
ROUTER = Resource("r", "router", "r", {"power": "Running"})
SPARE = Resource("spare", "volume", "spare", {"vm": None})
OTHERS = Resource("z", "zone", "z", {})
KNOWN = (WEB, DB, ROOT, DATA, SPARE, ROUTER, OTHERS)


def now(*changed: Resource, without: tuple[Resource, ...] = ()) -> list[Resource]:
    return [*({one.id: one for one in KNOWN if one not in without} | {one.id: one for one in changed}).values()]


CHANGES: dict[str, tuple[list[Resource], set[str]]] = {
    "nothing": (now(), set()),
    "status": (now(DATA.with_status(taken=True), WEB.with_status(memory_number=1)), set()),
    "another kind": (now(OTHERS.with_spec(dns1="192.0.2.1")), set()),
    "a revert": (now(DATA.with_spec(revision=1)), {"web"}),
    "a router's template": (now(ROUTER.with_spec(template="newer")), {"r"}),
    "power": (now(WEB.with_spec(power="Stopped")), {"web"}),
    "a detached volume": (now(DATA.with_spec(vm=None)), {"web"}),
    "an attached volume": (now(SPARE.with_spec(vm="db")), {"db", "spare"}),
    "a new volume": (now(Resource("new", "volume", "new", {"vm": "db"})), {"db"}),
    "a volume that moved": (now(DATA.with_spec(vm="db")), {"web", "db"}),
    "a removal": (now(dc.replace(DB, removing=True)), {"db"}),
    "what is gone": (now(without=(SPARE,)), {"spare"}),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_changes(name: str) -> None:
    current, found = CHANGES[name]
    assert overtaken(members(KNOWN), current, ["web", "db", "r", "spare"]) == found
    assert overtaken(members(KNOWN), current, ["web"]) == found & {"web"}


def test_what_a_run_removes_is_not_wanted_by_another() -> None:
    known = [dc.replace(one, removing=True) if one in (WEB, ROOT, DATA) else one for one in KNOWN]
    assert overtaken(members(known), [DB, SPARE], ["web", "db", "spare"]) == set()
