# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A guest's metadata as the tree of names that EC2's tools walk.

Source: Amazon EC2 User Guide, "Instance metadata categories"; cloud-init's documentation of its Ec2 data source.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from guest import Card, Guest

VERSIONS = ("1.0", "2009-04-04", "latest")


@dc.dataclass(frozen=True)
class Directory:
    """``labels`` are names that the listing has instead, and ``slashes`` says that it marks directories."""

    entries: t.Mapping[str, Directory | bytes]
    labels: t.Mapping[str, str] = dc.field(default_factory=dict)
    slashes: bool = True

    def listing(self) -> bytes:
        return "\n".join(self._shown(name) for name in sorted(self.entries)).encode()

    def _shown(self, name: str) -> str:
        marked = self.slashes and isinstance(self.entries[name], Directory)
        return self.labels.get(name) or (f"{name}/" if marked else name)


def look_up(tree: Directory, path: t.Sequence[str]) -> bytes | None:
    """A file's content or a directory's listing; None for what is not there."""
    node: Directory | bytes = tree
    for name in path:
        if not isinstance(node, Directory) or name not in node.entries:
            return None
        node = node.entries[name]
    return node.listing() if isinstance(node, Directory) else node


def tree_of(guest: Guest) -> Directory:
    version: dict[str, Directory | bytes] = {"meta-data": _metadata(guest)}
    if guest.user_data is not None:
        version["user-data"] = guest.user_data
    return Directory({name: Directory(version, slashes=False) for name in VERSIONS}, slashes=False)


def _metadata(guest: Guest) -> Directory:
    first = guest.cards[0]
    entries: dict[str, Directory | bytes] = _texts(
        {
            "instance-id": guest.instance_id,
            "hostname": guest.hostname,
            "local-hostname": guest.hostname,
            "local-ipv4": first.address,
            "mac": first.mac,
            "instance-type": guest.offering,
            "ami-id": guest.template,
        }
    )
    macs = {card.mac: _card(guest, card) for card in guest.cards}
    entries["network"] = Directory({"interfaces": Directory({"macs": Directory(macs)})})
    if guest.zone:
        entries["placement"] = Directory(_texts({"availability-zone": guest.zone}))
    if guest.public_keys:
        entries["public-keys"] = _keys(guest.public_keys)
    return Directory(entries)


def _card(guest: Guest, card: Card) -> Directory:
    return Directory(
        _texts(
            {
                "device-number": str(card.position),
                "local-hostname": guest.hostname,
                "local-ipv4s": card.address,
                "mac": card.mac,
                "subnet-ipv4-cidr-block": card.subnet,
            }
        )
    )


def _keys(keys: t.Sequence[str]) -> Directory:
    """Labels differ, since cloud-init takes keys with the same one for one key."""
    entries = {str(number): Directory({"openssh-key": key.encode()}) for number, key in enumerate(keys)}
    return Directory(entries, {number: f"{number}=key-{number}" for number in entries})


def _texts(values: t.Mapping[str, str]) -> dict[str, Directory | bytes]:
    """What has a value."""
    return {name: value.encode() for name, value in values.items() if value}
