# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Copies of the disks of a running guest, all as they were at the moment when the copy began.

https://libvirt.org/formatbackup.html (push mode)
"""

from __future__ import annotations

import contextlib
import os.path
import time
import typing as t
import xml.etree.ElementTree as ET

import libvirt

from .session import Session

Targets = t.Mapping[str, str]  # the file that each disk, by its target, is copied to

_POLL = 0.1
_STALLED = 120  # seconds in which nothing is copied
_AGENT_TIMEOUT = 10  # seconds for one answer of the guest's agent
_NO_AGENT = (
    libvirt.VIR_ERR_AGENT_UNRESPONSIVE,
    libvirt.VIR_ERR_AGENT_UNSYNCED,
    libvirt.VIR_ERR_OPERATION_UNSUPPORTED,
    libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED,
    libvirt.VIR_ERR_INTERNAL_ERROR,
)


def begin(domain: t.Any, targets: Targets) -> None:
    """From now on the copies are of this moment, however long they take."""
    domain.backupBegin(describe(domain, targets), None, 0)


def finish(session: Session, domain: t.Any, targets: Targets) -> None:
    """Wait until the copies are complete. Raises DriverError where they are not to be."""
    try:
        _wait(session, domain, targets)
    except BaseException:
        for path in targets.values():
            abort_ours(domain, path)
        raise
    ended = domain.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
    if not ended.get("success", ended.get("type") == libvirt.VIR_DOMAIN_JOB_COMPLETED):
        problem = ended.get("errmsg") or "the copy was broken off"
        raise session.error(_named(targets), f"{problem}; apply it again")


def _wait(session: Session, domain: t.Any, targets: Targets) -> None:
    """A job that makes no headway is not waited for: its guest may be standing still."""
    copied, since = -1, time.monotonic()
    while (job := domain.jobStats())["type"] != libvirt.VIR_DOMAIN_JOB_NONE:
        if job.get("disk_processed", 0) != copied:
            copied, since = job.get("disk_processed", 0), time.monotonic()
        elif time.monotonic() - since > _STALLED:
            raise session.error(_named(targets), "the copy makes no headway; look at the host's disks, apply it again")
        time.sleep(_POLL)


def _named(targets: Targets) -> str:
    return f"volume snapshot '{', '.join(os.path.basename(path) for path in targets.values())}'"


def describe(domain: t.Any, targets: Targets) -> str:
    root = ET.Element("domainbackup", mode="push")
    disks = ET.SubElement(root, "disks")
    for disk in ET.fromstring(domain.XMLDesc(0)).iterfind("devices/disk/target"):
        name = disk.get("dev", "")
        if name not in targets:
            ET.SubElement(disks, "disk", name=name, backup="no")
            continue
        wanted = ET.SubElement(disks, "disk", name=name, backup="yes", type="file")
        ET.SubElement(wanted, "driver", type="qcow2")
        ET.SubElement(wanted, "target", file=targets[name])
    return ET.tostring(root, encoding="unicode")


@contextlib.contextmanager
def quiesced(domain: t.Any) -> t.Iterator[bool]:
    """Hold the guest's file systems still; False where its agent does not answer."""
    frozen = _freeze(domain)
    try:
        yield frozen
    finally:
        if frozen:
            domain.fsThaw()


def _freeze(domain: t.Any) -> bool:
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


def abort_ours(domain: t.Any, path: str) -> None:
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
