# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Security groups are filters on the hosts of their instances.

Cards of one network whose instances are in the same groups share a filter; without groups it is the network's own.
It has the rules of all these groups in it, so that a change of a rule is one change of each filter.
"""

from __future__ import annotations

import dataclasses as dc
import ipaddress
import typing as t

from ..desired import Desired, Draft, Drafts
from ..naming import filter_id, filter_name
from ..resource import Nic, Resource
from ..world import Allow, Card, FilterShape


def draw_filter(network: Resource, groups: t.Sequence[str], desired: Desired, draft: Draft) -> str:
    """Want the filter of cards in ``network`` of instances in ``groups``; its name, or nothing where none is needed."""
    if not groups and not network.spec.get("cidr"):
        return ""
    name = filter_name(network.id, groups)
    ident = filter_id(name)
    if ident not in draft.filters:
        draft.filters[ident] = _shape(ident, name, network, groups, desired)
    return name


def filtered(card: Card, nic: Nic, instance: Resource, desired: Desired, draft: Draft) -> Card:
    """The card under its filter."""
    groups = instance.spec.get("security_groups") or ()
    name = draw_filter(desired.resources[nic.network], groups, desired, draft)
    return dc.replace(card, filter=name, address=(nic.ip or "") if name else "")


def _shape(ident: str, name: str, network: Resource, groups: t.Sequence[str], desired: Desired) -> FilterShape:
    offering = desired.ref(network, "network_offering")
    guard = bool(network.spec.get("cidr")) and not (offering and offering.spec.get("forged_transmits"))
    rules = [rule for group in groups for rule in desired.rules.get(group, ())]
    limits = {"ingress", *(rule.spec["type"] for rule in rules)} if groups else set()
    return FilterShape(
        id=ident,
        name=name,
        guard=guard,
        limits=frozenset(limits),
        resolver=network.spec.get("gateway") if "egress" in limits else None,
        apart=_apart(network, desired) if groups else frozenset(),
        # Under a guard there is no IPv6 that could be allowed.
        allows=frozenset(a for rule in rules for a in _allows(rule, desired) if not (guard and ":" in a.peer)),
    )


def _apart(network: Resource, desired: Desired) -> frozenset[str]:
    """Other networks of the zone that the host translates addresses for, and nobody calls from outside.

    libvirt keeps its networks from each other, but hands on all that a limited guest may send. From an isolated network
    the host hands on nothing: that is its router's, by whose addresses others may be outside.
    """
    if _sort(network, desired) == "Isolated":
        return frozenset()
    others = (one for one in desired.of("network") if one.id != network.id and not one.removing)
    near = [one for one in others if one.spec.get("cidr") and one.spec["zone"] == network.spec["zone"]]
    return frozenset(one.spec["cidr"] for one in near if _translated(one, desired))


def _translated(network: Resource, desired: Desired) -> bool:
    offering = desired.ref(network, "network_offering")
    public = network.spec.get("traffic_type") == "PUBLIC"
    return bool(offering and offering.spec.get("source_nat") and _sort(network, desired) == "Shared" and not public)


def _sort(network: Resource, desired: Desired) -> str:
    offering = desired.ref(network, "network_offering")
    return str(offering.spec["guest_ip_type"]) if offering else ""


def _allows(rule: Resource, desired: Desired) -> t.Iterator[Allow]:
    spec = rule.spec
    first, last = -1, -1
    if spec.get("start_port") is not None:
        first, last = spec["start_port"], spec["end_port"]
    elif spec["protocol"] == "icmp":
        first, last = spec["icmp_type"], spec["icmp_code"]
    for peer in _peers(rule, desired):
        yield Allow(spec["type"], spec["protocol"], peer, first, last)


def _peers(rule: Resource, desired: Desired) -> t.Iterable[str]:
    """CIDRs, or the addresses of a group's instances, those that follow each other as one range."""
    group = rule.spec.get("user_security_group")
    if not group:
        return list(rule.spec.get("cidr") or ())
    cards = [nic for instance in desired.members.get(group, ()) for nic in desired.nics.get(instance.id, ())]
    return ranges({nic.ip for nic in cards if nic.ip})


def ranges(addresses: t.Collection[str]) -> list[str]:
    """IPv4 addresses, those that follow each other as first and last with a hyphen between."""
    found: list[list[int]] = []
    for number in sorted(int(ipaddress.IPv4Address(address)) for address in addresses):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ["-".join(str(ipaddress.IPv4Address(end)) for end in sorted(set(run))) for run in found]


def settle(group: Resource, host: str, desired: Desired, draft: Draft) -> None:
    """Want all that the host has of the group, so that the rest can go."""
    draft.filter_owners.add(group.id)
    for instance in desired.members.get(group.id, ()):
        if instance.spec.get("host") != host or instance.spec.get("power") == "Destroyed":
            continue
        draft.groups.setdefault(instance.id, instance.id)
        for nic in desired.nics.get(instance.id, ()):
            draw_filter(desired.resources[nic.network], instance.spec["security_groups"], desired, draft)


def settle_groups(instance: Resource, host: str, desired: Desired, draft: Draft) -> None:
    """Settle the groups that the instance came into or left, on a host of its own."""
    for ident in sorted(desired.settled - desired.focus):
        group = desired.resources[ident]
        if host in group.status.get("hosts", []):
            settle(group, host, desired, draft)


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    for host in resource.status.get("hosts", []):
        if host in desired.resources and not desired.resources[host].removing:
            settle(resource, host, desired, drafts[host])
