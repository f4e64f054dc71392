# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a run works on: only what it concerns, with all that this refers to."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import Desired
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.gather import everything, gather
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.realize import Decision
from support.lab import Lab
from support.lab import document as doc


def gathered(lab: Lab, kind: str, name: str, **how: t.Any) -> Desired:
    with lab.store() as store, store.reading() as tx:
        (one,) = tx.named(kind, name)
        document = doc(kind, name, **how)
        action = document.kind.states[document.state].action
        return gather(tx, [Decision(document, one, one, action)], whole=False)


KINDS = ("instance", "volume", "network", "security_group", "security_group_rule")


def names(desired: Desired, kinds: t.Collection[str] = KINDS) -> set[str]:
    return {desired.resources[ident].name for ident in desired.focus if desired.resources[ident].kind in kinds}


@pytest.mark.parametrize(
    ("kind", "name", "focus"),
    [
        ("instance", "web1", {"web1", "ROOT-web1", "DATA-web1"}),
        ("instance", "db", {"db", "ROOT-db"}),
        ("volume", "data", {"data", "web1"}),
        ("volume", "spare", {"spare"}),
        ("network", "net1", {"net1"}),
        ("zone", "z1", set()),
        ("security_group", "inside", {"inside"}),
        ("security_group_rule", "https", {"front", "https"}),
    ],
)
def test_the_focus_is_what_is_concerned(cloud: Lab, kind: str, name: str, focus: set[str]) -> None:
    assert names(gathered(cloud, kind, name)) == focus


@pytest.mark.parametrize(("kind", "name"), [("instance", "web1"), ("volume", "data"), ("network", "net1")])
def test_all_that_is_referred_to_is_there(cloud: Lab, kind: str, name: str) -> None:
    desired = gathered(cloud, kind, name)
    concerned = set(desired.focus) | {one.id for one in desired.of("instance")}
    with cloud.store() as store, store.reading() as tx:
        for ident in concerned & desired.focus:
            assert tx.referred([ident]) <= desired.resources.keys()
    for instance in desired.of("instance"):
        assert desired.nics[instance.id]


def test_a_network_knows_its_members(cloud: Lab) -> None:
    assert {one.name for one in gathered(cloud, "network", "net1").of("instance")} == {"web1", "web2", "db"}
    # web1 is not in it, but in a group whose instances web2 lets in.
    assert {one.name for one in gathered(cloud, "network", "wire").of("instance")} == {"web1", "web2"}


def changed(lab: Lab, name: str, **spec: t.Any) -> Desired:
    """What a task is about that changes an instance's spec."""
    with lab.store() as store, store.reading() as tx:
        (one,) = tx.named("instance", name)
        ids = {group.id for group in tx.select("security_group")}
        assert set(one.spec["security_groups"]) <= ids
        return gather(tx, [Decision(doc("instance", name), one, one.with_spec(**spec))], whole=False)


def test_an_instance_that_leaves_a_group_concerns_those_who_let_its_members_in(cloud: Lab) -> None:
    left = changed(cloud, "web1", security_groups=[])
    assert names(left, ("security_group",)) == {"inside"}
    assert {left.resources[ident].name for ident in left.settled} == {"inside", "front"}
    assert {one.name for one in left.of("instance")} == {"web1", "web2"}


def test_another_name_of_an_instance_concerns_no_group(cloud: Lab) -> None:
    assert changed(cloud, "web1", display_name="Front").settled == frozenset()


@pytest.mark.parametrize(
    ("how", "restart", "reboot"),
    [({}, 0, 0), ({"force": True}, 1, 0), ({"state": "restarted"}, 1, 1), ({"state": "restored"}, 1, 1)],
)
def test_stops_that_are_allowed_or_asked_for(cloud: Lab, how: dict[str, t.Any], restart: int, reboot: int) -> None:
    desired = gathered(cloud, "instance", "web1", **how)
    assert (len(desired.restart), len(desired.reboot)) == (restart, reboot)


def test_everything_is_complete(cloud: Lab) -> None:
    with cloud.store() as store, store.reading() as tx:
        desired = everything(tx)
        assert desired.complete
        assert desired.focus == desired.resources.keys() == {one.id for one in tx.select(removing=None)}
