# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Domains: definition, power and disks."""

from __future__ import annotations

import dataclasses as dc
import time
import typing as t

import libvirt

from ..._core.world import Card, Disk, DomainShape
from . import carried, domain_xml
from .session import PLUG, Session, found

_POLL = 0.2
_KIBIBYTES = 1024
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

    def resume(self, domain_id: str) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}'"):
            if domain.state()[0] == libvirt.VIR_DOMAIN_PAUSED:
                domain.resume()

    def undefine(self, domain_id: str) -> None:
        with self._session.about(f"domain {domain_id}"):
            domain = self._find(domain_id)
            if domain is not None:
                _pull_the_plug(domain)
                domain.undefineFlags(_UNDEFINE)

    def retitle(self, shape: DomainShape) -> None:
        domain = self.get(shape.id)
        with self._session.about(f"domain '{domain.name()}'"):
            title = libvirt.VIR_DOMAIN_METADATA_TITLE
            domain.setMetadata(title, shape.title or None, None, None, _affected(domain))
            carry(domain, shape)

    def scale(self, domain_id: str, vcpus: int, memory: int) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}', size"):
            if not self._session.can(PLUG):
                self._edit(domain, lambda shape: _scaled(shape, vcpus, memory))
                return
            for where, xml in _sides(domain):
                shape = domain_xml.read(xml)
                assert shape is not None
                if shape.vcpus != vcpus <= max(shape.most_vcpus, shape.vcpus):
                    domain.setVcpusFlags(vcpus, where)
                if shape.memory != memory <= max(shape.most_memory, shape.memory):
                    domain.setMemoryFlags(memory * _KIBIBYTES, where)

    def attach(self, domain_id: str, disk: Disk) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}', disk {disk.target}"):
            if not self._session.can(PLUG):
                self._edit(domain, _disks_by(lambda disks: (*(d for d in disks if d.target != disk.target), disk)))
                return
            for where, xml in _sides(domain):
                if not domain_xml.has(xml, disk):
                    domain.attachDeviceFlags(domain_xml.disk(disk), where)

    def detach(self, domain_id: str, disk: Disk) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}', disk {disk.target}"):
            if not self._session.can(PLUG):
                self._edit(domain, _disks_by(lambda disks: tuple(d for d in disks if d.target != disk.target)))
                return
            for where, xml in _sides(domain):
                if domain_xml.has(xml, disk):
                    domain.detachDeviceFlags(domain_xml.disk(disk), where)
            self._await_unplugged(domain, disk)

    def change_media(self, domain_id: str, drive: Disk) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}', drive {drive.target}"):
            if not self._session.can(PLUG):
                self._edit(
                    domain, _disks_by(lambda disks: tuple(drive if d.target == drive.target else d for d in disks))
                )
                return
            for where, xml in _sides(domain):
                if domain_xml.has(xml, drive):
                    continue
                self._insert(domain, drive, where)

    def _insert(self, domain: t.Any, drive: Disk, where: int) -> None:
        """A guest that looks for CDs just now closes the tray again, and one that has it mounted does not open it."""
        deadline = time.monotonic() + _UNPLUG_TIMEOUT
        while True:
            try:
                domain.updateDeviceFlags(domain_xml.disk(drive), where)
                return
            except libvirt.libvirtError as error:
                if "tray" not in str(error).lower():
                    raise
                if time.monotonic() > deadline:
                    problem = "the guest holds the CD; unmount it in the guest, or stop the instance"
                    raise self._session.error(f"domain '{domain.name()}'", problem) from error
            time.sleep(_POLL)

    def filter_card(self, domain_id: str, card: Card) -> None:
        domain = self.get(domain_id)
        with self._session.about(f"domain '{domain.name()}', card {card.mac}"):
            if not self._session.can(PLUG):
                self._edit(domain, lambda shape: dc.replace(shape, cards=_with(shape.cards, card)))
                return
            # What runs comes first: a guest that stops meanwhile has its definition changed by the next run.
            for where, xml in _sides(domain):
                changed = domain_xml.filtered_card(xml, card)
                if changed is not None:
                    domain.updateDeviceFlags(changed, where)

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
        if domain is not None and not self._is_ours(domain):
            raise self._session.error(f"domain '{domain.name()}'", _NOT_OURS)
        return domain

    @staticmethod
    def _is_ours(domain: t.Any) -> bool:
        """By its metadata alone: its whole definition takes longer to write and to read than most calls."""
        kind = libvirt.VIR_DOMAIN_METADATA_ELEMENT
        told = found(lambda uri: domain.metadata(kind, uri), carried.NAMESPACE, libvirt.VIR_ERR_NO_DOMAIN_METADATA)
        return told is not None and carried.is_element(told)

    def _refuse_namesake(self, name: str, what: str) -> None:
        if found(self._session.connection.lookupByName, name, libvirt.VIR_ERR_NO_DOMAIN) is not None:
            raise self._session.error(what, f"a domain of that name is there: {_NOT_OURS}")

    def _edit(self, domain: t.Any, change: t.Callable[[DomainShape], DomainShape]) -> None:
        """Change the definition; a simulated guest that runs is started again with them."""
        shape = domain_xml.read(_definition(domain))
        assert shape is not None
        active = bool(domain.isActive())
        if active:
            domain.destroy()
        self._session.connection.defineXML(domain_xml.build(change(shape)))
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
        while domain.isActive() and domain_xml.has(domain.XMLDesc(0), disk):
            if time.monotonic() > deadline:
                raise self._session.error(
                    f"domain '{domain.name()}'",
                    f"the guest does not let go of disk {disk.target}; unmount it in the guest, or stop the instance",
                )
            time.sleep(_POLL)


def carry(domain: t.Any, shape: DomainShape) -> None:
    """Set what the domain carries, in its definition and the running guest."""
    kind, text = libvirt.VIR_DOMAIN_METADATA_ELEMENT, domain_xml.metadata(shape)
    domain.setMetadata(kind, text, carried.PREFIX, carried.NAMESPACE, _affected(domain))


def _scaled(shape: DomainShape, vcpus: int, memory: int) -> DomainShape:
    most_vcpus, most_memory = max(shape.most_vcpus, shape.vcpus), max(shape.most_memory, shape.memory)
    return dc.replace(
        shape,
        vcpus=vcpus,
        memory=memory,
        most_vcpus=most_vcpus if most_vcpus > vcpus else 0,
        most_memory=most_memory if most_memory > memory else 0,
    )


def _disks_by(change: t.Callable[[tuple[Disk, ...]], tuple[Disk, ...]]) -> t.Callable[[DomainShape], DomainShape]:
    return lambda shape: dc.replace(shape, disks=change(shape.disks))


def _with(cards: tuple[Card, ...], card: Card) -> tuple[Card, ...]:
    return tuple(card if one.mac == card.mac else one for one in cards)


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
