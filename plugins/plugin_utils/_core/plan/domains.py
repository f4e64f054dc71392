# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Domains: their definition, disks and power."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ....module_utils._schema.field import Impact
from ..world import Disk, DomainSeen, DomainShape, DomainWanted, HostSeen, HostWanted
from .steps import Part, Plan

# What a guest must be restarted for, and what a redefinition mends.
_SHAPE_FIELDS = ("vcpus", "memory", "virt_type", "cpu_model", "cards", "root", "seed", "drives")
_ROOT, _SEED, _DRIVE = "vda", "hda", "hdc"


class Domains(Part):
    """Plans domains."""

    def __init__(self, wanted: HostWanted, seen: HostSeen, plan: Plan) -> None:
        super().__init__(wanted, seen, plan)
        self._halted: set[str] = set()

    def resume(self) -> None:
        """Guests that stand still, before anything is done to their disks."""
        for domain in self.wanted.domains:
            seen = self.seen.domains.get(domain.shape.id)
            if seen is not None and seen.owned and seen.paused and domain.power == "Running":
                self.add(seen.id, "resume_domain", seen.id, field="power", before="Paused", after="Running")

    def unplug(self) -> None:
        """Of all domains first: a volume may move from one to another, and only one can have it open."""
        for domain in self.wanted.domains:
            self._unplug(domain)

    def domains(self) -> None:
        for domain in self.wanted.domains:
            self._domain(domain)

    def gone_domains(self) -> None:
        for ident in self.wanted.gone_domains:
            if ident in self.seen.domains and self.seen.domains[ident].owned:
                self.add(ident, "undefine_domain", ident, field="domain", before="defined", after="absent")

    def strays(self) -> None:
        """Domains with our metadata that the database does not know are named and left alone."""
        known = {domain.shape.id for domain in self.wanted.domains} | set(self.wanted.gone_domains)
        for ident in sorted(set(self.seen.domains) - known):
            if self.seen.domains[ident].owned:
                self.plan.warn(
                    "", f"domain '{self.seen.domains[ident].name}' is not of this database and is left alone"
                )

    def _domain(self, wanted: DomainWanted) -> None:
        shape, seen = wanted.shape, self.seen.domains.get(wanted.shape.id)
        if seen is not None and not seen.owned:
            self.plan.warn(shape.id, f"domain '{seen.name}' has its id but not its metadata, and is left alone")
            return
        alike = seen is not None and seen.shape == shape and seen.live in (None, shape)
        if seen is None:
            self.add(shape.id, "define_domain", _as_kept(wanted), field="domain", before="absent", after="defined")
        elif seen.shape is not None and not alike:
            self._go_on(wanted, seen)
            self._mend(wanted, seen, seen.shape)
        # A machine that a task stopped stays so when its host starts again.
        wants, has = wanted.power == "Running", seen is not None and seen.autostart
        if wants != has:
            self.add(shape.id, "autostart_domain", shape.id, wants, field="autostart", before=has, after=wants)
        self._power(wanted, seen)
        self._configure(wanted, seen)
        if not alike:
            self._let_in(wanted, seen.shape if seen is not None and seen.shape is not None else _as_kept(wanted))

    def _configure(self, wanted: DomainWanted, seen: DomainSeen | None) -> None:
        """Give a router what it is to do, where it does not run with that already."""
        new = wanted.configuration
        if new is None or wanted.power != "Running":
            return
        old = seen.configured if seen is not None and seen.active and not self._restarts(wanted, seen) else ""
        if old != new.digest:
            before, after = "outdated" if old else "none", "as described"
            args = (wanted.shape.id, new)
            self.add(wanted.shape.id, "configure_router", *args, field="configuration", before=before, after=after)

    def _go_on(self, wanted: DomainWanted, seen: DomainSeen) -> None:
        """Before anything else about the machine: until it is defined with the other root volume, this is to come."""
        if self._goes_on(wanted, seen):
            before = "Running" if seen.active else "Stopped"
            args = (wanted.shape, wanted.memory)
            self.add(wanted.shape.id, "restore_domain", *args, field="memory", before=before, after="as it was")
        elif wanted.memory is not None and self._is_new_root(wanted, seen) and wanted.power == "Running":
            self.plan.warn(wanted.shape.id, "the memory that it is to go on from is gone; its guest starts anew")

    def _goes_on(self, wanted: DomainWanted, seen: DomainSeen) -> bool:
        """Whether the guest is to go on from memory: only on a root volume that it was never started from."""
        memory = wanted.memory
        if memory is None or wanted.power != "Running" or not self._is_new_root(wanted, seen):
            return False
        pool = self.seen.pools.get(memory.pool)
        return memory.promised or (pool is not None and memory.name in pool.volumes)

    @staticmethod
    def _is_new_root(wanted: DomainWanted, seen: DomainSeen) -> bool:
        known = {_value(one, "root") for one in (seen.shape, seen.live) if one is not None}
        return _value(wanted.shape, "root") not in known

    def _mend(self, wanted: DomainWanted, seen: DomainSeen, have: DomainShape) -> None:
        shape, differs = _as_told(wanted, have), False
        impact = Impact.RESTART if self._restarts(wanted, seen) else Impact.NONE
        for name in _SHAPE_FIELDS:
            before, after = _value(have, name), _value(shape, name)
            if before != after:
                self.add(shape.id, "define_domain", shape, field=name, before=before, after=after, impact=impact)
                differs = True
        if not differs:
            self._retitle(shape, have)
        if not differs:
            self._scale(shape, have, seen.live if self._stays(wanted, seen) else None)
        defined, live = shape if differs else have, seen.live if self._stays(wanted, seen) else None
        self._plug_in(shape, defined, live)
        self._change_media(shape, defined, live)
        self._filter(shape, defined, live)

    def _scale(self, shape: DomainShape, have: DomainShape, live: DomainShape | None) -> None:
        """Change the size within what the machine can have. A guest takes its time to give memory back, so that what
        it has by now is not looked at."""
        sides = [side for side in (have, live) if side and side.vcpus != shape.vcpus]
        sides += [have] if have.memory != shape.memory else []
        for side in [one for one in sides if all(_value(one, n) == _value(shape, n) for n in ("vcpus", "memory"))][:1]:
            before, after = f"{side.vcpus} CPUs, {side.memory} MiB", f"{shape.vcpus} CPUs, {shape.memory} MiB"
            impact = Impact.LIVE if live else Impact.NONE
            args = (shape.id, shape.vcpus, shape.memory)
            self.add(shape.id, "scale_domain", *args, field="size", before=before, after=after, impact=impact)

    def _retitle(self, shape: DomainShape, have: DomainShape) -> None:
        for name in ("title", "document"):
            if getattr(have, name) != getattr(shape, name):
                before, after = (have.title, shape.title) if name == "title" else ("outdated", "as described")
                self.add(shape.id, "retitle_domain", shape, field=name, before=before, after=after)

    def _unplug(self, wanted: DomainWanted) -> None:
        """Unplug data disks that are too many, where the guest runs and in its definition."""
        seen = self.seen.domains.get(wanted.shape.id)
        if seen is None or not seen.owned or seen.shape is None or self._goes_on(wanted, seen):
            return
        there = {*_plugged(seen.shape), *(_plugged(seen.live) if seen.live else ())}
        ident, gone = wanted.shape.id, sorted(there - set(_plugged(wanted.shape)), key=lambda d: d.target)
        if gone and self._restarts(wanted, seen):
            # It is restarted anyway, and would not let go of a disk that it has mounted.
            self.add(ident, "stop_domain", ident, field="power", before="Running", after="restarted")
            self._halted.add(ident)
        for disk in gone:
            self.add(ident, "detach_disk", ident, disk, field="disks", before=disk.target, after="absent")

    def _plug_in(self, shape: DomainShape, defined: DomainShape, live: DomainShape | None) -> None:
        """Plug in data disks that are missing, where the guest runs and in its definition."""
        there = set(_plugged(defined)) & set(_plugged(live or defined))
        for disk in sorted(set(_plugged(shape)) - there, key=lambda d: d.target):
            self.add(shape.id, "attach_disk", shape.id, disk, field="disks", before="absent", after=disk.target)

    def _change_media(self, shape: DomainShape, defined: DomainShape, live: DomainShape | None) -> None:
        """Change the CD in the drive; a guest that runs without a drive gets one when it is restarted."""
        wants, there = _at(shape, _DRIVE), [_at(one, _DRIVE) for one in (defined, live or defined)]
        old = next((drive.volume for drive in there if drive is not None and drive != wants), None)
        if wants is not None and old is not None and None not in there:
            before, after = old or "empty", wants.volume or "empty"
            self.add(shape.id, "change_media", shape.id, wants, field="iso", before=before, after=after)

    def _filter(self, shape: DomainShape, defined: DomainShape, live: DomainShape | None) -> None:
        """Put cards under the filters that are theirs; a card that is to be another one waits for its restart."""
        sides = [{(card.mac, card.network): card for card in side.cards} for side in (defined, live) if side]
        for card in shape.cards:
            there = [side.get((card.mac, card.network), card) for side in sides]
            old = next((one for one in there if one != card), None)
            if old is not None:
                before, after = old.filter or "none", card.filter or "none"
                impact = Impact.LIVE if live else Impact.NONE
                args = (shape.id, card)
                self.add(shape.id, "filter_card", *args, field="filter", before=before, after=after, impact=impact)

    def filters_in_use(self) -> set[str]:
        """Filters that machines are under when the plan is carried out."""
        wanted = {domain.shape.id: domain for domain in self.wanted.domains}
        used = {card.filter for domain in wanted.values() for card in domain.shape.cards}
        for seen in self.seen.domains.values():
            mine = wanted.get(seen.id)
            if seen.id in self.wanted.gone_domains and seen.owned:
                continue
            if mine is None or seen.id in self.plan.refused:
                used |= {card.filter for side in (seen.shape, seen.live) if side for card in side.cards}
            elif seen.live is not None and self._stays(mine, seen):
                kept = {card.mac for card in mine.shape.cards}
                used |= {card.filter for card in seen.live.cards if card.mac not in kept}
        return used

    def _let_in(self, wanted: DomainWanted, have: DomainShape) -> None:
        """Give the guest other keys or another password than it was given so far."""
        shape, told = wanted.shape, _as_told(wanted, have)
        if (told.keys, told.password) == (shape.keys, shape.password):
            return
        if wanted.power != "Running":
            self.plan.warn(shape.id, "its guest gets the changed SSH keys or password when it runs; apply it then")
            return
        keys, again = sorted(set(told.keys) - set(shape.keys)), told.password != shape.password
        access = wanted.access if again else dc.replace(wanted.access, password=None)
        field, before, after = "ssh_keys", " ".join(told.keys), " ".join(shape.keys)
        if told.keys == shape.keys:
            field, before, after = "password", "another", "as described"
        self.add(shape.id, "let_in", shape, access, tuple(keys), field=field, before=before, after=after)

    def _stays(self, wanted: DomainWanted, seen: DomainSeen) -> bool:
        """Whether the guest goes on running as it is."""
        return seen.active and wanted.power == "Running" and not self._restarts(wanted, seen)

    def _restarts(self, wanted: DomainWanted, seen: DomainSeen) -> bool:
        if not seen.active or wanted.power != "Running":
            return False
        # A guest with another root volume is one that was to be restored, in a run that was cut short.
        restored = self._stale(wanted, seen, ("root",))
        return wanted.reboot or restored or (wanted.may_restart and self._stale(wanted, seen))

    @staticmethod
    def _stale(wanted: DomainWanted, seen: DomainSeen, fields: t.Iterable[str] | None = None) -> bool:
        """Whether the guest runs with anything else than what is wanted."""
        names = _SHAPE_FIELDS if fields is None else fields
        return seen.live is not None and any(_value(seen.live, n) != _value(wanted.shape, n) for n in names)

    def _power(self, wanted: DomainWanted, seen: DomainSeen | None) -> None:
        ident, active = wanted.shape.id, seen is not None and seen.active
        if seen is not None and self._goes_on(wanted, seen):
            return
        if wanted.power == "Running" and not active:
            self.add(ident, "start_domain", ident, field="power", before="Stopped", after="Running")
        elif wanted.power == "Stopped" and active:
            self.add(ident, "stop_domain", ident, field="power", before="Running", after="Stopped")
        elif ident in self._halted:
            self.add(ident, "start_domain", ident, field="power", before="Running", after="restarted")
        elif seen is not None and self._restarts(wanted, seen):
            self.add(ident, "reboot_domain", ident, field="power", before="Running", after="restarted")
        elif seen is not None and active and self._stale(wanted, seen):
            self.plan.warn(ident, "it runs with other devices than it is defined with, until it is restarted")


