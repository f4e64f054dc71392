# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An instance snapshot is a file beside each disk's, and one that holds the memory."""

from __future__ import annotations

from ..desired import Desired, Drafts
from ..naming import memory_file
from ..resource import Resource
from ..world import InstanceSnapshotWanted, Memory
from .primary_storage import pool_shape
from .volume_snapshot import copy_wanted


def memory_of(snapshot: Resource, number: int = 0) -> Memory | None:
    """The memory that a snapshot holds, if it does."""
    if not snapshot.spec.get("snapshot_memory"):
        return None
    return Memory(snapshot.spec["storage"], memory_file(snapshot.id), number)


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    draft = drafts[resource.spec["host"]]
    copies = desired.copies.get(resource.id, [])
    for owner in (resource, *copies):
        storage = desired.resources[owner.spec["storage"]]
        draft.pools[storage.id] = pool_shape(storage)
    if resource.removing:
        draft.gone_owners.add(("", resource.id))
        return
    draft.groups[resource.id] = resource.spec["vm"]
    draft.instance_snapshots[resource.id] = InstanceSnapshotWanted(
        owner=resource.id,
        domain=resource.spec["vm"],
        disks=tuple(copy_wanted(copy, desired) for copy in copies),
        memory=memory_of(resource),
        taken=bool(resource.status.get("taken")),
    )
