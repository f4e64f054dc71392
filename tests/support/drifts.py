# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What people and accidents do to a host behind the cloud's back.

Each drift is done to the object of its sort that stands at a place of the list (modulo its length); one that
finds no object does nothing.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_id, owner_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    DomainSeen,
    FilterSeen,
    NetworkSeen,
    VolumeSeen,
)
from support.model_host import ModelHost

Drift = t.Callable[[ModelHost, int], None]


def _pick(found: t.Iterable[str], index: int) -> str | None:
    idents = sorted(found)
    return idents[index % len(idents)] if idents else None


def _domain(change: t.Callable[[DomainSeen], DomainSeen | None]) -> Drift:
    def drift(host: ModelHost, index: int) -> None:
        ident = _pick((one.id for one in host.domains.values() if one.owned), index)
        if ident is not None:
            changed = change(host.domains.pop(ident))
            if changed is not None:
                host.domains[ident] = changed

    return drift


def _defined(**changes: t.Any) -> Drift:
    """An edit of the definition, which a running guest does not feel."""
    return _domain(lambda seen: dc.replace(seen, shape=dc.replace(seen.shape, **changes)))  # type: ignore[type-var]


def _network(change: t.Callable[[NetworkSeen], NetworkSeen | None]) -> Drift:
    def drift(host: ModelHost, index: int) -> None:
        ident = _pick((one for one, seen in host.networks.items() if seen.owned), index)
        if ident is not None:
            changed = change(host.networks.pop(ident))
            if changed is not None:
                host.networks[ident] = changed

    return drift


def _leases(seen: NetworkSeen, *, other: bool) -> NetworkSeen:
    leases = {dc.replace(one, ip="192.0.2.9") for one in sorted(seen.shape.leases)[:1]} if other else set()
    return dc.replace(seen, shape=dc.replace(seen.shape, leases=frozenset(leases)))


def _pool(**changes: t.Any) -> Drift:
    def drift(host: ModelHost, index: int) -> None:
        ident = _pick(host.pools, index)
        if ident is not None:
            pool = host.pools.pop(ident)
            if changes:
                host.pools[ident] = dc.replace(pool, **changes)

    return drift


def _filter(change: t.Callable[[FilterSeen], FilterSeen | None]) -> Drift:
    """One that is ours; it cannot be lost while a machine that runs is under it."""

    def drift(host: ModelHost, index: int) -> None:
        ident = _pick((one for one, seen in host.filters.items() if one == filter_id(seen.name)), index)
        if ident is None:
            return
        seen, running = host.filters[ident], [one.live for one in host.domains.values() if one.live]
        changed = change(seen)
        if changed is not None:
            host.filters[ident] = changed
        elif not any(card.filter == seen.name for live in running for card in live.cards):
            del host.filters[ident]

    return drift


def _bare_cards(seen: DomainSeen) -> DomainSeen:
    """Filters were taken off the cards, in the definition and the guest."""

    def bare(shape: t.Any) -> t.Any:
        return dc.replace(shape, cards=tuple(dc.replace(card, filter="", address="") for card in shape.cards))

    return dc.replace(seen, shape=bare(seen.shape), live=bare(seen.live) if seen.live else None)


def _lost_disk(seen: DomainSeen) -> DomainSeen:
    """A data disk was unplugged, from the definition and the guest."""

    def without(shape: t.Any) -> t.Any:
        kept = (one for one in shape.disks if one.target == "vda" or one.device == "cdrom")
        return dc.replace(shape, disks=tuple(kept))

    return dc.replace(seen, shape=without(seen.shape), live=without(seen.live) if seen.live else None)


def _lost_file(prefix: str) -> Drift:
    """A file that no machine has open and no overlay lies over."""

    def drift(host: ModelHost, index: int) -> None:
        used = {disk.volume for one in host.domains.values() if one.live for disk in one.live.disks}
        for files in host.files.values():
            used |= {file.backing for file in files.values() if file.backing}
            free = (n for n in files if owner_of(n) and n.startswith(prefix) and n not in used)
            name = _pick(free, index)
            if name is not None:
                del files[name]
                return

    return drift


def _foreign_file(host: ModelHost, index: int) -> None:
    path = _pick(host.files, index)
    if path is not None:
        host.files[path]["notes.txt"] = VolumeSeen("notes.txt", 1, 1, "raw")


DRIFTS: dict[str, Drift] = {
    "the machine is lost": _domain(lambda seen: None),
    "the machine crashed": _domain(lambda seen: dc.replace(seen, active=False, live=None)),
    "the machine was started": _domain(lambda seen: dc.replace(seen, active=True, live=seen.shape)),
    "the machine was paused": _domain(lambda seen: dc.replace(seen, paused=seen.active)),
    "the machine does not start by itself": _domain(lambda seen: dc.replace(seen, autostart=False)),
    "processors were edited": _defined(vcpus=77),
    "memory was edited": _defined(memory=7),
    "the title was edited": _defined(title="mine"),
    "the document was edited": _defined(document="{}"),
    "the cards were edited": _defined(cards=()),
    "cards were taken from their filters": _domain(_bare_cards),
    "a filter is lost": _filter(lambda seen: None),
    "a filter was edited": _filter(lambda seen: dc.replace(seen, shape=None)),
    "a disk was unplugged": _domain(_lost_disk),
    "a volume's file is lost": _lost_file("volume-"),
    "a seed is lost": _lost_file("seed-"),
    "a memory is lost": _lost_file("instance_snapshot-"),
    "a copy of a template is lost": _lost_file("template-"),
    "the record is lost": _lost_file("record-"),
    "the network is lost": _network(lambda seen: None),
    "the network was stopped": _network(lambda seen: dc.replace(seen, active=False, bridge_up=False)),
    "the bridge is lost": _network(lambda seen: dc.replace(seen, bridge_up=False)),
    "the network does not start by itself": _network(lambda seen: dc.replace(seen, autostart=False)),
    "the network was edited": _network(lambda seen: dc.replace(seen, shape=dc.replace(seen.shape, domain="evil"))),
    "leases are lost": _network(lambda seen: _leases(seen, other=False)),
    "a lease was edited": _network(lambda seen: _leases(seen, other=True)),
    "the pool is lost": _pool(),
    "the pool was stopped": _pool(active=False),
    "the pool does not start by itself": _pool(autostart=False),
    "a file of somebody's is there": _foreign_file,
}
