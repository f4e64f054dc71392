# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Domains of a host in memory."""

from __future__ import annotations

import dataclasses as dc
import os
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Access,
    Card,
    Configuration,
    Disk,
    DomainSeen,
    DomainShape,
    Memory,
    Ran,
)
from support.model_networks import ModelNetworks
from support.model_state import Unsafe, step
from support.model_storage import ModelStorage


class ModelDomains(ModelStorage, ModelNetworks):
    """The verbs of the port about domains, which need files, networks and filters."""

    def _domain(self, ident: str) -> tuple[DomainSeen, DomainShape]:
        if ident not in self.domains:
            raise DriverError(f"there is no domain {ident}")
        seen = self.domains[ident]
        if not seen.owned or seen.shape is None:
            raise Unsafe(f"domain {ident} is foreign")
        return seen, seen.shape

    def _check_disk(self, ident: str, disk: Disk) -> None:
        if disk.volume not in self.directory(disk.pool):
            raise DriverError(f"there is no volume {disk.volume}")
        others = [user for user, other in self.open_disks() if other.volume == disk.volume and user != ident]
        if others and disk.device == "disk" and not disk.fixed:
            raise DriverError(f"volume {disk.volume} is locked by domain {others[0]}")

    @step
    def define_domain(self, shape: DomainShape) -> None:
        if shape.id in self.domains:
            seen, _have = self._domain(shape.id)
            self.domains[shape.id] = dc.replace(seen, shape=shape, name=shape.name)
            return
        if any(one.name == shape.name for one in self.domains.values()):
            raise DriverError(f"domain {shape.name} exists already with another id")
        self.domains[shape.id] = DomainSeen(shape.id, shape.name, owned=True, active=False, shape=shape)

    @step
    def start_domain(self, domain_id: str) -> None:
        self._start(domain_id)

    def _start(self, domain_id: str) -> None:
        seen, shape = self._domain(domain_id)
        if seen.active:
            return
        for disk in shape.disks:
            if disk.volume:
                self._check_disk(domain_id, disk)
        for card in shape.cards:
            if not any(one.active and one.shape.name == card.network for one in self.networks.values()):
                raise DriverError(f"network {card.network} is not active")
            self.check_card(card)
        self._run(seen, shape)

    def _run(self, seen: DomainSeen, live: DomainShape) -> None:
        lacking = self.half & {disk.volume for disk in live.disks}
        if lacking:
            raise Unsafe(f"{seen.id} is started without what was on {lacking}")
        self.domains[seen.id] = dc.replace(seen, active=True, live=live, paused=False, configured="")
        self.used |= {disk.volume for disk in live.disks if disk.device == "disk"}
        # cloud-init brings the keys of the seed when a root volume is started from for the first time.
        self.guests.setdefault(live.disks[0].volume, (frozenset(live.keys), 0))

    @step
    def restore_domain(self, shape: DomainShape, memory: Memory) -> dict[str, t.Any]:
        seen, _shape = self._domain(shape.id)
        told = {"memory_number": memory.number}
        if memory.name not in self.directory(memory.pool):
            raise DriverError(f"there is no memory {memory.name}")
        if seen.live is not None and seen.live.disks[0] == shape.disks[0]:
            return told
        seen = self.domains[shape.id] = dc.replace(seen, active=False, live=None, paused=False)
        if shape.disks[0].volume in self.used:
            raise Unsafe(f"memory is put over {shape.disks[0].volume}, with which a guest has run")
        for disk in shape.disks:
            if disk.volume:
                self._check_disk(shape.id, disk)
        self._run(seen, shape)
        return told

    @step
    def resume_domain(self, domain_id: str) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, paused=False)

    @step
    def stop_domain(self, domain_id: str, timeout: int) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, active=False, live=None, paused=False)

    @step
    def reboot_domain(self, domain_id: str, timeout: int) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, active=False, live=None, paused=False)
        self._start(domain_id)

    @step
    def undefine_domain(self, domain_id: str) -> None:
        if domain_id in self.domains:
            self._domain(domain_id)
            del self.domains[domain_id]

    @step
    def retitle_domain(self, shape: DomainShape) -> None:
        seen, have = self._domain(shape.id)

        def told(old: DomainShape) -> DomainShape:
            return dc.replace(old, title=shape.title, document=shape.document)

        self.domains[shape.id] = dc.replace(seen, shape=told(have), live=told(seen.live) if seen.live else None)

    @step
    def scale_domain(self, domain_id: str, vcpus: int, memory: int) -> None:
        seen, shape = self._domain(domain_id)

        def scaled(old: DomainShape) -> DomainShape:
            most = max(old.most_vcpus, old.vcpus), max(old.most_memory, old.memory)
            if vcpus > most[0] or memory > most[1]:
                raise DriverError(f"domain {domain_id} cannot have more than {most}")
            cpus, mib = most[0] * (most[0] > vcpus), most[1] * (most[1] > memory)
            return dc.replace(old, vcpus=vcpus, memory=memory, most_vcpus=cpus, most_memory=mib)

        self.domains[domain_id] = dc.replace(seen, shape=scaled(shape), live=scaled(seen.live) if seen.live else None)

    @step
    def attach_disk(self, domain_id: str, disk: Disk) -> None:
        seen, shape = self._domain(domain_id)
        if seen.live:
            self._check_disk(domain_id, disk)
        live = _plugged(seen.live, disk) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=_plugged(shape, disk), live=live)

    @step
    def detach_disk(self, domain_id: str, disk: Disk) -> None:
        if disk.target == "vda":
            raise Unsafe(f"the root volume of {domain_id} is unplugged")
        seen, shape = self._domain(domain_id)
        live = _unplugged(seen.live, disk) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=_unplugged(shape, disk), live=live)

    @step
    def change_media(self, domain_id: str, drive: Disk) -> None:
        seen, shape = self._domain(domain_id)
        if drive.volume:
            self._check_disk(domain_id, drive)

        def changed(old: DomainShape) -> DomainShape:
            if not any(disk.target == drive.target and disk.device == "cdrom" for disk in old.disks):
                raise DriverError(f"domain {domain_id} has no drive {drive.target}")
            return dc.replace(old, disks=tuple(drive if disk.target == drive.target else disk for disk in old.disks))

        live = changed(seen.live) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=changed(shape), live=live)

    @step
    def filter_card(self, domain_id: str, card: Card) -> None:
        seen, shape = self._domain(domain_id)
        self.check_card(card)

        def under(old: DomainShape) -> DomainShape:
            same = (card.mac, card.network)
            return dc.replace(old, cards=tuple(card if (o.mac, o.network) == same else o for o in old.cards))

        live = under(seen.live) if seen.live else None
        self.domains[domain_id] = dc.replace(seen, shape=under(shape), live=live)

    @step
    def configure_router(self, domain_id: str, configuration: Configuration, timeout: int) -> None:
        seen, _shape = self._domain(domain_id)
        if not seen.active:
            raise DriverError(f"the agent of {domain_id} does not answer")
        self.domains[domain_id] = dc.replace(seen, configured=configuration.digest)
        self.configurations[domain_id] = configuration

    @step
    def let_in(self, shape: DomainShape, access: Access, keys: t.Sequence[str], timeout: int) -> None:
        seen, have = self._domain(shape.id)
        if not seen.active:
            raise DriverError(f"the agent of {shape.id} does not answer")
        root = (seen.live or have).disks[0].volume
        known, number = self.guests[root]
        number = shape.password if access.password is not None else number
        self.guests[root] = (known - {*keys} | {*shape.keys}, number)

        def told(old: DomainShape) -> DomainShape:
            return dc.replace(old, document=shape.document, keys=shape.keys, password=shape.password)

        self.domains[shape.id] = dc.replace(seen, shape=told(have), live=told(seen.live) if seen.live else None)

    @step
    def autostart_domain(self, domain_id: str, wanted: bool) -> None:
        seen, _shape = self._domain(domain_id)
        self.domains[domain_id] = dc.replace(seen, autostart=wanted)

    def run_in_guest(self, domain_id: str, argv: t.Sequence[str], given: bytes, timeout: int) -> Ran:
        """Says what it was given, after what it was to run."""
        self._domain(domain_id)
        return Ran(1 if argv[0] == "false" else 0, b" ".join(word.encode() for word in argv), given)

    def console(self, domain_id: str, source: int, sink: int, leave: bytes) -> None:
        """Prints who is there."""
        os.write(sink, f"{self._domain(domain_id)[1].name} login: ".encode())


def _plugged(shape: DomainShape, disk: Disk) -> DomainShape:
    if disk in shape.disks:
        return shape
    if any(other.target == disk.target for other in shape.disks):
        raise DriverError(f"target {disk.target} already exists")
    disks = sorted((*shape.disks, disk), key=lambda one: (one.device != "disk", one.target))
    return dc.replace(shape, disks=tuple(disks))


def _unplugged(shape: DomainShape, disk: Disk) -> DomainShape:
    return dc.replace(shape, disks=tuple(one for one in shape.disks if one != disk))
