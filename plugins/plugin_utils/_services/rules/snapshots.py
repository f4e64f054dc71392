# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What rules of other kinds have to do with snapshots of volumes and instances."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ....module_utils._kinds.volume_snapshot import VOLUME_SNAPSHOT
from ....module_utils._schema.errors import SpecError
from ....module_utils._schema.validation import Document
from ..._core.awaits import awaits
from ..._core.converge.instance import TOLD, fingerprints
from ..._core.place import DiskRequest, Request, place
from ..._core.resource import Resource
from ..rooms import host_room, took
from ..session import Session, owner_of


def forget(session: Session, volumes: t.Iterable[str], heir: str) -> None:
    """Snapshots outlive their volumes. Policies do not: they go with ``heir``, which is what is removed."""
    for ident in volumes:
        bequeath(session, "volume_snapshot_policy", ident, heir)
        for user in session.tx.referrers(ident):
            if user.kind == VOLUME_SNAPSHOT.name:
                session.tx.update(user.with_spec(volume=None, policy=None))


def bequeath(session: Session, kind: str, of: str, heir: str) -> None:
    """What of ``kind`` is about ``of``, and what is its own, belongs to ``heir`` from now on and goes with it."""
    for user in session.tx.referrers(of):
        if user.kind == kind:
            for one in (user, *session.tx.select(parent=user.id)):
                session.tx.update(dc.replace(one, parent=heir))


def described(session: Session, volume: Resource) -> dict[str, t.Any]:
    """For the status of a new snapshot of a root volume: SSH keys that its guest is to let in now.

    What it was told indeed is learnt when the snapshot is taken.
    """
    if volume.spec.get("type") != "ROOT":
        return {}
    keys = [session.one(ident) for ident in session.one(volume.spec["vm"]).spec.get("ssh_keys") or []]
    return {"keys": [*fingerprints(key.spec.get("public_key") or key.status["public_key"] for key in keys)]}


def become(session: Session, volume: Resource, snapshot: Resource) -> None:
    """The volume is to be another file from now on, a copy of what the snapshot holds."""
    made = volume.with_spec(revision=(volume.spec.get("revision") or 0) + 1, source=snapshot.id)
    if volume.spec.get("type") == "ROOT":
        made = made.with_status(**{TOLD: snapshot.status.get(TOLD) or {"keys": snapshot.status.get("keys", [])}})
    session.tx.update(made)
    session.copying.add(volume.id)


def disks_of(session: Session, instance: str) -> list[Resource]:
    """The volumes of an instance, in the order of their devices."""
    users = [user for user in session.tx.referrers(instance) if user.kind == "volume" and user.spec["vm"] == instance]
    return sorted(users, key=lambda volume: volume.spec.get("device_id") or 0)


class Awaited(SpecError):
    """A snapshot cannot go, since something has still to become what it holds."""


def keep_awaited(session: Session, gone: Resource, snapshots: t.Collection[Resource]) -> None:
    """Refuse that ``gone``, and the ``snapshots`` with it, go while anything that stays is still to be made of one.

    Raises Awaited.
    """
    ids = {one.id for one in snapshots}
    around = [one for host in {one.spec["host"] for one in snapshots} for one in session.tx.referrers(host)]
    for one in (*around, *(session.tx.select("template") if ids else ())):
        goes = one.id in session.promised | session.leaving or gone.id in (one.id, one.parent)
        if awaits(one) in ids and not goes:
            problem = f"{one.label} has still to become what it holds; apply that first, or remove it"
            raise Awaited(gone.kind.replace("_", " "), gone.name, None, problem)


def copies_of(session: Session, snapshot: Resource) -> list[Resource]:
    """An instance snapshot, and the volume snapshots that belong to it."""
    return [snapshot, *session.tx.select(VOLUME_SNAPSHOT.name, parent=snapshot.id)]


def source_of(session: Session, document: Document, spec: t.Mapping[str, t.Any]) -> Resource:
    """The snapshot that field ``snapshot`` of a new volume or template names, which is there when that is made.

    Raises SpecError.
    """
    name = spec["snapshot"]
    by_id = session.tx.get(name)
    named = [by_id] if by_id is not None else session.tx.named(VOLUME_SNAPSHOT.name, name)
    owner, zone = owner_of(document), spec["zone"]
    for found in session.within_reach(VOLUME_SNAPSHOT, named, owner, zone):
        if found.kind == VOLUME_SNAPSHOT.name and not found.removing and found.spec["zone"] == zone:
            if not _is_had(session, found):
                raise document.error("snapshot", f"{found.label} is not complete yet; apply that again first")
            return found
    raise document.error("snapshot", f"volume snapshot '{name}' not found in its zone; take it first, or mend the name")


def _is_had(session: Session, snapshot: Resource) -> bool:
    """Whether it was taken, or is taken by this run: a whole one takes it up again, as long as its volume is there."""
    if snapshot.status.get("taken") or {snapshot.id, snapshot.parent} & session.promised:
        return True
    return session.whole and bool(snapshot.spec.get("volume"))


def take_room(session: Session, document: Document, field: str, resource: Resource, size: int) -> None:
    """Count ``size`` bytes on the resource's host and storage. Raises SpecError when there is no room."""
    zone, host, storage = (resource.spec[name] for name in ("zone", "host", "storage"))
    room = host_room(session, zone, host, open_=True)
    placement = place(Request(0, 0, disks=(DiskRequest(size),)), [room.only(storage)])
    if placement.host is None:
        raise document.error(field, f"there is no room for it beside its volume; {placement.trace.reasons}")
    session.tx.allocate(resource.id, host, storage, size=size)
    took(session, zone, host, storages={storage: size})
