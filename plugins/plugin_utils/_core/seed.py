# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The cloud-init seed of an instance (NoCloud): meta-data, user-data and network-config.

The files are JSON, which is YAML too, so that no value can break out of its place.
Source: cloud-init's documentation of the NoCloud data source and of network config version 2.
"""

from __future__ import annotations

import functools
import ipaddress
import json
import re
import typing as t

from .resource import Nic, Resource

# What JSON allows as it is and YAML does not (YAML 1.2, 5.1), or takes for the end of a line.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
DEFAULT_USER_DATA = "#cloud-config\n{}\n"


class SeedNetwork(t.NamedTuple):
    """What a guest needs to know of a network: None for one without addresses."""

    gateway: str | None
    netmask: str | None
    domain: str | None


class SeedFiles(t.Mapping[str, str]):
    """File names to contents, made when they are first read: few runs write a seed."""

    def __init__(self, make: t.Callable[[], dict[str, str]]) -> None:
        self._make = make

    @functools.cached_property
    def _files(self) -> dict[str, str]:
        return self._make()

    def __getitem__(self, name: str) -> str:
        return self._files[name]

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def seed_files(
    instance: Resource,
    public_keys: t.Sequence[str],
    user_data: str | None,
    nics: t.Sequence[Nic],
    networks: t.Mapping[str, SeedNetwork],
) -> dict[str, str]:
    """File names to contents of the seed of ``instance``."""
    domain = next((networks[nic.network].domain for nic in nics if networks[nic.network].domain), None)
    hostname = f"{instance.name}.{domain}" if domain else instance.name
    meta = {"instance-id": f"{instance.id}-{instance.spec.get('revision') or 0}", "local-hostname": hostname}
    meta["public-keys"] = list(public_keys)  # type: ignore[assignment]
    config = {"version": 2, "ethernets": {f"nic{nic.position}": _ethernet(nic, networks[nic.network]) for nic in nics}}
    return {
        "meta-data": _dumped(meta),
        "user-data": user_data or DEFAULT_USER_DATA,
        "network-config": _dumped(config),
    }


def _dumped(value: t.Any) -> str:
    """JSON that is YAML too: characters beyond 16 bits as they are, since YAML knows no surrogate pairs."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _ethernet(nic: Nic, network: SeedNetwork) -> dict[str, t.Any]:
    """Addresses come by DHCP, from fixed leases; a card without an address is brought up and left alone."""
    card: dict[str, t.Any] = {"match": {"macaddress": nic.mac}}
    if nic.ip is None or network.gateway is None:
        return card | {"dhcp4": False, "optional": True}
    ipaddress.IPv4Address(nic.ip)
    card |= {"dhcp4": True}
    if nic.position:
        # Only the default network decides the default route.
        card |= {"dhcp4-overrides": {"use-routes": False}}
    return card