def _as_kept(wanted: DomainWanted) -> DomainShape:
    """A machine whose root volume was not started from: a copy of a snapshot has what the guest had been told by then.

    Of any other one, the seed brings the keys, and no password.
    """
    if wanted.told is not None:
        return dc.replace(wanted.shape, keys=wanted.told.keys, password=wanted.told.password)
    return dc.replace(wanted.shape, password=0)


def _as_told(wanted: DomainWanted, have: DomainShape) -> DomainShape:
    """With what its guest was told so far, which says nothing of a root volume that was made anew."""
    if _value(wanted.shape, "root") != _value(have, "root"):
        return _as_kept(wanted)
    return dc.replace(wanted.shape, keys=have.keys, password=have.password)


def _value(shape: DomainShape, name: str) -> t.Any:
    if name == "vcpus":
        return max(shape.most_vcpus, shape.vcpus)
    if name == "memory":
        return max(shape.most_memory, shape.memory)
    if name == "drives":
        return [disk.target for disk in shape.disks if disk.device == "cdrom"]
    if name in ("root", "seed"):
        disk = _at(shape, _ROOT if name == "root" else _SEED)
        return disk.volume if disk else None
    if name == "cards":
        return [[card.mac, card.network] for card in shape.cards]
    return getattr(shape, name)


def _at(shape: DomainShape, target: str) -> Disk | None:
    return next((disk for disk in shape.disks if disk.target == target), None)


def _plugged(shape: DomainShape) -> tuple[Disk, ...]:
    return tuple(disk for disk in shape.disks if disk.device == "disk" and disk.target != _ROOT)
