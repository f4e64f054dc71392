# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Volume snapshots: whole copies of a volume, taken under a running guest, and read by this machine.

https://libvirt.org/formatbackup.html (push mode)
"""

from __future__ import annotations

import contextlib
import typing as t

import libvirt

from ..._core.world import SnapshotWanted
from . import backup
from .pools import Pools, file_path
from .session import CHUNK, RUN, UPLOAD, Session
from .volumes import clone, delete_if_there, whole


class Snapshots:
    """The snapshot verbs of the port."""

    def __init__(self, session: Session, pools: Pools) -> None:
        self._session, self._pools = session, pools

    def take(self, snapshot: SnapshotWanted, domain: t.Any | None, target: str | None) -> dict[str, t.Any]:
        """Copy the volume; ``domain`` is the running one that has it as ``target``. Says whether it was quiesced."""
        pool, told = self._pools.get(snapshot.pool), {"taken": True}

        def make() -> None:
            if domain is None or target is None or not self._session.can(RUN):
                clone(pool, str(snapshot.volume), snapshot.name)
                told["quiesced"] = True
            else:
                path = file_path(pool, snapshot.name)
                backup.abort_ours(domain, path)
                pool.refresh(0)
                delete_if_there(pool, snapshot.name)
                with backup.quiesced(domain) as held:
                    backup.begin(domain, {target: path})
                told["quiesced"] = held
                backup.finish(self._session, domain, {target: path})
                pool.refresh(0)

        with self._session.about(f"volume snapshot '{snapshot.name}'"):
            whole(pool, snapshot.name, make)
        return told

    def read(self, pool_id: str, name: str, sink: t.Callable[[bytes], None]) -> None:
        """Hand over the file's content piece by piece."""
        pool = self._pools.get(pool_id)
        with self._session.about(f"file '{name}'"):
            volume = pool.storageVolLookupByName(name)
            text = self._session.text(name)
            if text is not None:
                sink(text.encode())
                return
            if not self._session.can(UPLOAD):
                raise self._session.error(f"file '{name}'", "a simulated host has no contents; use a real one")
            stream = self._session.connection.newStream(0)
            volume.download(stream, 0, 0, 0)
            try:
                while piece := stream.recv(CHUNK):
                    sink(piece)
                stream.finish()
            except BaseException:
                with contextlib.suppress(libvirt.libvirtError):
                    stream.abort()
                raise
