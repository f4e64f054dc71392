# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A volume snapshot is a file beside its volume's."""

from __future__ import annotations

from ..desired import Desired, Drafts
from ..naming import snapshot_file, volume_file
from ..resource import Resource
from ..world import SnapshotWanted
from .primary_storage import pool_shape
from .volume import revision


def copy_wanted(snapshot: Resource, desired: Desired) -> SnapshotWanted:
    """The file that holds the snapshot, and the one that it is a copy of."""
    volume = desired.ref(snapshot, "volume")
    return SnapshotWanted(
        owner=snapshot.id,
        pool=snapshot.spec["storage"],
        name=snapshot_file(snapshot.id),
        volume=volume_file(volume, revision(volume, desired)) if volume and not volume.removing else None,
        taken=bool(snapshot.status.get("taken")),
    )


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    storage, draft = desired.resources[resource.spec["storage"]], drafts[resource.spec["host"]]
    draft.pools[storage.id] = pool_shape(storage)
    if resource.removing:
        # In no group: while anything else fails on the host, a volume may still have to become a copy of it.
        draft.gone_owners.add(("", resource.id))
        return
    if resource.parent is not None:
        # Taken with the others of its instance snapshot.
        return
    volume = desired.ref(resource, "volume")
    draft.groups[resource.id] = (volume.spec.get("vm") or volume.id) if volume else resource.id
    draft.snapshots[resource.id] = copy_wanted(resource, desired)
