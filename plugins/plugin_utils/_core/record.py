# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The record: what a host keeps of the cloud, from which a database that was lost is read back.

A host's record has what is on that host (its instances with their cards, its volumes and snapshots), all that is on
no host (zones, offerings, networks, templates, keys), and the names of the other hosts. It is a file of three lines
of JSON: when it was written, what all hosts have alike, what is the host's own. Its name has a digest of the latter
two, so that an unchanged one is known by its name. Of secrets it has keyed digests alone.
"""

from __future__ import annotations

import collections
import dataclasses as dc
import hashlib
import json
import typing as t

from ...module_utils._kinds.registry import KINDS
from .converge.primary_storage import serves
from .naming import record_file
from .resource import Nic, Owner, Resource
from .world import RecordWanted

FORMAT = 1
# Kinds whose resources are on a host, once they have a place; what has none holds nothing, and is not kept.
PLACED = ("host", "instance", "instance_snapshot", "router", "volume", "volume_snapshot")
# In the status of a resource of whose secrets no more than digests is known: field to digest.
DIGESTS = "digests"
_LEARNT = {
    "instance": ("memory_number",),
    "instance_snapshot": ("taken", "quiesced"),
    "primary_storage": ("hosts", "marked"),
    "template": ("size", "physical_size", "sha256"),
    "volume": ("extracted", "copied"),
    "volume_snapshot": ("taken", "quiesced", "told"),
}
_ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode

# A keyed digest, by which a secret is known when it is seen again, and not found out.
Digest = t.Callable[[str], str]


class Installation(t.NamedTuple):
    """Which of several clouds this is; ``number`` is in its MACs."""

    id: str
    number: int


class Written(t.NamedTuple):
    """When a record was written: the time, and the number of the latest event. The later of two is the greater."""

    at: str
    event: int


@dc.dataclass(frozen=True)
class Record:
    """A record as it was read. ``hosts`` are all hosts of the cloud: id to name and URL."""

    installation: Installation
    written: Written
    host: str
    hosts: t.Mapping[str, tuple[str, str]]
    shared: tuple[Resource, ...]
    own: tuple[Resource, ...]
    nics: tuple[Nic, ...]


def host_of(resource: Resource) -> str | None:
    """The host that a resource is on, if any."""
    return resource.id if resource.kind == "host" else resource.spec.get("host")


def learnt_fields(resource: Resource) -> tuple[str, ...]:
    """What of a resource's status is learnt by looking, after a record was written, and by looking again."""
    if resource.kind == "template" and not resource.spec.get("source"):
        return ()
    return _LEARNT.get(resource.kind, ())


def secret_text(ident: str, field: str, value: t.Any) -> str:
    """What a digest is made of: the same secret of two resources has two digests."""
    return json.dumps([ident, field, value])


class Common:
    """What the records of all hosts have alike, made of all that are on no host, and the hosts."""

    def __init__(self, installation: Installation, resources: t.Iterable[Resource], digest: Digest) -> None:
        self.digest = digest
        there = sorted((one for one in resources if not one.removing), key=lambda one: one.id)
        self.hosts = {one.id: one for one in there if one.kind == "host"}
        storages = (one for one in there if one.kind == "primary_storage")
        self._storages = sorted(storages, key=lambda one: (one.created, one.id))
        shared = (one for one in there if one.kind not in PLACED)
        self.text = _ENCODE(
            {
                "installation": list(installation),
                "hosts": {host.id: [host.name, host.spec["url"]] for host in self.hosts.values()},
                "resources": [_encoded(one, digest) for one in shared],
            }
        )

    def keeper(self, host: Resource) -> Resource | None:
        """The storage that the host's record is kept on."""
        return next((one for one in self._storages if serves(one, host)), None)


