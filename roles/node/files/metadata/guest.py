# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is known of a guest: read from its libvirt domain, the networks of its cards, and its seed."""

from __future__ import annotations

import dataclasses as dc
import ipaddress
import json
import typing as t
import xml.etree.ElementTree as ET

_RESOURCE = "metadata/{https://cairn.cloud/xmlns/resource/1}resource"
_SEED_DRIVE = "hda"
# What the seed of an instance without user data has in its place.
_NO_USER_DATA = b"#cloud-config\n{}\n"


@dc.dataclass(frozen=True)
class Card:
    """A network card with an address; ``subnet`` is that of its network."""

    mac: str
    address: str
    position: int
    subnet: str


@dc.dataclass(frozen=True)
class Guest:
    """``instance_id`` and ``hostname`` are what the guest's cloud-init knows from its seed."""

    instance_id: str
    hostname: str
    cards: tuple[Card, ...]
    public_keys: tuple[str, ...] = ()
    user_data: bytes | None = dc.field(default=None, repr=False)
    offering: str = ""
    template: str = ""
    zone: str = ""


class Domain(t.NamedTuple):
    """A libvirt domain of ours; ``seed`` is its seed's pool and volume."""

    id: str
    document: dict[str, t.Any]
    seed: tuple[str, str]


def network_at(xml: str, port: str, mac: str) -> str | None:
    """The network of a domain's card with this MAC that is plugged into this port of the host."""
    if port not in xml:
        return None
    for card in ET.fromstring(xml).iterfind("devices/interface[@type='network']"):
        plugged, address = _get(card, "target", "dev"), _get(card, "mac", "address").lower()
        if (plugged, address) == (port, mac):
            return _get(card, "source", "network") or None
    return None


def domain(xml: str) -> Domain | None:
    """The domain, when it is ours and has its seed in its drive."""
    root = ET.fromstring(xml)
    ident, document = root.findtext("uuid", ""), root.findtext(_RESOURCE)
    drive = root.find(f"devices/disk/target[@dev='{_SEED_DRIVE}']/..")
    if document is None or drive is None:
        return None
    pool, volume = _get(drive, "source", "pool"), _get(drive, "source", "volume")
    if not pool or not volume.startswith(f"seed-{ident}-"):
        return None
    return Domain(ident, json.loads(document), (pool, volume))


def serves(xml: str, bridge: str, mac: str, address: str) -> bool:
    """Whether a network is ours, is on this bridge, gives its guests metadata, and leased the address to the MAC."""
    root = ET.fromstring(xml)
    resource = root.find(_RESOURCE)
    if resource is None or resource.get("user_data") != "true" or _get(root, "bridge", "name") != bridge:
        return False
    leases = root.iterfind("ip/dhcp/host")
    return any((lease.get("mac", "").lower(), lease.get("ip")) == (mac, address) for lease in leases)


def subnet(xml: str) -> str:
    """The subnet of a network, such as ``10.1.0.0/24``."""
    ip = ET.fromstring(xml).find("ip")
    if ip is None:
        return ""
    mask = ip.get("netmask") or ip.get("prefix")
    return str(ipaddress.IPv4Network(f"{ip.get('address')}/{mask}", strict=False))


def guest(found: Domain, seed: t.Mapping[str, bytes], subnets: t.Mapping[str, str]) -> Guest:
    """Put together what is known; ``subnets`` are those of the networks, by id. Raises ValueError and KeyError."""
    meta = json.loads(seed["meta-data"])
    names, spec = found.document["names"], found.document["spec"]
    user_data = seed.get("user-data", _NO_USER_DATA)
    return Guest(
        instance_id=str(meta["instance-id"]),
        hostname=str(meta["local-hostname"]),
        cards=tuple(
            Card(mac, address, position, subnets.get(network, ""))
            for network, position, mac, address in sorted(found.document.get("nics", ()), key=lambda nic: int(nic[1]))
            if address
        ),
        public_keys=tuple(meta["public-keys"]),
        user_data=None if user_data == _NO_USER_DATA else user_data,
        offering=names.get(spec.get("service_offering"), ""),
        template=names.get(spec.get("template"), ""),
        zone=names.get(spec.get("zone"), ""),
    )


def _get(parent: ET.Element, tag: str, attribute: str) -> str:
    child = parent.find(tag)
    return "" if child is None else child.get(attribute, "")
