# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From what a virtual router is to do to the files that its machine is configured by.

Nothing here knows resources or machines: :mod:`model` says what a router is to do, and the other parts write one sort
of files each. Every value that gets into a file was checked by the model, whoever made it.
"""

from __future__ import annotations

from ..world import Configuration
from .balance import haproxy
from .cards import addresses, links, routes
from .filters import ruleset
from .model import Balancer, Client, Forward, Pass, Router, StaticNat, Vpn
from .names import dnsmasq, hosts, leases
from .vpn import wireguard

__all__ = ["Balancer", "Client", "Forward", "Pass", "Router", "StaticNat", "Vpn", "configuration"]


def configuration(router: Router) -> Configuration:
    """The files of a router's whole configuration."""
    return Configuration.of(
        {
            "links": links(router),
            "addresses": addresses(router),
            "routes": routes(router),
            "router.nft": ruleset(router),
            "dnsmasq.conf": dnsmasq(router),
            "hosts": hosts(router),
            "leases": leases(router),
            "haproxy.cfg": haproxy(router),
            "wireguard.conf": wireguard(router),
        }
    )
