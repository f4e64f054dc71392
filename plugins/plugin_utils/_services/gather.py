# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which part of the desired state a run works on, read from the store."""

from __future__ import annotations

import typing as t

from .._core.desired import ALONG, ROUTED, Desired
from .._core.resource import MACHINES, Nic, Resource
from .._ports.store import Transaction
from .realize import Decision

# Kinds of which a cloud has few: read whole. Of the others only what the run concerns is read.
_FEW = (
    "configuration",
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
    "security_group",
    "security_group_rule",
)
# Of an instance, what decides on the filters of its security groups.
_FILTERED = ("security_groups", "networks", "ip_address", "ip_to_networks", "host")
# Of an instance, what decides on its network cards.
_CARDS = ("networks", "ip_address", "ip_to_networks")


def gather(tx: Transaction, decisions: t.Iterable[Decision], *, whole: bool) -> Desired:
    """What ``decisions`` concern; or everything, removals that were cut short included."""
    decisions = list(decisions)
    restart, reboot = _stops(decisions)
    if whole:
        resources = {r.id: r for r in tx.select(removing=None)}
        return Desired(resources, _by_instance(tx.nics()), frozenset(resources), True, restart, reboot)
    few, focus = _few(tx), _concerned(tx, decisions)
    changed = _changed_groups(decisions) & few.keys()
    focus |= _sources_of(few, changed) | (_ruled(decisions) & few.keys())
    if _other_networks(decisions):
        focus |= {one.id for one in few.values() if one.kind == "security_group"}
    focus |= _routers(tx, few, decisions)
    settled = changed | {ident for ident in focus & few.keys() if few[ident].kind == "security_group"}
    resources = few | {r.id: r for r in tx.select(ids=focus, removing=None)}
    # Read once more in the middle of a run, some may be gone by then.
    focus &= resources.keys()
    networks = {ident for ident in focus if resources[ident].kind == "network"}
    networks |= {one.spec["network"] for one in map(resources.__getitem__, focus) if one.kind == "router"}
    members = {nic.instance for network in networks for nic in tx.nics(network=network)}
    if any(one.kind == "security_group" for one in few.values()):
        members |= _members(tx, few, settled, focus | members)
    wanted = {ident for ident in focus | members if ident in focus or ident not in resources}
    wanted |= {user.id for ident in focus for user in _volumes_of(tx, resources[ident])}
    resources |= {r.id: r for r in tx.select(ids=wanted - resources.keys(), removing=None)}
    missing = tx.referred(wanted & resources.keys()) - resources.keys()
    resources |= {r.id: r for r in tx.select(ids=missing, removing=None)}
    named = ("source", "memory_from")
    sources = {r.spec[name] for r in resources.values() for name in named if r.spec.get(name)} - resources.keys()
    resources |= {r.id: r for r in tx.select(ids=sources, removing=None)}
    machines = [r.id for r in resources.values() if r.kind in MACHINES]
    nics = _by_instance(tx.nics(machines))
    return Desired(resources, nics, frozenset(focus), False, restart, reboot, frozenset(settled))


def everything(tx: Transaction) -> Desired:
    return gather(tx, (), whole=True)


def _changed_groups(decisions: t.Iterable[Decision]) -> set[str]:
    """Security groups that instances came into, left, or are in with other addresses."""
    found: set[str] = set()
    for decision in decisions:
        sides = [one for one in _sides(decision) if one.kind == "instance"]
        specs = [_filtered(one) for one in sides if not one.removing]
        if decision.leftovers or len(specs) == 1 or (specs and specs[0] != specs[-1]):
            found |= {group for one in sides for group in one.spec.get("security_groups") or ()}
    return found


def _filtered(instance: Resource) -> list[t.Any]:
    return [instance.spec.get("power") == "Destroyed", *(instance.spec.get(name) for name in _FILTERED)]


def _other_networks(decisions: t.Iterable[Decision]) -> bool:
    """Whether networks come or go, from which security groups keep their instances apart."""
    for decision in decisions:
        made = decision.before is None or decision.after is None or decision.after.removing
        if made and any(one.kind == "network" and one.spec.get("cidr") for one in _sides(decision)):
            return True
    return False


def _ruled(decisions: t.Iterable[Decision]) -> set[str]:
    """Security groups of rules."""
    sides = (one for decision in decisions for one in _sides(decision))
    return {one.spec["security_group"] for one in sides if one.kind == "security_group_rule"}


