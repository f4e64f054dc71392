# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Machines that are on their way from one host to another.

A machine has arrived when its new host has it defined. Until then the truth is on the old one, and whatever the new
one has of it is nothing; from then on it is the other way round. The old host is rid of it only after that. So a run
that is killed anywhere leaves no doubt, and the next one goes on from there.

What a move does is planned here. What is to be done to the new host before and after it, and to the old one after it,
is planned as ever, from what there will be by then: :attr:`Moves.seen`.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ....module_utils._schema.field import Impact
from ..naming import owner_of
from ..world import (
    SHARES,
    Carried,
    DomainSeen,
    DomainShape,
    DomainWanted,
    HostSeen,
    HostWanted,
    Journey,
    PoolSeen,
    PoolShape,
    SeedWanted,
    VolumeSeen,
    VolumeWanted,
)
from .steps import Step

# What is done on the new host for a machine that is to come, so that it is there when the machine comes.
AHEAD = frozenset({"set_lease", "drop_lease", "put_seed"})
_LOST = "the host that it comes from does not answer, and has the only copy; bring that back, or remove the instance"
_LOST_ROUTER = "the host that it comes from does not answer, and it may run there; bring that back, or use force"
_UNDER_WAY = "it is being moved just now; apply again when that has ended"
_TWICE = "it runs where it came from, though it is here already; stop it there by hand, after looking at both"
_CLOSED = "a storage of the host that it comes from was not open; apply again"


@dc.dataclass(frozen=True)
class Move:
    """A machine and the steps that bring it from ``source`` to ``target``, in order."""

    instance: str
    source: str
    target: str
    steps: tuple[Step, ...] = ()


class Moves:
    """The moves of a run, by all that is wanted and seen of hosts.

    ``seen`` is what there is on hosts once the moves are made; ``refused`` are machines that cannot be moved, and are
    left as they are on both hosts, by the host. ``forced`` ones are taken for gone where they come from a host that
    does not answer.
    """

    def __init__(
        self,
        wanted: t.Mapping[str, HostWanted],
        seen: t.Mapping[str, HostSeen],
        forced: t.Container[str] = (),
    ) -> None:
        self.seen = dict(seen)
        self.refused: dict[str, dict[str, tuple[str, str]]] = {}
        self.moves: list[Move] = []
        for target in wanted.values():
            for instance, source in target.arrivals.items():
                if target.id in seen and (source in seen or instance not in forced):
                    self._plan(instance, wanted[source], target, seen)

    def _plan(self, instance: str, source: HostWanted, target: HostWanted, seen: t.Mapping[str, HostSeen]) -> None:
        journey = _Journey(instance, source, target, seen.get(source.id), seen[target.id])
        problem = journey.problem()
        if problem:
            for host in (source.id, target.id):
                self.refused.setdefault(host, {})[instance] = (instance, problem)
            return
        self.moves.append(Move(instance, source.id, target.id, tuple(journey.steps())))
        self.seen[target.id] = journey.arrived(self.seen[target.id])


