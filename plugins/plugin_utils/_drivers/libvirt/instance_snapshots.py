# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Instance snapshots: all disks of a guest at one moment, with its memory or without, and guests that go on from it.

With memory the guest stands still until its disks are copied and its memory is written: both are of one moment. libvirt
writes the memory as an external snapshot without disks, which leaves nothing behind but the file:
https://libvirt.org/formatsnapshot.html. It comes last, because QEMU then holds the disks as if the guest had moved away
until it goes on; a copy that begins meanwhile hangs or makes QEMU crash.
"""

from __future__ import annotations

import contextlib
import typing as t
import xml.etree.ElementTree as ET

import libvirt

from ..._core.world import Disk, DomainShape, InstanceSnapshotWanted, Memory
from . import backup, carried, domain_xml, pool_xml
from .domains import Domains
from .pools import Pools, file_path
from .session import RUN, Session
from .volumes import all_whole, clone


class InstanceSnapshots:
    """The instance snapshot verbs of the port."""

    def __init__(self, session: Session, pools: Pools, domains: Domains) -> None:
        self._session, self._pools, self._domains = session, pools, domains

    def take(self, snapshot: InstanceSnapshotWanted) -> dict[str, t.Any]:
        told: dict[str, t.Any] = {"taken": True}
        domain = self._domains.running(snapshot.domain) if self._session.can(RUN) else None
        files = [(self._pools.get(pool), name) for pool, name in snapshot.files]

        def make() -> None:
            for pool, _name in files:
                pool.refresh(0)
            told["quiesced"] = self._at_rest(snapshot) if domain is None else self._live(snapshot, domain)
            for pool, _name in files:
                pool.refresh(0)

        with self._session.about(f"instance snapshot of domain {snapshot.domain}"):
            if domain is not None:
                for pool, name in files:
                    backup.abort_ours(domain, file_path(pool, name))
            all_whole(files, make)
        return told

    def restore(self, shape: DomainShape, memory: Memory) -> dict[str, t.Any]:
        told = {"memory_number": memory.number}
        if not self._session.can(RUN):
            self._simulate(shape)
            return told
        path = file_path(self._pools.get(memory.pool), memory.name)
        with self._session.about(f"domain '{shape.name}', memory"):
            domain = self._domains.running(shape.id)
            if domain is not None and _root(domain_xml.read(domain.XMLDesc(0))) == _root(shape):
                return told
            # Before the guest is switched off: a file that cannot be read leaves it running.
            saved = self._session.connection.saveImageGetXMLDesc(path, libvirt.VIR_DOMAIN_SAVE_IMAGE_XML_SECURE)
            if domain is not None:
                domain.destroy()
            self._session.connection.restoreFlags(path, _onto(saved, shape), libvirt.VIR_DOMAIN_SAVE_RUNNING)
        return told

    def _at_rest(self, snapshot: InstanceSnapshotWanted) -> bool:
        """Nobody writes to the disks. A simulated guest has a memory of nothing."""
        if snapshot.memory is not None:
            if self._session.can(RUN):
                raise self._session.error(f"domain {snapshot.domain}", "it does not run; start it, and apply again")
            pool = self._pools.get(snapshot.memory.pool)
            pool.createXML(pool_xml.build_volume(snapshot.memory.name, "raw", 0), 0)
        for disk in snapshot.disks:
            clone(self._pools.get(disk.pool), str(disk.volume), disk.name)
        return True

    def _live(self, snapshot: InstanceSnapshotWanted, domain: t.Any) -> bool:
        shape = domain_xml.read(domain.XMLDesc(0))
        plugged = {disk.volume: disk.target for disk in shape.disks} if shape else {}
        targets: dict[str, str] = {}
        for disk in snapshot.disks:
            if disk.volume in plugged:
                targets[plugged[disk.volume]] = file_path(self._pools.get(disk.pool), disk.name)
            else:
                clone(self._pools.get(disk.pool), str(disk.volume), disk.name)
        if snapshot.memory is not None:
            self._with_memory(domain, targets, snapshot.memory)
            return True
        with backup.quiesced(domain) as held:
            backup.begin(domain, targets)
        backup.finish(self._session, domain, targets)
        return held

    def _with_memory(self, domain: t.Any, targets: backup.Targets, memory: Memory) -> None:
        path = file_path(self._pools.get(memory.pool), memory.name)
        with _standing_still(domain):
            backup.begin(domain, targets)
            backup.finish(self._session, domain, targets)
            domain.snapshotCreateXML(_memory_xml(domain, path), libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA)
            if domain.state()[0] != libvirt.VIR_DOMAIN_PAUSED:
                problem = "somebody had its guest go on while the snapshot was taken; apply it again"
                raise self._session.error(f"domain '{domain.name()}'", problem)

    def _simulate(self, shape: DomainShape) -> None:
        """A simulated guest that is started is as good as one that goes on."""
        domain = self._domains.running(shape.id)
        if domain is None or _root(domain_xml.read(domain.XMLDesc(0))) != _root(shape):
            if domain is not None:
                domain.destroy()
            self._domains.define(shape)
            self._domains.start(shape.id)


@contextlib.contextmanager
def _standing_still(domain: t.Any) -> t.Iterator[None]:
    """One that a run which was killed left standing still goes on before, so that its disks are its own again."""
    if domain.state()[0] == libvirt.VIR_DOMAIN_PAUSED:
        domain.resume()
    domain.suspend()
    try:
        yield
    finally:
        if domain.state()[0] == libvirt.VIR_DOMAIN_PAUSED:
            domain.resume()


def _memory_xml(domain: t.Any, path: str) -> str:
    root = ET.Element("domainsnapshot")
    ET.SubElement(root, "memory", snapshot="external", file=path)
    disks = ET.SubElement(root, "disks")
    for target in ET.fromstring(domain.XMLDesc(0)).iterfind("devices/disk/target"):
        ET.SubElement(disks, "disk", name=target.get("dev", ""), snapshot="no")
    return ET.tostring(root, encoding="unicode")


def _onto(saved: str, shape: DomainShape) -> str:
    """The machine that the memory knows, with the disks and filters of ``shape``, and carrying what that carries."""
    root, wanted = ET.fromstring(saved), {disk.target: disk for disk in shape.disks}
    for device in root.iterfind("devices/disk"):
        target = device.find("target")
        disk = wanted.get(target.get("dev", "") if target is not None else "")
        if disk is not None:
            _put(device, disk)
    cards = {card.mac: card for card in shape.cards}
    for device in root.iterfind("devices/interface"):
        mac = device.find("mac")
        card = cards.get(mac.get("address", "").lower() if mac is not None else "")
        if card is not None:
            domain_xml.put_filter(device, card)
    metadata = root.find("metadata")
    if metadata is not None:
        root.remove(metadata)
    carried.add(root, shape.document, **domain_xml.told(shape))
    title = root.find("title")
    if title is not None:
        root.remove(title)
    if shape.title:
        ET.SubElement(root, "title").text = shape.title
    return ET.tostring(root, encoding="unicode")


def _put(device: ET.Element, disk: Disk) -> None:
    for tag in ("source", "backingStore", "mirror"):
        for old in device.findall(tag):
            device.remove(old)
    device.set("type", "volume" if disk.volume else "file")
    driver = device.find("driver")
    if driver is not None:
        driver.set("type", disk.format)
    if disk.volume:
        ET.SubElement(device, "source", pool=disk.pool, volume=disk.volume)


def _root(shape: DomainShape | None) -> str | None:
    return next((disk.volume for disk in shape.disks if disk.target == "vda"), None) if shape else None
