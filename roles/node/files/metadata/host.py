# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The guests of this host, looked up in libvirt by a connection that can only read."""

from __future__ import annotations

import os
import typing as t

import guest as guests
import libvirt
import seed
from port import Place


class Host:
    def __init__(self, connection: t.Any) -> None:
        self._connection = connection

    def guest_at(self, place: Place, address: str) -> guests.Guest | None:
        """The guest that is plugged in at ``place`` and has the address; None unless its network gives it metadata."""
        for domain in self._connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE):
            xml = _described(domain)
            network = guests.network_at(xml, place.port, place.mac) if xml else None
            if xml and network:
                found = guests.domain(xml)
                leases = _described(self._connection.networkLookupByName(network))
                if found is None or not guests.serves(leases, place.bridge, place.mac, address):
                    return None
                return self._guest(found)
        return None

    def _guest(self, domain: guests.Domain) -> guests.Guest:
        pool, volume = domain.seed
        path = self._connection.storagePoolLookupByName(pool).storageVolLookupByName(volume).path()
        return guests.guest(domain, seed.files(_read(path)), self._subnets(domain))

    def _subnets(self, domain: guests.Domain) -> dict[str, str]:
        networks = {str(nic[0]) for nic in domain.document.get("nics", ())}
        look_up = self._connection.networkLookupByUUIDString
        return {network: guests.subnet(_described(look_up(network))) for network in networks}


def _described(thing: t.Any) -> str:
    """The XML of a domain or network; empty when it has just gone."""
    try:
        return str(thing.XMLDesc(0))
    except libvirt.libvirtError as error:
        if error.get_error_code() in (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_ERR_NO_NETWORK):
            return ""
        raise


def _read(path: str) -> bytes:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        content = file.read(seed.LIMIT + 1)
    if len(content) > seed.LIMIT:
        raise ValueError("the seed is too large to be one")
    return content
