# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which part of the desired state a run works on, read from the store."""

from __future__ import annotations

import typing as t

from .._core.desired import Desired
from .._core.resource import Nic, Resource
from .._ports.store import Transaction
from .realize import Decision

# Kinds of which a cloud has few: read whole. Of the others only what the run concerns is read.
_FEW = (
    "zone",
    "pod",
    "cluster",
    "host",
    "primary_storage",
    "secondary_storage",
    "physical_network",
    "traffic_type",
    "network_offering",
    "network",
    "service_offering",
    "disk_offering",
    "template",
    "iso",
)


def gather(tx: Transaction, decisions: t.Iterable[Decision], *, whole: bool) -> Desired:
    """What ``decisions`` concern; or everything, removals that were cut short included."""
    decisions = list(decisions)
    restart, reboot = _stops(decisions)
    if whole:
        resources = {r.id: r for r in tx.select(removing=None)}
        return Desired(resources, _by_instance(tx.nics()), frozenset(resources), True, restart, reboot)
    focus = _concerned(tx, decisions)
    resources = _few(tx) | {r.id: r for r in tx.select(ids=focus, removing=None)}
    networks = [ident for ident in focus if resources[ident].kind == "network"]
    members = {nic.instance for network in networks for nic in tx.nics(network=network)}
    wanted = {ident for ident in focus | members if ident in focus or ident not in resources}
    wanted |= {user.id for ident in focus for user in _volumes_of(tx, resources[ident])}
    resources |= {r.id: r for r in tx.select(ids=wanted - resources.keys(), removing=None)}
    missing = {ref for ident in list(resources) if ident in wanted for ref in tx.referred(ident)} - resources.keys()
    resources |= {r.id: r for r in tx.select(ids=missing, removing=None)}
    sources = {r.spec["source"] for r in resources.values() if r.spec.get("source")} - resources.keys()
    resources |= {r.id: r for r in tx.select(ids=sources, removing=None)}
    instances = [r.id for r in resources.values() if r.kind == "instance"]
    return Desired(resources, _by_instance(tx.nics(instances)), frozenset(focus), False, restart, reboot)


def everything(tx: Transaction) -> Desired:
    return gather(tx, (), whole=True)


def _few(tx: Transaction) -> dict[str, Resource]:
    return {r.id: r for r in tx.select(*_FEW, removing=None)}


def _stops(decisions: t.Iterable[Decision]) -> tuple[frozenset[str], frozenset[str]]:
    """Instances that may be stopped for a change, and those that must be restarted."""
    restart, reboot = set(), set()
    for decision in decisions:
        if decision.after is None or decision.after.kind != "instance" or decision.document is None:
            continue
        if decision.document.force or decision.action:
            restart.add(decision.after.id)
        if decision.action:
            reboot.add(decision.after.id)
    return frozenset(restart), frozenset(reboot)


def _concerned(tx: Transaction, decisions: t.Iterable[Decision]) -> set[str]:
    """The ids to converge: what was decided on, what belongs to it, and the instances of its volumes."""
    found: set[str] = set()
    for decision in decisions:
        if decision.changed and decision.after is not None:
            found |= _networks_of(tx, decision.after)
        for resource in (decision.before, decision.after, *decision.leftovers):
            if resource is None:
                continue
            found.add(resource.id)
            found |= {child.id for child in tx.select(parent=resource.id, removing=None)}
            if resource.kind == "volume_snapshot" and resource.spec.get("volume"):
                found |= {resource.spec["volume"]} | _instance_of(tx, resource.spec["volume"])
            if resource.kind == "volume" and resource.spec.get("vm"):
                found.add(resource.spec["vm"])
            if resource.kind == "instance" and decision.after is not None and decision.after.removing:
                found |= _detached(tx, resource)
    return found


def _instance_of(tx: Transaction, volume: str) -> set[str]:
    found = tx.get(volume)
    return {found.spec["vm"]} if found is not None and found.spec.get("vm") else set()


def _networks_of(tx: Transaction, resource: Resource) -> set[str]:
    """Networks that are made otherwise when ``resource`` changes: by its name servers, or its bridge."""
    of = {"zone": resource.id, "traffic_type": resource.spec.get("physical_network")}.get(resource.kind)
    return {user.id for user in tx.referrers(of) if user.kind == "network"} if of else set()


def _detached(tx: Transaction, instance: Resource) -> set[str]:
    return {user.id for user in tx.referrers(instance.id) if user.kind == "volume"}


def _volumes_of(tx: Transaction, resource: Resource) -> list[Resource]:
    if resource.kind != "instance":
        return []
    return [user for user in tx.referrers(resource.id) if user.kind == "volume"]


def _by_instance(nics: t.Iterable[Nic]) -> dict[str, tuple[Nic, ...]]:
    found: dict[str, list[Nic]] = {}
    for nic in nics:
        found.setdefault(nic.instance, []).append(nic)
    return {ident: tuple(cards) for ident, cards in found.items()}
