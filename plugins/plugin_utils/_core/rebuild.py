# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From the records of hosts to the resources of the cloud that they are of.

What is on a host is as its own record says. What is on no host is as the latest record says: it has all that there
was by then, and nothing that was removed before.
"""

from __future__ import annotations

import dataclasses as dc
import ipaddress
import re
import typing as t

from ...module_utils._kinds.registry import KINDS
from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.quoting import cut
from ...module_utils._schema.validation import convert
from .document import refers_to
from .record import DIGESTS, Installation, Record, host_of
from .resource import Nic, Resource

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")


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
    for url, record in records.items():
        for one in (*record.shared, *record.own):
            problem = unsound(one)
            if problem is not None:
                raise CairnError(f"host {url}: its record is not to be trusted: {cut(one.label)}: {problem}")
        found |= {one.id: one for one in record.own if host_of(one) == record.host}
    made.resources = _whole(found, made.warnings)
    for record in records.values():
        made.nics += [nic for nic in record.nics if nic.instance in made.resources and nic.network in made.resources]
    _check_cards(made)
    made.warnings += [f"{one.label}: its {name} is secret and not read back; apply its document"
                      for one in made.resources.values() for name in one.status.get(DIGESTS, ())]  # fmt: skip
    return made


def unsound(one: Resource) -> str | None:
    """Why a resource is none that the cloud could have written: a host's record is input as any other."""
    fields = KINDS[one.kind].stored
    if not all(isinstance(ident, str) and _ID.fullmatch(ident) for ident in (one.id, one.spec.get("source") or one.id)):
        return "it has no id"
    if one.spec.get(KINDS[one.kind].identity) != one.name:
        return "its name is another one than it says"
    for name, value in one.spec.items():
        try:
            if name not in fields or (value is not None and convert(fields[name], value) != value):
                return f"its {cut(name)} is not valid"
        except (TypeError, ValueError) as error:
            return f"its {cut(name)} is not valid: {error}"
    needed = {name for name, field in fields.items() if field.required or (field.only_one and not field.unless)}
    needed |= {"host"} if one.kind in ("instance", "instance_snapshot", "volume_snapshot") else set()
    missing = sorted(name for name in needed if name not in one.spec and not fields[name].secret)
    if not missing and not isinstance(one.status.get("size", 0), int):
        missing = ["size"]
    return f"its {missing[0]} is missing" if missing else None


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


def _check_cards(made: Merged) -> None:
    """Each MAC and address is of one card."""
    holders: dict[tuple[str, str], Nic] = {}
    for nic in made.nics:
        if not _is_card(nic):
            raise CairnError(
                f"{made.resources[nic.instance].label}: its network card is not valid; see its host's record"
            )
        claims = [("MAC", nic.mac), *([(nic.network, nic.ip)] if nic.ip else [])]
        for claim in claims:
            other = holders.setdefault(claim, nic)
            if other is not nic:
                one, two = (made.resources[card.instance].label for card in (other, nic))
                raise CairnError(f"{one} and {two} both have {claim[1]}; remove one of them from its host by hand")


def _is_card(nic: Nic) -> bool:
    try:
        return bool(_MAC.fullmatch(nic.mac)) and (nic.ip is None or str(ipaddress.IPv4Address(nic.ip)) == nic.ip)
    except (TypeError, ValueError):
        return False
