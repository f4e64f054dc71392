# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An instance snapshot is all of its copies at once, and the memory that its instance goes on from."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.instance import memory_to_come
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.instance_snapshot import memory_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import Desired
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    InstanceSnapshotWanted,
    Memory,
    SnapshotWanted,
)
from support.wanted import H1, PS, ROOT, WEB, Z1, changed, desired, ident, made, on_host

ONE, COPY, OTHER = (
    ident("instance_snapshot", "one"),
    ident("volume_snapshot", "copy"),
    ident("primary_storage", "other"),
)
MEMORY = Memory(PS, f"instance_snapshot-{ONE}.save")


def snapshot(*, memory: bool = True, removing: bool = False, **status: t.Any) -> Resource:
    place = {"zone": Z1, "vm": WEB, "storage": PS, "host": H1}
    one = made("instance_snapshot", "one", snapshot_memory=memory, status=status, **place)
    return dc.replace(one, removing=removing)


def state(one: Resource, *more: Resource) -> Desired:
    copy = made("volume_snapshot", "copy", zone=Z1, volume=ROOT, storage=OTHER, host=H1)
    copy = dc.replace(copy, parent=ONE, removing=one.removing)
    other = made("primary_storage", "other", zone=Z1, storage_url="file:///other")
    return desired([ONE, COPY], one, copy, other, *more)


def test_its_copies_are_taken_with_it_and_not_by_themselves() -> None:
    host = on_host(state(snapshot()))
    copy = SnapshotWanted(COPY, OTHER, f"volume_snapshot-{COPY}.qcow2", f"volume-{ROOT}.qcow2")
    assert host.instance_snapshots == (InstanceSnapshotWanted(ONE, WEB, (copy,), MEMORY),)
    assert host.snapshots == ()
    assert host.groups[ONE] == WEB
    assert {pool.id for pool in host.pools} == {PS, OTHER}


def test_one_that_was_taken_has_no_memory_where_none_was_wanted() -> None:
    (one,) = on_host(state(snapshot(memory=False, taken=True))).instance_snapshots
    assert (one.memory, one.taken) == (None, True)


def test_it_goes_with_its_copies() -> None:
    host = on_host(state(snapshot(removing=True)))
    assert (host.instance_snapshots, host.gone_owners) == ((), {("", ONE), ("", COPY)})


def test_the_instance_goes_on_from_its_memory_once() -> None:
    one = snapshot(taken=True)
    found = state(one, changed(WEB, memory_from=ONE, memory_number=2))
    instance = found.resources[WEB]
    assert memory_to_come(instance, found) == dc.replace(MEMORY, number=2) == memory_of(one, 2)
    assert memory_to_come(instance.with_status(memory_number=1), found) is not None
    assert memory_to_come(instance.with_status(memory_number=2), found) is None
    assert memory_to_come(instance, state(snapshot(removing=True), instance)) is None
    assert memory_to_come(changed(WEB), found) is None
    promised = memory_to_come(instance, state(snapshot(), instance))
    assert promised is not None
    assert promised.promised