def _routers(tx: Transaction, few: t.Mapping[str, Resource], decisions: t.Iterable[Decision]) -> set[str]:
    """Routers that are to know of what is decided, with all that they are to do; and those beside an instance, which
    are looked at with it."""
    told, near = set(), set()
    for decision in decisions:
        told |= told_networks(decision)
        for one in _sides(decision):
            if one.kind == "instance":
                near |= {(network, one.spec.get("host")) for network in one.spec.get("networks") or ()}
            elif one.kind in (*ROUTED, "router"):
                told |= {one.spec.get("network") or ""}
            elif one.kind == "network":
                told |= {one.id}
            elif one.kind == "zone":
                told |= {few_.id for few_ in few.values() if few_.kind == "network" and few_.spec["zone"] == one.id}
    found: set[str] = set()
    for network in (few[ident] for ident in (told | {ident for ident, _host in near}) & few.keys()):
        if few[network.spec["network_offering"]].spec["guest_ip_type"] == "Isolated":
            users = tx.referrers(network.id)
            routers = [one for one in users if one.kind == "router"]
            if any(network.id in told or (network.id, one.spec["host"]) in near for one in routers):
                found |= {*(one.id for one in routers), *(user.id for user in users if user.kind in ROUTED)}
    return found


def told_networks(decision: Decision) -> set[str]:
    """Networks of an instance whose routers, if they have any, are to know of what is decided on it: that it comes or
    goes, or has other addresses."""
    sides = [one for one in _sides(decision) if one.kind == "instance"]
    cards = [[one.removing, *(one.spec.get(name) for name in _CARDS)] for one in sides]
    if not decision.leftovers and len(cards) > 1 and cards[0] == cards[-1]:
        return set()
    return {network for one in sides for network in one.spec.get("networks") or ()}


def _sides(decision: Decision) -> list[Resource]:
    return [one for one in (decision.before, decision.after, *decision.leftovers) if one is not None]


def _sources_of(few: t.Mapping[str, Resource], groups: set[str]) -> set[str]:
    """Groups with rules on the addresses of the instances of ``groups``."""
    rules = [one for one in few.values() if one.kind == "security_group_rule" and not one.removing]
    return {rule.spec["security_group"] for rule in rules if rule.spec.get("user_security_group") in groups}


def _members(tx: Transaction, few: t.Mapping[str, Resource], groups: set[str], instances: set[str]) -> set[str]:
    """Instances of the groups, and all whose addresses the filters of these and of ``instances`` are about."""
    found = {one.id: one for group in groups for one in _in(tx, group)}
    found |= {one.id: one for one in tx.select("instance", ids=instances - few.keys() - found.keys(), removing=None)}
    theirs = groups | {group for one in found.values() for group in one.spec.get("security_groups") or ()}
    rules = [one for one in few.values() if one.kind == "security_group_rule"]
    sources = {rule.spec.get("user_security_group") or "" for rule in rules if rule.spec["security_group"] in theirs}
    return {*found, *(one.id for group in sources - groups - {""} for one in _in(tx, group))}


def _in(tx: Transaction, group: str) -> list[Resource]:
    return [user for user in tx.referrers(group) if user.kind == "instance"]


def _few(tx: Transaction) -> dict[str, Resource]:
    return {r.id: r for r in tx.select(*_FEW, removing=None)}


def _stops(decisions: t.Iterable[Decision]) -> tuple[frozenset[str], frozenset[str]]:
    """Instances that may be stopped for a change, and those that must be restarted."""
    restart, reboot = set(), set()
    for decision in decisions:
        if decision.after is None or decision.after.kind not in MACHINES or decision.document is None:
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
        sides = _sides(decision)
        own = {resource.id for resource in sides}
        found |= own | {child.id for ident in own for child in tx.select(parent=ident, removing=None)}
        for resource in sides:
            if resource.kind in ALONG and resource.removing:
                kind, field = ALONG[resource.kind]
                found |= {one.id for one in tx.select(kind, removing=True) if one.spec[field] == resource.id}
            if resource.kind == "volume_snapshot" and resource.spec.get("volume"):
                found |= {resource.spec["volume"]} | _instance_of(tx, resource.spec["volume"])
            if resource.kind in ("volume", "instance_snapshot") and resource.spec.get("vm"):
                found.add(resource.spec["vm"])
            if resource.kind == "instance" and decision.after is not None and decision.after.removing:
                found |= _detached(tx, resource)
    return found


def _instance_of(tx: Transaction, volume: str) -> set[str]:
    found = tx.get(volume)
    return {found.spec["vm"]} if found is not None and found.spec.get("vm") else set()


def _networks_of(tx: Transaction, resource: Resource) -> set[str]:
    """Networks that are made otherwise when ``resource`` changes: by its name servers, its bridge, or its guard."""
    others = {"zone": resource.id, "network_offering": resource.id}
    of = (others | {"traffic_type": resource.spec.get("physical_network")}).get(resource.kind)
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
