# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Directory pools. They have no metadata: one is ours when its UUID is the id that the cloud gave it."""

from __future__ import annotations

import os.path
import typing as t

import libvirt

from ..._core.naming import shared_mark
from ..._core.plan.files import not_mounted
from ..._core.world import PoolShape
from . import pool_xml
from .session import UPLOAD, Session, found, message


class Pools:
    """The pool verbs of the port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, pool_id: str) -> t.Any | None:
        look_up = self._session.connection.storagePoolLookupByUUIDString
        return found(look_up, pool_id, libvirt.VIR_ERR_NO_STORAGE_POOL)

    def get(self, pool_id: str) -> t.Any:
        """The pool. Raises DriverError where there is none or where it is not started."""
        with self._session.about(f"storage pool {pool_id}"):
            pool = self.find(pool_id)
            if pool is not None and pool.isActive():
                return pool
        problem = "it is not there" if pool is None else f"pool '{pool.name()}' is not started"
        raise self._session.error(f"storage pool {pool_id}", f"{problem}; apply its primary storage")

    def define(self, shape: PoolShape, *, first: bool = False) -> None:
        """``first`` says that no host has a shared directory yet, and that this one's is the right one."""
        what = f"storage pool '{shape.name}'"
        with self._session.about(what):
            pool = self.find(shape.id)
            if pool is not None and pool_xml.read(pool.XMLDesc(0)) != shape:
                # A pool cannot be renamed. Guests keep their files open meanwhile.
                self._remove(pool)
                pool = None
            if pool is None:
                self._refuse_namesake(shape, what)
                pool = self._session.connection.storagePoolDefineXML(pool_xml.build(shape), 0)
            if not pool.isActive():
                self._start(pool, shape)
            if shape.shared:
                self._check_shared(pool, shape, first=first)
            if not pool.autostart():
                pool.setAutostart(1)

    def _start(self, pool: t.Any, shape: PoolShape) -> None:
        """Of a directory that is made where it is not there, unless it is one that somebody else has to mount."""
        if not shape.shared or shape.source or not self._session.can(UPLOAD):
            pool.build(0)
        try:
            pool.create(0)
        except libvirt.libvirtError as error:
            if not shape.shared:
                raise
            self._remove(pool)
            remedy = f"{shape.path} is mounted on the host"
            if shape.source:
                remedy = "the host may mount it, and has nfs-common (node_nfs: true of role node)"
            problem = f"{message(error)}; see that {remedy}, and apply again"
            raise self._session.error(f"storage pool '{shape.name}'", problem) from error

    def _check_shared(self, pool: t.Any, shape: PoolShape, *, first: bool) -> None:
        """Whether the directory is the one that all hosts have. A pool on another one is given up.

        Its mark is made by one host alone, so that a host which has none, or never mounted it, is known by that.
        """
        pool.refresh(0)
        if found(pool.storageVolLookupByName, shared_mark(shape.id), libvirt.VIR_ERR_NO_STORAGE_VOL) is not None:
            return
        if first or not self._session.can(UPLOAD):
            pool.createXML(pool_xml.build_volume(shared_mark(shape.id), "raw", 0), 0)
            return
        self._remove(pool)
        raise self._session.error(f"storage pool '{shape.name}'", not_mounted(shape))

    def refresh(self, pool_id: str) -> None:
        """See what other hosts have made of the files."""
        pool = self.get(pool_id)
        with self._session.about(f"storage pool '{pool.name()}'"):
            pool.refresh(0)

    def remove(self, pool_id: str) -> None:
        with self._session.about(f"storage pool {pool_id}"):
            pool = self.find(pool_id)
            if pool is not None:
                self._remove(pool)

    @staticmethod
    def _remove(pool: t.Any) -> None:
        if pool.isActive():
            pool.destroy()
        pool.undefine()

    def _refuse_namesake(self, shape: PoolShape, what: str) -> None:
        look_up = self._session.connection.storagePoolLookupByName
        if found(look_up, shape.name, libvirt.VIR_ERR_NO_STORAGE_POOL) is not None:
            raise self._session.error(
                what, "a pool of that name is there that is not the cloud's; undefine it or name the storage otherwise"
            )
        for other in self._session.connection.listAllStoragePools(0):
            seen = pool_xml.read(other.XMLDesc(0))
            if seen.path.rstrip("/") == shape.path.rstrip("/"):
                raise self._session.error(
                    what, f"pool '{seen.name}' has its directory {shape.path}; undefine that pool or use another path"
                )


def file_path(pool: t.Any, name: str) -> str:
    """Where a file of the pool is on its host."""
    return os.path.join(pool_xml.read(pool.XMLDesc(0)).path, name)
