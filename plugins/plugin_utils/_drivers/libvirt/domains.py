# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Domains: definition, power and disks."""

from __future__ import annotations

import dataclasses as dc
import time
import typing as t

import libvirt

from ..._core.world import Disk, DomainShape
from . import carried, domain_xml
from .session import PLUG, Session, found

_POLL = 0.2
_UNPLUG_TIMEOUT = 10.0
_UNDEFINE = libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
_NOT_OURS = "it is not the cloud's, which leaves it alone; rename or remove it"


class Domains:
    """The domain verbs of the port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def define(self, shape: DomainShape) -> None:
        what = f"domain '{shape.name}'"
        with self._session.about(what):
            domain = self._find(shape.id)
            if domain is None:
                self._refuse_namesake(shape.name, what)
                self._session.connection.defineXML(domain_xml.build(shape))
                return
            current = _definition(domain)
            if domain_xml.read(current) != shape:
                self._session.connection.defineXML(domain_xml.build(shape, current))

    def start(self, domain_id: str) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}'"):
            if not domain.isActive():
                domain.create()

    def stop(self, domain_id: str, timeout: int) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}'"):
            self._stop(domain, timeout)

    def reboot(self, domain_id: str, timeout: int) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}'"):
            self._stop(domain, timeout)
            domain.create()

    def undefine(self, domain_id: str) -> None:
        with self._session.about(f"domain {domain_id}"):
            domain = self._find(domain_id)
            if domain is not None:
                _pull_the_plug(domain)
                domain.undefineFlags(_UNDEFINE)

    def retitle(self, shape: DomainShape) -> None:
        domain = self.get(shape.id)
        with self._session.about(f"domain '{domain.name()}'"):
            where = _affected(domain)
            domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, shape.title or None, None, None, where)
            document = carried.element(shape.document)
            kind = libvirt.VIR_DOMAIN_METADATA_ELEMENT
            domain.setMetadata(kind, document, carried.PREFIX, carried.NAMESPACE, where)

    def attach(self, domain_id: str, disk: Disk) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}', disk {disk.target}"):
            if not self._session.can(PLUG):
                self._edit(domain, lambda disks: (*(d for d in disks if d.target != disk.target), disk))
                return
            for where, xml in _sides(domain):
                if disk not in _disks(xml):
                    domain.attachDeviceFlags(domain_xml.disk(disk), where)

    def detach(self, domain_id: str, disk: Disk) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}', disk {disk.target}"):
            if not self._session.can(PLUG):
                self._edit(domain, lambda disks: tuple(d for d in disks if d.target != disk.target))
                return
            for where, xml in _sides(domain):
                if disk in _disks(xml):
                    domain.detachDeviceFlags(domain_xml.disk(disk), where)
            self._await_unplugged(domain, disk)

    def autostart(self, domain_id: str, wanted: bool) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}'"):
            if bool(domain.autostart()) != wanted:
                domain.setAutostart(int(wanted))

    def get(self, domain_id: str) -> t.Any:
        """The domain, which is ours. Raises DriverError where there is none."""
        with self._session.about(f"domain {domain_id}"):
            domain = self._find(domain_id)
        if domain is None:
            raise self._session.error(f"domain {domain_id}", "it is not there; apply the instance")
        return domain

    def running(self, domain_id: str) -> t.Any | None:
        """The domain, where it is there and runs."""
        with self._session.about(f"domain {domain_id}"):
            domain = self._find(domain_id)
            return domain if domain is not None and domain.isActive() else None

    def _find(self, domain_id: str) -> t.Any | None:
        look_up = self._session.connection.lookupByUUIDString
        domain = found(look_up, domain_id, libvirt.VIR_ERR_NO_DOMAIN)
        if domain is not None and not carried.is_in(domain.XMLDesc(0)):
            raise self._session.error(f"domain '{domain.name()}'", _NOT_OURS)
        return domain

    def _refuse_namesake(self, name: str, what: str) -> None:
        if found(self._session.connection.lookupByName, name, libvirt.VIR_ERR_NO_DOMAIN) is not None:
            raise self._session.error(what, f"a domain of that name is there: {_NOT_OURS}")

    def _edit(self, domain: t.Any, change: t.Callable[[tuple[Disk, ...]], tuple[Disk, ...]]) -> None:
        """Change the disks in the definition; a simulated guest that runs is started again with them."""
        shape = domain_xml.read(_definition(domain))
        assert shape is not None
        active = bool(domain.isActive())
        if active:
            domain.destroy()
        self._session.connection.defineXML(domain_xml.build(dc.replace(shape, disks=change(shape.disks))))
        if active:
            domain.create()

    def _stop(self, domain: t.Any, timeout: int) -> None:
        deadline = time.monotonic() + timeout
        if timeout > 0 and domain.isActive():
            _ask_to_shut_down(domain)
            while domain.isActive() and time.monotonic() < deadline:
                time.sleep(_POLL)
        _pull_the_plug(domain)

    def _await_unplugged(self, domain: t.Any, disk: Disk) -> None:
        """The guest lets go of a disk in its own time; until then it is still plugged."""
        deadline = time.monotonic() + _UNPLUG_TIMEOUT
        while domain.isActive() and disk in _disks(domain.XMLDesc(0)):
            if time.monotonic() > deadline:
                raise self._session.error(
                    f"domain '{domain.name()}'",
                    f"the guest does not let go of disk {disk.target}; unmount it in the guest, or stop the instance",
                )
            time.sleep(_POLL)


def _definition(domain: t.Any) -> str:
    return str(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))


def _sides(domain: t.Any) -> list[tuple[int, str]]:
    """The domain's definition and, where it runs, the running guest, each with the flag that changes it."""
    sides = [(libvirt.VIR_DOMAIN_AFFECT_CONFIG, _definition(domain))]
    if domain.isActive():
        sides.insert(0, (libvirt.VIR_DOMAIN_AFFECT_LIVE, domain.XMLDesc(0)))
    return sides


def _affected(domain: t.Any) -> int:
    where = libvirt.VIR_DOMAIN_AFFECT_CONFIG
    if domain.isActive():
        where |= libvirt.VIR_DOMAIN_AFFECT_LIVE
    return int(where)


def _disks(xml: str) -> tuple[Disk, ...]:
    shape = domain_xml.read(xml)
    return shape.disks if shape else ()


def _ask_to_shut_down(domain: t.Any) -> None:
    try:
        domain.shutdown()
    except libvirt.libvirtError:
        # A guest that is paused or has crashed cannot be asked, and one may have stopped just now.
        return


def _pull_the_plug(domain: t.Any) -> None:
    if not domain.isActive():
        return
    try:
        domain.destroy()
    except libvirt.libvirtError:
        if domain.isActive():
            raise