class Records:
    """The records of hosts; ``resources`` are all, or all that are on the hosts that are asked for."""

    def __init__(self, common: Common, resources: t.Iterable[Resource], nics: t.Mapping[str, t.Sequence[Nic]]) -> None:
        self._common, self._nics = common, nics
        self._made: dict[str, RecordWanted | None] = {}
        self._own: dict[str, list[Resource]] = collections.defaultdict(list)
        for one in sorted(resources, key=lambda one: one.id):
            host = host_of(one)
            if host is not None and not one.removing:
                self._own[host].append(one)

    def of(self, host: str) -> RecordWanted | None:
        """The record of a host; None for one that is gone or has no storage to keep it on."""
        if host not in self._made:
            self._made[host] = self._make(host)
        return self._made[host]

    def _make(self, host: str) -> RecordWanted | None:
        found = self._common.hosts.get(host)
        keeper = self._common.keeper(found) if found is not None else None
        if keeper is None:
            return None
        mine = self._own[host]
        nics = (nic for one in mine for nic in self._nics.get(one.id, ()))
        cards = [(nic.instance, nic.network, nic.position, nic.mac, nic.ip) for nic in nics]
        resources = [_encoded(one, self._common.digest) for one in mine]
        body = f"{self._common.text}\n{_ENCODE({'host': host, 'resources': resources, 'nics': cards})}\n"
        return RecordWanted(host, keeper.id, _name(host, body), body)


def _encoded(one: Resource, digest: Digest) -> dict[str, t.Any]:
    """A resource without its secrets, and without what is learnt by looking."""
    learnt = learnt_fields(one)
    spec, status = dict(one.spec), {name: value for name, value in one.status.items() if name not in learnt}
    digests = dict(status.pop(DIGESTS, {}))
    for name in _SECRET[one.kind]:
        value = spec.pop(name, None)
        if value is not None:
            digests[name] = digest(secret_text(one.id, name, value))
    parts = {"spec": spec, "status": status, DIGESTS: digests, "applyset": one.applyset, "parent": one.parent}
    head = {"id": one.id, "kind": one.kind, "name": one.name, "created": one.created}
    owner = {} if one.owner == Owner() else {"owner": list(vars(one.owner).values())}
    return head | owner | {name: value for name, value in parts.items() if value}


_SECRET = {name: [f for f, field in kind.stored.items() if field.secret] for name, kind in KINDS.items()}


def content(record: RecordWanted, written: Written) -> str:
    """The file of a record."""
    return f"{_ENCODE({'format': FORMAT, 'at': written.at, 'event': written.event})}\n{record.body}"


def _name(host: str, body: str) -> str:
    return record_file(host, hashlib.sha256(body.encode()).hexdigest()[:16])


def read(text: str, name: str) -> Record:
    """The record that the file ``name`` holds. Raises ValueError with a sentence where it is not whole."""
    try:
        head, common, own = (json.loads(line) for line in text.splitlines())
        # What databases do not take: numbers that are none, and halves of characters.
        json.dumps((head, common, own), ensure_ascii=False, allow_nan=False).encode()
        if _name(own["host"], text.partition("\n")[2]) != name:
            raise LookupError
        if head["format"] > FORMAT:
            raise _Newer
        installation = Installation(*_typed(common["installation"], str, int))
        if not 0 <= installation.number < 1 << 16:
            raise ValueError
        return Record(
            installation=installation,
            written=Written(*_typed((head["at"], head["event"]), str, int)),
            host=own["host"],
            hosts={ident: _typed(names, str, str) for ident, names in common["hosts"].items()},
            shared=tuple(map(_resource, common["resources"])),
            own=tuple(map(_resource, own["resources"])),
            nics=tuple(Nic(*_typed(card, str, str, int, str, str | None)) for card in own["nics"]),
        )
    except _Newer:
        raise ValueError("a later release wrote it; use that one") from None
    except (LookupError, TypeError, ValueError, AttributeError):
        raise ValueError("it is damaged; bring it back from a backup") from None


def _typed(values: t.Sequence[t.Any], *types: t.Any) -> t.Any:
    """The values as a tuple, each of its type; true and false are no numbers."""
    if any(isinstance(value, bool) or not isinstance(value, sort) for value, sort in zip(values, types, strict=True)):
        raise TypeError
    return tuple(values)


class _Newer(Exception):
    """A record of a format that this release does not know."""


def _resource(found: t.Mapping[str, t.Any]) -> Resource:
    digests = found.get(DIGESTS)
    if found["kind"] not in KINDS:
        raise _Newer
    ident, name, created = _typed((found["id"], found["name"], found["created"]), str, str, str)
    spec, status = _typed((found["spec"], found.get("status", {})), dict, dict)
    return Resource(
        id=ident,
        kind=found["kind"],
        name=name,
        spec=spec,
        status=status | ({DIGESTS: digests} if digests else {}),
        owner=Owner(*_typed(found["owner"], str, str, str)) if "owner" in found else Owner(),
        created=created,
        applyset=found.get("applyset"),
        parent=found.get("parent"),
    )
