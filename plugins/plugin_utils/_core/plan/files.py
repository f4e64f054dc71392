# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Pools and the files in them: copies of images, volumes, seeds."""

from __future__ import annotations

import typing as t

from ..naming import is_record, owner_of, revision_of, shared_mark, whole_of
from ..world import PoolSeen, PoolShape, SnapshotWanted, VolumeSeen, VolumeWanted
from .steps import Part


class Files(Part):
    """Plans pools and files."""

    def pools(self) -> None:
        for pool in self.wanted.pools:
            seen = self.seen.pools.get(pool.id)
            if seen is None or seen.shape != pool or not seen.active or not seen.autostart:
                self.add(pool.id, "define_pool", pool, field="pool", before=_pool_state(seen), after="active")

    def mistaken(self) -> bool:
        """Whether a directory that is to be shared is not the one that other hosts have. Nothing may be done on this
        host then: whatever is missing there is on the right one."""
        for pool in self.wanted.pools:
            if pool.shared and self._looked_into(pool.id) and shared_mark(pool.id) not in self._there(pool.id):
                self.plan.refused[""] = (pool.id, not_mounted(pool))
                return True
        return False

    def overtaken(self) -> None:
        """Volumes that are newer on the host than this run knows: revisions only count up, so another run stored a
        later one meanwhile, and what is wanted here would undo that."""
        newest: dict[tuple[str, str], int] = {}
        for pool, seen in self.seen.pools.items():
            for owner, revision in filter(None, map(revision_of, seen.volumes)):
                newest[pool, owner] = max(revision, newest.get((pool, owner), 0))
        for volume in self.wanted.volumes:
            _owner, known = revision_of(volume.name) or ("", 0)
            there = newest.get((volume.pool, volume.owner), 0)
            if there > known:
                told = f"another run changed it meanwhile (revision {there} is there, {known} is wanted); apply again"
                self.plan.refused[self.wanted.groups.get(volume.owner, volume.owner)] = (volume.owner, told)

    def record(self) -> None:
        """Before anything that it describes. One that is only outdated follows from changes that were told already."""
        record = self.wanted.record
        if record is None:
            return
        there = {name for name in self._there(record.pool) if is_record(name, record.owner)}
        if there != {record.name}:
            before = "outdated" if there else "absent"
            self.add(
                record.pool,
                "put_record",
                record,
                field="record",
                before=before,
                after="as described",
                routine=bool(there),
                # Where it cannot be written, a storage may be full: what makes room there goes on.
                group=record.owner,
            )

    def files(self) -> None:
        bases = {(base.pool, base.name): base.owner for base in self.wanted.bases}
        missing = {(pool, name): owner for (pool, name), owner in bases.items() if name not in self._there(pool)}
        self._note_needs(missing)
        for base in self.wanted.bases:
            if (base.pool, base.name) in missing:
                group = self.wanted.groups.get(base.owner, base.owner)
                self.add(base.owner, "put_base", base, field="copy", before="absent", after="present", group=group)
        for one in self._sources_first():
            if isinstance(one, SnapshotWanted):
                self._snapshot(one)
            else:
                self._volume(one)
        for seed in self.wanted.seeds:
            if seed.name not in self._there(seed.pool):
                self.add(seed.owner, "put_seed", seed, field="seed", before="absent", after="present")

    def _note_needs(self, missing: t.Mapping[tuple[str, str], str]) -> None:
        """Whom the copies are made for: machines and volumes that lie over one, or have it in their drive."""
        pools, groups = {pool.name: pool.id for pool in self.wanted.pools}, self.wanted.groups
        uses = [(one.owner, (one.pool, one.base)) for one in self.wanted.volumes if one.base]
        uses += [
            (one.shape.id, (pools.get(disk.pool, ""), disk.volume))
            for one in self.wanted.domains
            for disk in one.shape.disks
        ]
        for owner, file in uses:
            if file in missing:
                self.plan.needs.setdefault(groups.get(owner, owner), set()).add(missing[file])

    def instance_snapshots(self) -> None:
        """Of guests as this run leaves them: what it starts has a memory by then."""
        running = {one.shape.id for one in self.wanted.domains if one.power == "Running"}
        running |= {ident for ident, one in self.seen.domains.items() if one.active} - {
            one.shape.id for one in self.wanted.domains
        }
        for one in self.wanted.instance_snapshots:
            lost = [pool for pool, name in one.files if name not in self._there(pool)]
            if not lost or (one.taken and not all(map(self._looked_into, lost))):
                continue
            if one.taken:
                self.plan.warn(one.owner, "a file of it is gone, and with it what it held; remove it")
            elif not one.disks or any(disk.volume is None for disk in one.disks):
                self.plan.warn(one.owner, "a volume was removed before it was taken; remove it")
            elif one.memory is not None and one.domain not in running:
                self.plan.warn(one.owner, "its instance does not run and has no memory to keep; start it, apply again")
            else:
                call = "take_instance_snapshot"
                self.add(one.owner, call, one, field="files", before="absent", after="present")

    def gone_pools(self) -> None:
        """Pools that are gone; one that is opened for what may be in it goes when that has been looked at."""
        opened = {pool.id for pool in self.wanted.pools if not self._looked_into(pool.id)}
        for pool in self.wanted.gone_pools:
            if pool in self.seen.pools and pool not in opened:
                self.add(pool, "remove_pool", pool, field="pool", before="defined", after="absent")

    def gone_files(self) -> None:
        """Files of resources that are gone, and outdated ones (another seed, an older root) of those that stay."""
        wanted = self.wanted
        groups = (wanted.volumes, wanted.snapshots, wanted.seeds, wanted.bases)
        kept = {item.name for group in groups for item in group}
        owners = {("", item.owner) for group in (wanted.volumes, wanted.seeds) for item in group}
        owners |= wanted.gone_owners
        for pool, seen in self.seen.pools.items():
            # Copies of templates last: volumes lie over them.
            for name in sorted(seen.volumes, key=lambda n: (seen.volumes[n].backing is None, n)):
                owner = owner_of(name)
                if owner and whole_of(name) not in kept and {("", owner), (pool, owner)} & owners:
                    self.add(owner, "delete_volume", pool, name, field="file", before="present", after="absent")

    def _sources_first(self) -> t.Iterator[VolumeWanted | SnapshotWanted]:
        """Volumes and snapshots, copies after what they are copies of."""
        waiting: list[VolumeWanted | SnapshotWanted] = [*self.wanted.volumes, *self.wanted.snapshots]
        missing = {one.name for one in waiting if one.name not in self._there(one.pool)}
        while waiting:
            ready = [one for one in waiting if one.name not in missing or _source(one) not in missing] or waiting
            yield from ready
            names = {one.name for one in ready}
            missing -= names
            waiting = [one for one in waiting if one.name not in names]

    def _snapshot(self, snapshot: SnapshotWanted) -> None:
        if snapshot.name in self._there(snapshot.pool) or (snapshot.taken and not self._looked_into(snapshot.pool)):
            return
        if snapshot.taken:
            self.plan.warn(snapshot.owner, "its file is gone, and with it what it held; remove it")
        elif snapshot.volume is None:
            self.plan.warn(snapshot.owner, "its volume was removed before it was taken; remove it")
        else:
            user = self._user(snapshot.volume)
            self.add(snapshot.owner, "take_snapshot", snapshot, *user, field="file", before="absent", after="present")

    def _there(self, pool: str) -> t.Mapping[str, VolumeSeen]:
        seen = self.seen.pools.get(pool)
        return seen.volumes if seen else {}

    def _looked_into(self, pool: str) -> bool:
        """Whether the pool's files were seen; those of an inactive one are not."""
        return pool in self.seen.pools and self.seen.pools[pool].active

    def _volume(self, volume: VolumeWanted) -> None:
        seen = self._there(volume.pool).get(volume.name)
        if seen is None:
            self.add(volume.owner, "create_volume", volume, field="file", before="absent", after="present")
            if self._looked_into(volume.pool) and self._defined_with(volume):
                self.plan.warn(volume.owner, "the file of a volume was gone and is made anew, without what was on it")
        elif volume.capacity is not None and seen.capacity < volume.capacity:
            domain, target = self._user(volume.name)
            self.add(
                volume.owner,
                "resize_volume",
                volume,
                domain,
                target,
                field="capacity",
                before=seen.capacity,
                after=volume.capacity,
            )
        elif volume.capacity is not None and seen.capacity > volume.capacity:
            self.plan.warn(volume.owner, "the file of the volume is larger than described; a volume never shrinks")

    def _defined_with(self, volume: VolumeWanted) -> bool:
        """Whether the volume's instance has it as a disk, so that its file was there once."""
        domain = self.seen.domains.get(self.wanted.groups.get(volume.owner, ""))
        disks = domain.shape.disks if domain is not None and domain.shape is not None else ()
        return any(disk.volume == volume.name for disk in disks)

    def _user(self, name: str) -> tuple[str | None, str | None]:
        """The running domain that has the volume, and as what; none that goes in this run."""
        for domain in self.seen.domains.values():
            if domain.id in self.wanted.gone_domains:
                continue
            for disk in domain.live.disks if domain.live else ():
                if disk.volume == name:
                    return domain.id, disk.target
        return None, None


def not_mounted(pool: PoolShape) -> str:
    """That a host has another directory than the others."""
    return (
        f"{pool.path} is not the directory that its other hosts have, whose file {shared_mark(pool.id)} is missing; "
        "mount that there and apply again"
    )


def _source(one: VolumeWanted | SnapshotWanted) -> str | None:
    """The file that a new one is a copy of."""
    return one.volume if isinstance(one, SnapshotWanted) else one.source


def _pool_state(seen: PoolSeen | None) -> str:
    if seen is None:
        return "absent"
    return "differs" if seen.active else "inactive"
