# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What each kind wants of the world.

A converge function writes what one resource needs into the drafts of the hosts that it concerns; a
kind without one (a zone, an offering) wants nothing of any host. Which steps follow from the
drafts is decided in :mod:`plan`, for all kinds alike.
"""

from __future__ import annotations

import typing as t

from ..desired import ROUTED, Desired, Drafts
from ..resource import Resource
from ..world import HostWanted
from . import (
    host,
    image,
    instance,
    instance_snapshot,
    network,
    primary_storage,
    router,
    security_group,
    volume,
    volume_snapshot,
)

Converge = t.Callable[[Resource, Desired, Drafts], None]

CONVERGE: dict[str, Converge] = {
    "host": host.converge,
    "primary_storage": primary_storage.converge,
    "network": network.converge,
    "template": image.converge,
    "iso": image.converge,
    "volume": volume.converge,
    "volume_snapshot": volume_snapshot.converge,
    "instance": instance.converge,
    "router": router.converge,
    "security_group": security_group.converge,
    "instance_snapshot": instance_snapshot.converge,
}


def bearers(resource: Resource, desired: Desired) -> set[str]:
    """Of what hosts have nothing of by itself: the resources by which they have what it says."""
    if resource.kind == "security_group_rule":
        return {resource.spec["security_group"]}
    if resource.kind in ROUTED:
        return {one.id for one in desired.of("router") if one.spec["network"] == resource.spec["network"]}
    return set()


def wanted(desired: Desired) -> dict[str, HostWanted]:
    """What is to be on each host that the focus concerns, by the host's id."""
    drafts = Drafts()
    for ident in sorted(desired.focus):
        resource = desired.resources.get(ident)
        if resource is not None and resource.kind in CONVERGE:
            CONVERGE[resource.kind](resource, desired, drafts)
    for host_id, draft in drafts.items():
        draft.record = desired.record(host_id)
        if draft.record is not None:
            draft.pools[draft.record.pool] = primary_storage.pool_shape(desired.resources[draft.record.pool])
    return {host_id: draft.finish(host_id, desired.complete) for host_id, draft in drafts.items()}
