# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""DHCP and DNS of a router, by dnsmasq.

https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html
"""

from __future__ import annotations

import ipaddress

from ..world import Lease
from .cards import GUEST
from .model import Router

# Where the machine keeps the files that are read again when it is told so.
DIRECTORY = "/run/router"
_HOLD = 86400  # seconds that a guest may go on with its address without asking again


def dnsmasq(router: Router) -> str:
    """The configuration file. A change of it starts dnsmasq anew; guests and leases are not in it.

    It remembers no lease beyond its own life, so that one that is taken away is gone when it is started anew."""
    net = ipaddress.IPv4Network(router.network)
    lines = [
        f"interface={GUEST}",
        "except-interface=lo",
        "bind-dynamic",
        "no-hosts",
        "no-resolv",
        "domain-needed",
        "bogus-priv",
        f"addn-hosts={DIRECTORY}/hosts",
        f"dhcp-hostsfile={DIRECTORY}/leases",
        "leasefile-ro",
        "dhcp-authoritative",
        f"dhcp-range={net.network_address},static,{net.netmask},{_HOLD}",
        f"dhcp-option=option:router,{router.gateway}",
        f"dhcp-option=option:dns-server,{router.gateway}",
        *([f"dhcp-option=option:mtu,{router.mtu}"] if router.mtu else []),
        *(f"server={address}" for address in router.forwarders),
    ]
    if router.domain:
        lines += [f"domain={router.domain}", f"local=/{router.domain}/", "expand-hosts"]
    return "".join(f"{line}\n" for line in lines)


def leases(router: Router) -> str:
    """A line for each guest: who has this MAC gets this address."""
    return "".join(f"{lease.mac},{lease.ip},{lease.hostname}\n" for lease in _ordered(router))


def hosts(router: Router) -> str:
    """The names of guests, whether they have asked for their address or not."""
    return "".join(f"{lease.ip} {lease.hostname}\n" for lease in _ordered(router))


def _ordered(router: Router) -> list[Lease]:
    return sorted(router.leases, key=lambda lease: (ipaddress.IPv4Address(lease.ip), lease.mac))
