# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Names of files in a pool, and of filters: neither carries metadata, so their names say whose they are."""

from __future__ import annotations

import hashlib
import json
import re
import typing as t
import uuid
from urllib.parse import urlsplit, urlunsplit

from .resource import Nic, Resource

# Kinds whose resources are images on secondary storage.
IMAGES = ("iso", "template")
# Kinds whose field ``url`` names an image.
FETCHED = (*IMAGES, "volume")
# How the ids of resources are written.
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FILTER = re.compile(rf"cairn-(?P<id>{ID})(?:-[0-9a-f]{{12}})?")
_VOLUME = re.compile(rf"volume-(?P<id>{ID})(?:-r(?P<revision>[0-9]+))?\.qcow2")
_FILE = re.compile(
    rf"(?P<what>volume|volume_snapshot|instance_snapshot|template|iso|seed|record|primary_storage)-(?P<id>{ID})"
    r"(?:-[0-9a-z]+)?\.(?:qcow2|raw|iso|save|jsonl|shared)(?:\.partial)?"
)


def volume_file(volume: Resource, revision: int = 0) -> str:
    """A root volume that was made anew is another file; a half-done change leaves no doubt which is right."""
    return f"volume-{volume.id}{f'-r{revision}' if revision else ''}.qcow2"


def revision_of(file: str) -> tuple[str, int] | None:
    """The volume that a file is of, and its revision, half-written files included; None for any other file."""
    match = _VOLUME.fullmatch(whole_of(file))
    return (match.group("id"), int(match.group("revision") or 0)) if match else None


def snapshot_file(snapshot: str) -> str:
    return f"volume_snapshot-{snapshot}.qcow2"


def memory_file(snapshot: str) -> str:
    """The memory of an instance snapshot; its disks are volume snapshots."""
    return f"instance_snapshot-{snapshot}.save"


def is_image(resource: Resource) -> bool:
    """Whether an image is kept for it on secondary storage."""
    return resource.kind in IMAGES or bool(resource.kind == "volume" and resource.spec.get("url"))


def image_format(kind: str, spec: t.Mapping[str, t.Any]) -> str:
    """qcow2, raw or iso."""
    return "iso" if kind == "iso" else str(spec.get("format") or "QCOW2").lower()


def image_key(kind: str, spec: t.Mapping[str, t.Any]) -> tuple[str, str, str | None]:
    """What tells one image from others before it has an id: URL (none where it is not fetched), format, checksum."""
    return spec.get("url") or "", image_format(kind, spec), spec.get("checksum")


def shown_url(url: str) -> str:
    """A URL as people may see it: without a password, and without a query, which may be a signature."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def image_file(image: Resource) -> str:
    """A volume that starts as an image lies over that, which is another file than its own."""
    what = "-image" if image.kind == "volume" else ""
    return f"{image.kind}-{image.id}{what}.{image_format(image.kind, image.spec)}"


def seed_file(instance: Resource, nics: t.Sequence[Nic]) -> str:
    """Named by what a seed must follow while the instance lives: its cards, and how often its root was made anew.

    Keys and user data are read at the first start only, so that a change of them makes no other seed.
    """
    follows = [instance.spec.get("revision") or 0, [[n.network, n.position, n.mac, n.ip] for n in nics]]
    digest = hashlib.sha256(json.dumps(follows).encode()).hexdigest()
    return f"seed-{instance.id}-{digest[:12]}.iso"


def record_file(host: str, digest: str) -> str:
    return f"record-{host}-{digest}.jsonl"


def is_record(file: str, host: str | None = None) -> bool:
    """Whether the file is a record, of ``host`` where that is given, or the marker of one that was half written."""
    return owner_of(file) is not None and file.startswith(f"record-{host or ''}")


def shared_mark(storage: str) -> str:
    """The file by which a host knows that it has the directory that a storage's other hosts have."""
    return f"primary_storage-{storage}.shared"


def whole_of(file: str) -> str:
    """The file that a marker of a half-done copy stands for, or the file itself."""
    return file.removesuffix(".partial")


def owner_of(file: str) -> str | None:
    """The id of the resource that a file belongs to; None for a file that is not ours."""
    match = _FILE.fullmatch(file)
    return match.group("id") if match else None


def filter_name(network: str, groups: t.Collection[str]) -> str:
    """The filter of cards in ``network`` of instances in all of the security ``groups``; the first one's, if any."""
    if not groups:
        return f"cairn-{network}"
    digest = hashlib.sha256(" ".join((network, *sorted(groups))).encode()).hexdigest()
    return f"cairn-{min(groups)}-{digest[:12]}"


def filter_owner(name: str) -> str | None:
    """The id of the resource that a filter belongs to; None for a name that is not ours."""
    match = _FILTER.fullmatch(name)
    return match.group("id") if match else None


def filter_id(name: str) -> str:
    """The UUID that a filter of this name has when it is ours: the resource's id, or one that follows from it.

    Empty for a name that is not ours.
    """
    owner = filter_owner(name)
    if owner is None:
        return ""
    return owner if name == f"cairn-{owner}" else str(uuid.uuid5(uuid.UUID(owner), name))
