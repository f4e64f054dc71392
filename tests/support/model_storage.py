# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Pools and files of a host in memory."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import is_record, shared_mark
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.units import GIB
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    BaseWanted,
    InstanceSnapshotWanted,
    PoolSeen,
    PoolShape,
    RecordWanted,
    SeedWanted,
    SnapshotWanted,
    VolumeSeen,
    VolumeWanted,
)
from support.model_state import ModelState, Unsafe, step

BASE_SIZE = GIB


class ModelStorage(ModelState):
    """The verbs of the port about pools, files and copies of them."""

    @step
    def define_pool(self, shape: PoolShape, *, first: bool = False) -> None:
        if any(one.shape.name == shape.name and ident != shape.id for ident, one in self.pools.items()):
            raise DriverError(f"pool {shape.name} exists already with another id")
        files = self.files.setdefault(shape.path, self.mounts.get(shape.path, {}))
        if shape.shared and shared_mark(shape.id) not in files:
            if not first:
                raise DriverError(f"{shape.path} is another directory")
            files[shared_mark(shape.id)] = VolumeSeen(shared_mark(shape.id), 0, 0, "raw")
        self.pools[shape.id] = PoolSeen(shape, active=True, autostart=True)

    def refresh_pool(self, pool_id: str) -> None:
        self.directory(pool_id)

    @step
    def remove_pool(self, pool_id: str) -> None:
        self.pools.pop(pool_id, None)

    def write(self, file: str, moment: str) -> None:
        """A guest wrote to the file."""
        for files in self.files.values():
            if file in files:
                files[file] = dc.replace(files[file], written=moment)

    def directory(self, pool: str) -> dict[str, VolumeSeen]:
        seen = next((one for ident, one in self.pools.items() if pool in (ident, one.shape.name)), None)
        if seen is None or not seen.active:
            raise DriverError(f"there is no active pool {pool}")
        return self.files[seen.shape.path]

    @step
    def put_base(self, base: BaseWanted) -> None:
        file = VolumeSeen(base.name, BASE_SIZE, BASE_SIZE // 10, base.format)
        self.directory(base.pool).setdefault(base.name, file)

    @step
    def create_volume(self, volume: VolumeWanted) -> None:
        files = self.directory(volume.pool)
        if volume.source is not None and volume.name not in files:
            if volume.source not in files:
                raise DriverError(f"volume {volume.name} lacks its source {volume.source}")
            copied = files[volume.source]
            capacity = max(copied.capacity, volume.capacity or 0)
            files[volume.name] = dc.replace(copied, name=volume.name, capacity=capacity, backing=None)
            self.used.discard(volume.name)
            self._copy_guest(volume.source, volume.name)
            return
        if volume.base is not None and volume.base not in files:
            raise DriverError(f"volume {volume.name} lacks its base {volume.base}")
        file = VolumeSeen(volume.name, volume.capacity or BASE_SIZE, 200 << 10, volume.format, volume.base, "made")
        if volume.name not in files:
            files[volume.name] = file
            self.used.discard(volume.name)
            self.guests.pop(volume.name, None)

    def _copy_guest(self, source: str | None, name: str) -> None:
        """A guest on a copy lets in whom it let in on what that is a copy of."""
        self.guests.pop(name, None)
        if source in self.guests:
            self.guests[name] = self.guests[source]

    @step
    def take_snapshot(self, snapshot: SnapshotWanted, domain_id: str | None, target: str | None) -> dict[str, t.Any]:
        files = self.directory(snapshot.pool)
        users = [(ident, disk.target) for ident, disk in self.open_disks() if disk.volume == snapshot.volume]
        if users != ([(domain_id, target)] if domain_id else []):
            raise Unsafe(f"{snapshot.volume} is copied past its user {users}")
        if snapshot.volume not in files:
            raise DriverError(f"there is no volume {snapshot.volume}")
        if snapshot.name not in files:
            files[snapshot.name] = dc.replace(files[snapshot.volume], name=snapshot.name, backing=None)
            self._copy_guest(snapshot.volume, snapshot.name)
        return {"taken": True, "quiesced": True}

    @step
    def take_instance_snapshot(self, snapshot: InstanceSnapshotWanted) -> dict[str, t.Any]:
        if all(name in self.directory(pool) for pool, name in snapshot.files):
            return {"taken": True}
        live = self.domains[snapshot.domain].live if snapshot.domain in self.domains else None
        users = {disk.volume: ident for ident, disk in self.open_disks()}
        if snapshot.memory is not None and live is None:
            raise DriverError(f"domain {snapshot.domain} does not run and has no memory")
        made = {}
        for disk in snapshot.disks:
            files = self.directory(disk.pool)
            if users.get(str(disk.volume), snapshot.domain) != snapshot.domain:
                raise Unsafe(f"{disk.volume} is copied past its user")
            if disk.volume not in files:
                raise DriverError(f"there is no volume {disk.volume}")
            made[disk.pool, disk.name] = dc.replace(files[disk.volume], name=disk.name, backing=None)
            self._copy_guest(disk.volume, disk.name)
        if snapshot.memory is not None:
            made[snapshot.memory.pool, snapshot.memory.name] = VolumeSeen(snapshot.memory.name, 1 << 20, 1 << 20, "raw")
        for (pool, name), file in made.items():
            self.directory(pool)[name] = file
        if live is not None:
            self.domains[snapshot.domain] = dc.replace(self.domains[snapshot.domain], paused=False)
        return {"taken": True, "quiesced": True}

    def read_file(self, pool_id: str, name: str, sink: t.Callable[[bytes], None]) -> None:
        if name not in self.directory(pool_id):
            raise DriverError(f"there is no file {name}")
        written = self.directory(pool_id)[name].written
        sink(self.texts.get(name, f"{name} {written}").encode())
        self.reading(name)

    @step
    def resize_volume(self, volume: VolumeWanted, domain_id: str | None, target: str | None) -> None:
        files = self.directory(volume.pool)
        if volume.name not in files:
            raise DriverError(f"there is no volume {volume.name}")
        users = [(ident, disk.target) for ident, disk in self.open_disks() if disk.volume == volume.name]
        if users != ([(domain_id, target)] if domain_id else []):
            raise Unsafe(f"volume {volume.name} is resized past its user {users}")
        grown = max(files[volume.name].capacity, volume.capacity or 0)
        files[volume.name] = dc.replace(files[volume.name], capacity=grown)

    @step
    def delete_volume(self, pool_id: str, name: str) -> None:
        files = self.directory(pool_id)
        if any(disk.volume == name and disk.device == "disk" for _ident, disk in self.open_disks()):
            raise Unsafe(f"{name} is deleted under a running machine")
        if any(file.backing == name for file in files.values()):
            raise Unsafe(f"{name} is deleted under its overlays")
        files.pop(name, None)

    @step
    def put_seed(self, seed: SeedWanted) -> None:
        self.directory(seed.pool).setdefault(seed.name, VolumeSeen(seed.name, 1 << 20, 1 << 20, "iso"))

    @step
    def put_record(self, record: RecordWanted) -> None:
        files = self.directory(record.pool)
        for name in [name for name in files if is_record(name, record.owner)]:
            del files[name]
        size = len(record.content)
        files[record.name] = VolumeSeen(record.name, size, size, "raw")
        self.texts[record.name] = record.content
