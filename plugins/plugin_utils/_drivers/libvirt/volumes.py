# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Volumes: files of a pool, made thin, grown and deleted."""

from __future__ import annotations

import contextlib
import typing as t

import libvirt

from ..._core.world import VolumeWanted
from . import pool_xml
from .pools import Pools
from .session import GROW, Session, found

# A file that is being copied has a marker beside it, and is not there for anybody until the marker is gone.
MARK = ".partial"
_CAPACITY = 1  # in the list that virStorageVolGetInfo gives


def marker_of(name: str) -> str:
    return f"{name}{MARK}"


def find_volume(pool: t.Any, name: str) -> t.Any | None:
    return found(pool.storageVolLookupByName, name, libvirt.VIR_ERR_NO_STORAGE_VOL)


def delete_if_there(pool: t.Any, name: str) -> None:
    volume = find_volume(pool, name)
    if volume is not None:
        volume.delete(0)


def whole(pool: t.Any, name: str, make: t.Callable[[], None]) -> None:
    """Make a file that takes its time, unless it is there: what is cut short is marked as such, and made anew."""
    all_whole([(pool, name)], make)


def all_whole(files: t.Sequence[tuple[t.Any, str]], make: t.Callable[[], None]) -> None:
    """Make files, each in its pool, that belong together: where one is missing or marked, all are made anew."""
    marked = [find_volume(pool, marker_of(name)) is not None for pool, name in files]
    if not any(marked) and all(find_volume(pool, name) is not None for pool, name in files):
        return
    for (pool, name), has in zip(files, marked, strict=True):
        if not has:
            pool.createXML(pool_xml.build_volume(marker_of(name), "raw", 0), 0)
    for pool, name in files:
        delete_if_there(pool, name)
    try:
        make()
    except BaseException:
        # As far as it can be done: what is left is marked.
        with contextlib.suppress(libvirt.libvirtError):
            for pool, name in files:
                pool.refresh(0)
                delete_if_there(pool, name)
                delete_if_there(pool, marker_of(name))
        raise
    for pool, name in files:
        delete_if_there(pool, marker_of(name))


def clone(pool: t.Any, source: str, name: str, capacity: int = 0) -> None:
    """Copy a file that no guest writes to, with all that it lies over."""
    volume = pool.storageVolLookupByName(source)
    size = max(capacity, volume.info()[_CAPACITY])
    made = pool.createXMLFrom(pool_xml.build_volume(name, "qcow2", size), volume, 0)
    # A copy has its source's capacity, whatever is asked for.
    if made.info()[_CAPACITY] < size:
        made.resize(size, 0)


class Volumes:
    """The volume verbs of the port."""

    def __init__(self, session: Session, pools: Pools) -> None:
        self._session, self._pools = session, pools

    def create(self, wanted: VolumeWanted) -> None:
        pool = self._pools.get(wanted.pool)
        with self._session.about(f"volume '{wanted.name}'"):
            source = wanted.source
            if source is not None:
                whole(pool, wanted.name, lambda: self._copy(pool, source, wanted))
            elif find_volume(pool, wanted.name) is None:
                pool.createXML(self._definition(pool, wanted), 0)

    def _copy(self, pool: t.Any, source: str, wanted: VolumeWanted) -> None:
        """Nothing else may stand for what is lost: the volume that is reverted is given up for it."""
        if find_volume(pool, source) is None:
            problem = (
                f"the snapshot that it becomes a copy of, {source}, is gone; bring that back, or remove the volume"
            )
            raise self._session.error(f"volume '{wanted.name}'", problem)
        clone(pool, source, wanted.name, wanted.capacity or 0)

    def resize(self, wanted: VolumeWanted, domain: t.Any | None, target: str | None) -> None:
        """Grow to the capacity; ``domain`` is the running one that has the volume as ``target``."""
        pool = self._pools.get(wanted.pool)
        with self._session.about(f"volume '{wanted.name}'"):
            volume = pool.storageVolLookupByName(wanted.name)
            seen = pool_xml.read_volume(volume.XMLDesc(0))
            if wanted.capacity is None or seen.capacity >= wanted.capacity:
                return
            if not self._session.can(GROW):
                volume.delete(0)
                pool.createXML(self._definition(pool, wanted), 0)
            elif domain is not None and target is not None:
                domain.blockResize(target, wanted.capacity, libvirt.VIR_DOMAIN_BLOCK_RESIZE_BYTES)
            else:
                volume.resize(wanted.capacity, 0)

    def delete(self, pool_id: str, name: str) -> None:
        """Delete the file, and its marker where its copy was cut short; the marker's name means both, too."""
        with self._session.about(f"volume '{name}'"):
            if self._pools.find(pool_id) is None:
                return
        pool = self._pools.get(pool_id)
        with self._session.about(f"volume '{name}'"):
            if not name.endswith(MARK):
                delete_if_there(pool, name)
                delete_if_there(pool, marker_of(name))
            elif find_volume(pool, name) is not None:
                delete_if_there(pool, name.removesuffix(MARK))
                delete_if_there(pool, name)

    def _definition(self, pool: t.Any, wanted: VolumeWanted) -> str:
        if wanted.base is None:
            return pool_xml.build_volume(wanted.name, wanted.format, wanted.capacity or 0)
        base = pool.storageVolLookupByName(wanted.base)
        # A disk that is smaller than its base would lose the end of it.
        capacity = max(wanted.capacity or 0, base.info()[_CAPACITY])
        backing = pool_xml.Backing(base.path(), wanted.base_format)
        return pool_xml.build_volume(wanted.name, wanted.format, capacity, backing)