class _Journey:
    def __init__(
        self, instance: str, source: HostWanted, target: HostWanted, there: HostSeen | None, here: HostSeen
    ) -> None:
        self._instance, self._source, self._target, self._here = instance, source, target, here
        self._there = there or HostSeen(here.node)
        self._lost = there is None
        self._old, self._new = self._there.domains.get(instance), here.domains.get(instance)
        self._wanted = next((one for one in target.domains if one.shape.id == instance), None)

    def problem(self) -> str:
        """Why nothing may be done about it now."""
        old, new = self._old, self._new
        if self._lost:
            return _LOST_ROUTER if self._wanted is not None and self._wanted.configuration is not None else _LOST
        if any(one is not None and not one.owned for one in (old, new)):
            return "a domain has its id but not its metadata; remove that domain"
        if new is not None and new.paused and old is not None and old.active:
            return _UNDER_WAY
        if new is not None:
            return _TWICE if old is not None and old.active and not old.paused else ""
        needed = {pool.id for pool in self._source.pools}
        if any(ident not in self._there.pools or not self._there.pools[ident].active for ident in needed):
            return _CLOSED
        return ""

    def steps(self) -> t.Iterator[Step]:
        """What brings it to its new host; nothing once it is there."""
        old = self._old
        if self._new is not None:
            return
        if old is not None and old.paused:
            yield self._step(
                self._source, "resume_domain", self._instance, field="power", before="Paused", after="Running"
            )
        if old is not None and old.autostart:
            args = (self._instance, False)
            yield self._step(self._source, "autostart_domain", *args, field="autostart", before=True, after=False)
        for pool, file in self._files():
            into = self._pool_of(file.name)
            if into is None:
                continue
            if self._is_shared(pool, into):
                continue
            volume = self._volume(file.name)
            base = volume.base if volume is not None and file.backing else None
            if volume is not None and file.name in _open(old):
                made = dc.replace(volume, name=file.name, capacity=file.capacity, source=None, base=base)
                yield self._step(self._target, "receive_volume", made, field="file", before="absent", after="present")
            else:
                carried = Carried(pool, file.name, into, file.capacity, base)
                yield self._step(self._target, "carry_file", carried, field="file", before="absent", after="present")
        yield from self._last(old)

    def _last(self, old: DomainSeen | None) -> t.Iterator[Step]:
        """The step after which it is on the new host."""
        if old is None or self._wanted is None:
            return
        if old.active:
            pools, cards = self._pools(), self._wanted.shape.cards
            common = {pool.name for pool in self._target.pools if self._is_shared(pool.id, pool.id)}
            shared, direct = frozenset(common & {*pools.values()}), frozenset(self._direct())
            journey = Journey(self._instance, self._target.id, pools, cards, shared, direct)
            yield self._step(self._source, "migrate_domain", journey, field="host", before="here", after="moved")
        else:
            shape = self._shape(old.shape or self._wanted.shape, self._wanted)
            yield self._step(self._target, "define_domain", shape, field="domain", before="absent", after="defined")

    def arrived(self, seen: HostSeen) -> HostSeen:
        """The new host once it has the machine."""
        if self._new is not None:
            return seen
        pools = dict(seen.pools)
        for _pool, file in self._files():
            into = self._pool_of(file.name)
            if into is not None:
                have = pools.get(into) or PoolSeen(PoolShape(into, "", ""), active=False, autostart=False)
                pools[into] = dc.replace(have, volumes={**have.volumes, file.name: file})
        domains = dict(seen.domains)
        old = self._old
        if old is not None and old.shape is not None and self._wanted is not None:
            moved = dc.replace(old, autostart=False, paused=False)
            if old.active:
                live = self._as_moved(old.live or old.shape, self._wanted)
                moved = dc.replace(moved, shape=self._as_moved(old.shape, self._wanted), live=live)
            else:
                moved = dc.replace(moved, shape=self._shape(old.shape, self._wanted))
            domains[self._instance] = moved
        return dc.replace(seen, pools=pools, domains=domains)

    def _shape(self, old: DomainShape, wanted: DomainWanted) -> DomainShape:
        """As it is to be, of a machine that does not run; its guest was told what it was told."""
        return dc.replace(wanted.shape, keys=old.keys, password=old.password, disks=self._in_pools(old).disks)

    def _as_moved(self, shape: DomainShape, wanted: DomainWanted) -> DomainShape:
        """As it comes while it runs: otherwise than before only by its pools and filters."""
        cards = {(card.mac, card.network): card for card in wanted.shape.cards}
        under = tuple(cards.get((card.mac, card.network), card) for card in shape.cards)
        return dc.replace(self._in_pools(shape), cards=under)

    def _in_pools(self, shape: DomainShape) -> DomainShape:
        """With its disks in the pools of the new host."""
        names = self._pools()
        direct = self._direct()
        disks = (
            dc.replace(disk, pool=names.get(disk.volume, disk.pool), direct=disk.volume in direct)
            for disk in shape.disks
        )
        return dc.replace(shape, disks=tuple(disks))

    def _direct(self) -> set[str]:
        """Files of the machine that are not kept in a host's memory where it goes."""
        disks = self._wanted.shape.disks if self._wanted is not None else ()
        owners = {owner_of(disk.volume) for disk in disks if disk.direct}
        return {file.name for _pool, file in self._files() if owner_of(file.name) in owners}

    def _pools(self) -> dict[str, str]:
        """Names of pools of the new host by the files that are to be in them."""
        names = {pool.id: pool.name for pool in self._target.pools}
        found = {file.name: self._pool_of(file.name) for _pool, file in self._files()}
        found |= {base.name: base.pool for base in self._target.bases}
        return {file: names[pool] for file, pool in found.items() if pool is not None and pool in names}

    def _files(self) -> list[tuple[str, VolumeSeen]]:
        """Files of the machine on the old host, each with its pool's id; copies of images are none of them."""
        images = {base.name for base in self._target.bases}
        return [
            (ident, file)
            for ident, pool in sorted(self._there.pools.items())
            for name, file in sorted(pool.volumes.items())
            if name not in images and self._pool_of(name) is not None
        ]

    def _pool_of(self, name: str) -> str | None:
        """The id of the new host's pool that a file of the machine belongs to."""
        owner = owner_of(name)
        owned: tuple[VolumeWanted | SeedWanted, ...] = (*self._target.volumes, *self._target.seeds)
        mine = (one for one in owned if one.owner == owner and self._target.groups.get(one.owner) == self._instance)
        return next((one.pool for one in mine), None)

    def _is_shared(self, pool: str, into: str) -> bool:
        """Whether both hosts have the same files in these pools; simulated ones have them in none."""
        shared = {one.id for one in self._target.pools if one.shared}
        return pool == into and pool in shared and SHARES in self._here.node.features

    def _volume(self, name: str) -> VolumeWanted | None:
        """What is wanted of the volume that a file is of."""
        owner = owner_of(name)
        return next((one for one in self._target.volumes if one.owner == owner), None)

    def _step(self, host: HostWanted, call: str, *args: t.Any, field: str, before: t.Any, after: t.Any) -> Step:
        impact = Impact.LIVE if call in ("migrate_domain", "resume_domain") else Impact.NONE
        return Step(host.id, self._instance, call, args, field, before, after, impact, self._instance)


def _open(domain: DomainSeen | None) -> set[str]:
    """Files that a running machine writes to."""
    live = domain.live if domain is not None else None
    return {disk.volume for disk in live.disks if disk.device == "disk"} if live is not None else set()
