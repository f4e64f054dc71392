# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a run learnt of the world, as the status of resources: how full storages are, which snapshots are complete,
which volumes have become copies of snapshots, which guests went on from memory."""

from __future__ import annotations

import typing as t

from .._core.awaits import COPIED, awaits
from .._core.converge.instance import TOLD, memory_to_come
from .._core.converge.primary_storage import is_shared
from .._core.converge.volume import revision
from .._core.desired import Desired
from .._core.naming import memory_file, shared_mark, snapshot_file, volume_file
from .._core.resource import Resource
from .._core.world import PoolSeen
from .outcome import HostOutcome

Outcomes = t.Mapping[str, HostOutcome]
Status = dict[str, dict[str, t.Any]]


def learnt(desired: Desired, outcomes: Outcomes) -> Status:
    """Changes of status by the resource's id."""
    found: Status = {}
    volumes = [one for one in desired.of("volume") if awaits(one)]
    snapshots = [
        one for one in (*desired.of("volume_snapshot"), *desired.of("instance_snapshot")) if _open(one, desired)
    ]
    for outcome in outcomes.values():
        files = {name for pool in outcome.seen.pools.values() for name in pool.volumes} if outcome.seen else set()
        seen: Status = {one.id: {"taken": True} for one in snapshots if _files_of(one, desired) <= files}
        seen |= _went_on(desired, outcome) | _copied(volumes, files, desired, outcome)
        for ident, told in _told(desired, outcome).items():
            found[ident] = found.get(ident, {}) | told
        for ident, told in (seen | outcome.learnt).items():
            for one in (ident, *(copy.id for copy in desired.copies.get(ident, ()))):
                found[one] = found.get(one, {}) | told
    for host in desired.of("host"):
        if host.status.get("left") and host.id in desired.focus and _is_done(outcomes.get(host.id)):
            found[host.id] = {"left": []}
    for storage, hosts in _capacities(desired, outcomes).items():
        found[storage] = {"hosts": desired.resources[storage].status.get("hosts", {}) | hosts}
    return found


def _is_done(outcome: HostOutcome | None) -> bool:
    return outcome is not None and not outcome.lost and not outcome.errors


def _open(snapshot: Resource, desired: Desired) -> bool:
    """Whether an earlier run may have taken it, and been cut short before it could note that."""
    return snapshot.id in desired.focus and snapshot.parent is None and not snapshot.status.get("taken")


def _told(desired: Desired, outcome: HostOutcome) -> Status:
    """What guests had been told when their root volumes were kept: by earlier runs, and by this one before that."""
    told = {one.id: one.shape for one in outcome.seen.domains.values() if one.shape} if outcome.seen else {}
    found: Status = {}
    for step in outcome.done:
        if step.call in ("define_domain", "let_in"):
            told[step.resource] = step.args[0]
        elif step.call in ("take_snapshot", "take_instance_snapshot"):
            copies = desired.copies.get(step.resource) or [desired.resources[step.resource]]
            for copy in copies:
                volume = desired.ref(copy, "volume")
                shape = told.get(volume.spec.get("vm") or "") if volume and volume.spec.get("type") == "ROOT" else None
                if shape is not None:
                    found[copy.id] = {TOLD: {"keys": [*shape.keys], "password": shape.password}}
    return found


def _copied(waiting: t.Iterable[Resource], files: set[str], desired: Desired, outcome: HostOutcome) -> Status:
    """Volumes that need the snapshot no more that they were to become, whether by this run or an earlier one."""
    files = files | {step.args[0].name for step in outcome.done if step.call == "create_volume"}
    there = [one for one in waiting if volume_file(one, revision(one, desired)) in files]
    return {one.id: {COPIED: one.spec.get("revision") or 0} for one in there}


def _files_of(snapshot: Resource, desired: Desired) -> set[str]:
    if snapshot.kind == "volume_snapshot":
        return {snapshot_file(snapshot.id)}
    memory = {memory_file(snapshot.id)} if snapshot.spec.get("snapshot_memory") else set()
    return {snapshot_file(copy.id) for copy in desired.copies.get(snapshot.id, ())} | memory


def _went_on(desired: Desired, outcome: HostOutcome) -> Status:
    """Guests that an earlier run had go on from memory, and was cut short before it could note that."""
    found: Status = {}
    for domain in outcome.seen.domains.values() if outcome.seen else ():
        instance = desired.resources.get(domain.id)
        memory = memory_to_come(instance, desired) if instance is not None else None
        if memory is not None and domain.live is not None:
            root = desired.disks[domain.id][0]
            if volume_file(root, revision(root, desired)) in {disk.volume for disk in domain.live.disks}:
                found[domain.id] = {"memory_number": memory.number}
    return found


def _is_mistaken(storage: Resource, pool: PoolSeen) -> bool:
    """Whether a host has another directory than those that it is to share one with."""
    return is_shared(storage) and shared_mark(storage.id) not in pool.volumes


def _capacities(desired: Desired, outcomes: Outcomes) -> dict[str, dict[str, dict[str, int]]]:
    """Capacity of storages by host, where it is new or something was written."""
    rooms: dict[str, dict[str, dict[str, int]]] = {}
    for host, outcome in outcomes.items():
        for ident, pool in (outcome.seen.pools if outcome.seen else {}).items():
            storage = desired.resources.get(ident)
            if storage is None or not pool.active or _is_mistaken(storage, pool):
                continue
            known = storage.status.get("hosts", {}).get(host)
            if known is None or outcome.done:
                alike = storage.status.get("hosts", {}) if is_shared(storage) else ()
                figures = {"capacity": pool.capacity, "available": pool.available}
                rooms.setdefault(ident, {}).update(dict.fromkeys((*alike, host), figures))
    return rooms
