# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a run learnt of the world, as the status of resources: how full storages are, which snapshots are complete."""

from __future__ import annotations

import typing as t

from .._core.desired import Desired
from .._core.naming import snapshot_file
from .converge import HostOutcome

Outcomes = t.Mapping[str, HostOutcome]
Status = dict[str, dict[str, t.Any]]


def learnt(desired: Desired, outcomes: Outcomes) -> Status:
    """Changes of status by the resource's id."""
    found: Status = {}
    for outcome in outcomes.values():
        for ident, told in (_complete(desired, outcome) | outcome.learnt).items():
            found[ident] = found.get(ident, {}) | told
    for storage, hosts in _capacities(desired, outcomes).items():
        found[storage] = {"hosts": desired.resources[storage].status.get("hosts", {}) | hosts}
    return found


def _complete(desired: Desired, outcome: HostOutcome) -> Status:
    """Snapshots that an earlier run took, and was cut short before it could note that."""
    files = {name for pool in outcome.seen.pools.values() for name in pool.volumes} if outcome.seen else set()
    return {
        one.id: {"taken": True}
        for one in desired.of("volume_snapshot")
        if one.id in desired.focus and not one.status.get("taken") and snapshot_file(one.id) in files
    }


def _capacities(desired: Desired, outcomes: Outcomes) -> dict[str, dict[str, dict[str, int]]]:
    """Capacity of storages by host, where it is new or something was written."""
    rooms: dict[str, dict[str, dict[str, int]]] = {}
    for host, outcome in outcomes.items():
        for ident, pool in (outcome.seen.pools if outcome.seen else {}).items():
            storage = desired.resources.get(ident)
            if storage is None or not pool.active:
                continue
            known = storage.status.get("hosts", {}).get(host)
            if known is None or outcome.done:
                rooms.setdefault(ident, {})[host] = {"capacity": pool.capacity, "available": pool.available}
    return rooms
