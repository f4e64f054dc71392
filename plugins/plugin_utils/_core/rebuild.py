# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From the records of hosts to the resources of the cloud that they are of.

What is on a host is as its own record says. What is on no host is as the latest record says: it has all that there
was by then, and nothing that was removed before.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import KINDS
from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.quoting import cut
from .desired import LED, led_to
from .document import refers_to
from .record import DIGESTS, Installation, Record, host_of
from .resource import MACHINES, Nic, Resource
from .soundness import is_card, misplaced, unsound


@dc.dataclass
class Merged:
    """Resources by id, network cards, and sentences on what cannot be read back.

    ``macs`` are those of machines of the cloud, known or not; new cards are numbered above them.
    """

    installation: Installation
    resources: dict[str, Resource]
    nics: list[Nic]
    macs: set[str] = dc.field(default_factory=set)
    warnings: list[str] = dc.field(default_factory=list)


def chosen(found: t.Mapping[str, t.Sequence[Record]], installation: str | None) -> dict[str, Record]:
    """The latest record of the one installation for each host's URL. Raises CairnError where it is not one."""
    hosts: dict[str, list[str]] = {}
    for url, records in found.items():
        for ident in dict.fromkeys(one.installation.id for one in records):
            hosts.setdefault(ident, []).append(url)
    if not hosts:
        raise CairnError("no host has a record of a cloud; name hosts of the cloud, whose storage pools are started")
    if installation is None and len(hosts) > 1:
        told = "; ".join(f"{ident} ({', '.join(urls)})" for ident, urls in sorted(hosts.items()))
        raise CairnError(f"the hosts have records of several installations: {told}; say which by installation")
    wanted = installation or next(iter(hosts))
    if wanted not in hosts:
        raise CairnError(f"installation: no host has a record of {wanted}; there are {', '.join(sorted(hosts))}")
    picked: dict[str, Record] = {}
    for url in hosts[wanted]:
        picked[url] = _latest_of(url, [one for one in found[url] if one.installation.id == wanted])
    _check_machines(picked)
    return picked


def _latest_of(url: str, records: t.Sequence[Record]) -> Record:
    """Of the host with that URL, where hosts share a directory."""
    mine = [one for one in records if one.hosts.get(one.host, ("", ""))[1] == url] or list(records)
    if len({one.host for one in mine}) > 1:
        names = ", ".join(sorted(one.hosts.get(one.host, (one.host, ""))[0] for one in mine))
        raise CairnError(f"host {url}: it has the records of several hosts ({names}); name it by the URL it had")
    return max(mine, key=lambda one: one.written)


def _check_machines(records: t.Mapping[str, Record]) -> None:
    urls: dict[str, str] = {}
    for url, record in records.items():
        other = urls.setdefault(record.host, url)
        if other != url:
            raise CairnError(f"hosts: {other} and {url} are one host; name it once")


def merged(records: t.Mapping[str, Record], empty: t.Container[str], *, partial: bool) -> Merged:
    """What the records together say; ``empty`` are URLs of hosts that have nothing. Raises CairnError where hosts are
    missing and that is not allowed by ``partial``, or where two things claim the same."""
    latest = max(records.values(), key=lambda one: one.written)
    there = {one.host for one in records.values()}
    missing = [f"'{name}' ({url})" for ident, (name, url) in sorted(latest.hosts.items(), key=lambda item: item[1])
               if ident not in there and url not in empty]  # fmt: skip
    if missing and not partial:
        raise CairnError(
            f"hosts of the cloud are not named: {', '.join(missing)}; name them as well, or say partial: true to go on "
            "without what is on them"
        )
    made = Merged(latest.installation, {}, [])
    made.warnings += [f"host {one} was not named; nothing on it is read back" for one in missing]
    found = {one.id: one for one in latest.shared}
    _check_records(records)
    for record in records.values():
        found |= {one.id: one for one in record.own if host_of(one) == record.host}
    made.resources = _whole(found, made.warnings)
    for record in records.values():
        made.nics += [nic for nic in record.nics if nic.instance in made.resources and nic.network in made.resources]
    for one in made.resources.values():
        problem = misplaced(one, made.resources)
        if problem is not None:
            raise CairnError(f"{cut(one.label)}: {problem}; see its host's record")
    _check_cards(made)
    _check_routed(made)
    made.warnings += [f"{one.label}: its {name} is secret and not read back; apply its document"
                      for one in made.resources.values() for name in one.status.get(DIGESTS, ())
                      if KINDS[one.kind].stored[name].is_argument]  # fmt: skip
    return made


def _check_records(records: t.Mapping[str, Record]) -> None:
    """Raises CairnError that names a resource of each record that is not as the cloud writes them."""
    told = []
    for url, record in records.items():
        found = [f"{cut(one.label)}: {why}" for one in (*record.shared, *record.own) if (why := unsound(one))]
        told += [f"host {url}: its record is not to be trusted: {why}" for why in found[:1]]
    if told:
        raise CairnError("; ".join(told))


def _whole(found: dict[str, Resource], warnings: list[str]) -> dict[str, Resource]:
    """Without those that refer to something which nothing is known of."""
    while True:
        lost = {one.id: _unknown(one, found) for one in found.values()}
        gone = {ident: missing for ident, missing in lost.items() if missing is not None}
        if not gone:
            return found
        for ident, missing in gone.items():
            warnings.append(f"{found[ident].label} is not read back: it refers to {missing}, which no host tells of")
        found = {ident: one for ident, one in found.items() if ident not in gone}


def _unknown(one: Resource, found: t.Mapping[str, Resource]) -> str | None:
    parent = [one.parent] if one.parent is not None else []
    return next((ident for ident in (*parent, *refers_to(KINDS[one.kind], one)) if ident not in found), None)


def _check_routed(made: Merged) -> None:
    """Each isolated network has one router at most, which has its cards; what leads to an instance finds its card."""
    cards = {(nic.instance, nic.network) for nic in made.nics}
    routers: dict[str, Resource] = {}
    for one in made.resources.values():
        needed = []
        if one.kind == "router":
            needed = [(one.id, one.spec[name]) for name in ("network", "public_network") if one.spec.get(name)]
            other = routers.setdefault(one.spec["network"], one)
            if other is not one:
                raise CairnError(f"{one.label} and {other.label} serve one network; remove one from its host by hand")
        elif one.kind in LED:
            needed = [(led_to(one), one.spec["network"])]
        for machine, network in needed:
            if (machine, network) not in cards:
                where = f"{made.resources[machine].label} has no card in {made.resources[network].label}"
                raise CairnError(f"{one.label}: {where}; see its host's record")


def _check_cards(made: Merged) -> None:
    """Each MAC and address is of one card."""
    holders: dict[tuple[str, str], Nic] = {}
    for nic in made.nics:
        instance, network = made.resources[nic.instance], made.resources[nic.network]
        if not is_card(nic) or instance.kind not in MACHINES or network.kind != "network":
            raise CairnError(f"{instance.label}: its network card is not valid; see its host's record")
        claims = [("MAC", nic.mac), (instance.id, f"card {nic.position}"), *([(network.id, nic.ip)] if nic.ip else [])]
        for claim in claims:
            other = holders.setdefault(claim, nic)
            if other is not nic:
                one, two = (made.resources[card.instance].label for card in (other, nic))
                raise CairnError(f"{one} and {two} both have {claim[1]}; remove one of them from its host by hand")
