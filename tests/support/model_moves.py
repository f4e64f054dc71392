# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Moves between hosts in memory. A machine that runs twice, or on files that are not whole, is unsafe."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Carried,
    DomainShape,
    Journey,
    Route,
    VolumeWanted,
)
from support.model_domains import ModelDomains
from support.model_state import Unsafe, step


class ModelMoves(ModelDomains):
    """The verbs of the port that two hosts have a part in. ``unfit`` says why no guest can be moved here."""

    unfit = ""

    @step
    def receive_volume(self, volume: VolumeWanted) -> None:
        self._clear(volume.pool, volume.name)
        self.create_volume(volume)
        self.half.add(volume.name)

    @step
    def carry_file(self, file: Carried, source: t.Any) -> None:
        found = source.directory(file.pool)
        if file.name not in found:
            raise DriverError(f"there is no file {file.name}")
        if any(disk.volume == file.name and disk.device == "disk" for _ident, disk in source.open_disks()):
            raise Unsafe(f"{file.name} is copied under a running machine")
        if file.base is not None and file.base not in self.directory(file.into):
            raise DriverError(f"file {file.name} lacks its base {file.base}")
        self._clear(file.into, file.name)
        self._take_over(file.into, found[file.name], source)

    @step
    def migrate_domain(self, journey: Journey, target: t.Any, route: Route) -> None:
        seen, _shape = self._domain(journey.domain)
        if not seen.active or seen.live is None:
            raise DriverError(f"domain {journey.domain} does not run")
        self.routes.append(route)
        if target.unfit:
            raise DriverError(target.unfit)
        target.come(self, seen, lambda one: _as_moved(one, journey))
        self.domains[journey.domain] = dc.replace(seen, active=False, live=None)

    def come(self, source: t.Any, seen: t.Any, in_pools: t.Callable[[DomainShape], DomainShape]) -> None:
        """A guest of another host, with all that is on its disks."""
        shape, live = in_pools(seen.shape), in_pools(seen.live)
        if seen.id in self.domains:
            raise DriverError(f"domain {seen.name} is here already")
        for had, disk in zip(seen.live.disks, live.disks, strict=True):
            if disk.volume and disk.volume not in self.directory(disk.pool):
                raise DriverError(f"there is no volume {disk.volume}")
            if disk.device == "disk":
                files = source.directory(had.pool)
                if self.directory(disk.pool) is files:
                    self._know(disk.volume, source)
                else:
                    self._take_over(disk.pool, files[disk.volume], source)
        for card in live.cards:
            if not any(one.active and one.shape.name == card.network for one in self.networks.values()):
                raise DriverError(f"network {card.network} is not active")
            self.check_card(card)
        self.domains[seen.id] = dc.replace(seen, shape=shape, live=live, autostart=False, paused=False)

    def _take_over(self, pool: str, file: t.Any, source: t.Any) -> None:
        """A file as it is on another host, and what is known of it there."""
        self.directory(pool)[file.name] = file
        self.half.discard(file.name)
        self._know(file.name, source)

    def _know(self, name: str, source: t.Any) -> None:
        """What another host knows of the guest on a file."""
        if name in source.used:
            self.used.add(name)
        if name in source.guests:
            self.guests[name] = source.guests[name]

    def _clear(self, pool: str, name: str) -> None:
        if any(disk.volume == name and disk.device == "disk" for _ident, disk in self.open_disks()):
            raise Unsafe(f"{name} is made anew under a running machine")
        self.directory(pool).pop(name, None)


def _as_moved(shape: DomainShape, journey: Journey) -> DomainShape:
    cards = {(card.mac, card.network): card for card in journey.cards}
    return dc.replace(
        shape,
        disks=tuple(dc.replace(one, pool=journey.pools.get(one.volume, one.pool)) for one in shape.disks),
        cards=tuple(cards.get((card.mac, card.network), card) for card in shape.cards),
    )
