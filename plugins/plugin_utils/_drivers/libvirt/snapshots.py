# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Volume snapshots: whole copies of a volume, taken under a running guest, and read by this machine.

https://libvirt.org/formatbackup.html (push mode)
"""

from __future__ import annotations

import contextlib
import os.path
import time
import typing as t
import xml.etree.ElementTree as ET

import libvirt

from ..._core.world import SnapshotWanted
from . import pool_xml
from .pools import Pools
from .session import RUN, UPLOAD, Session
from .volumes import clone, delete_if_there, whole

_POLL = 0.1
_AGENT_TIMEOUT = 10  # seconds for one answer of the guest's agent
_CAPACITY = 1  # in the list that virStorageVolGetInfo gives
_CHUNK = 240 * 1024
_NO_AGENT = (
    libvirt.VIR_ERR_AGENT_UNRESPONSIVE,
    libvirt.VIR_ERR_AGENT_UNSYNCED,
    libvirt.VIR_ERR_OPERATION_UNSUPPORTED,
    libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED,
    libvirt.VIR_ERR_INTERNAL_ERROR,
)


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
                path = os.path.join(pool_xml.read(pool.XMLDesc(0)).path, snapshot.name)
                _abort_ours(domain, path)
                pool.refresh(0)
                delete_if_there(pool, snapshot.name)
                told["quiesced"] = self._back_up(domain, target, path)
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
                while piece := stream.recv(_CHUNK):
                    sink(piece)
                stream.finish()
            except BaseException:
                with contextlib.suppress(libvirt.libvirtError):
                    stream.abort()
                raise

    def _back_up(self, domain: t.Any, target: str, path: str) -> bool:
        frozen = _freeze(domain)
        try:
            # The copy is of this moment, however long it takes.
            domain.backupBegin(_backup_xml(domain, target, path), None, 0)
        finally:
            if frozen:
                domain.fsThaw()
        try:
            while domain.jobStats()["type"] != libvirt.VIR_DOMAIN_JOB_NONE:
                time.sleep(_POLL)
        except BaseException:
            _abort_ours(domain, path)
            raise
        ended = domain.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
        if not ended.get("success", ended.get("type") == libvirt.VIR_DOMAIN_JOB_COMPLETED):
            problem = ended.get("errmsg") or "the copy was broken off"
            raise self._session.error(f"volume snapshot '{os.path.basename(path)}'", f"{problem}; apply it again")
        return frozen


def _backup_xml(domain: t.Any, target: str, path: str) -> str:
    root = ET.Element("domainbackup", mode="push")
    disks = ET.SubElement(root, "disks")
    for disk in ET.fromstring(domain.XMLDesc(0)).iterfind("devices/disk/target"):
        name = disk.get("dev", "")
        if name != target:
            ET.SubElement(disks, "disk", name=name, backup="no")
            continue
        wanted = ET.SubElement(disks, "disk", name=name, backup="yes", type="file")
        ET.SubElement(wanted, "driver", type="qcow2")
        ET.SubElement(wanted, "target", file=path)
    return ET.tostring(root, encoding="unicode")


def _freeze(domain: t.Any) -> bool:
    """Hold the guest's file systems still; False where its agent does not answer."""
    try:
        domain.agentSetResponseTimeout(_AGENT_TIMEOUT)
        # What a run that was killed left frozen.
        domain.fsThaw()
        domain.fsFreeze()
    except libvirt.libvirtError as error:
        if error.get_error_code() in _NO_AGENT:
            with contextlib.suppress(libvirt.libvirtError):
                domain.fsThaw()
            return False
        raise
    return True


def _abort_ours(domain: t.Any, path: str) -> None:
    """Break off the copy to ``path`` that a run which was killed left going on."""
    try:
        if path not in domain.backupGetXMLDesc(0):
            return
        domain.abortJob()
    except libvirt.libvirtError as error:
        # There is none, or it has come to its end just now.
        if error.get_error_code() not in (libvirt.VIR_ERR_NO_DOMAIN_BACKUP, libvirt.VIR_ERR_OPERATION_INVALID):
            raise
        return
    while domain.jobStats()["type"] != libvirt.VIR_DOMAIN_JOB_NONE:
        time.sleep(_POLL)
