# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""DHCP and DNS of a router."""

from __future__ import annotations

import dataclasses as dc

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.names import dnsmasq, hosts, leases
from support.routers import PUBLIC, SMALL


def test_each_guest_has_its_lease_and_its_name() -> None:
    assert leases(PUBLIC).splitlines() == [
        "06:00:00:00:00:09,10.1.1.9,web",
        "06:00:00:00:00:0a,10.1.1.10,db",
    ]
    assert hosts(PUBLIC).splitlines() == ["10.1.1.9 web", "10.1.1.10 db"]


def test_only_guests_are_served_and_only_known_ones() -> None:
    lines = dnsmasq(PUBLIC).splitlines()
    assert {"interface=guest", "dhcp-range=10.1.1.0,static,255.255.255.0,86400", "dhcp-authoritative"} <= set(lines)
    assert "leasefile-ro" in lines
    assert not [line for line in lines if line.startswith("dhcp-leasefile")]
    assert {"domain=inside.example", "local=/inside.example/", "expand-hosts"} <= set(lines)
    assert not [line for line in lines if line.startswith("server=")]


def test_guests_are_told_an_mtu_that_their_cards_do_not_have_by_themselves() -> None:
    assert "dhcp-option=option:mtu,1450" in dnsmasq(dc.replace(SMALL, mtu=1450)).splitlines()
    assert "mtu" not in dnsmasq(SMALL)


def test_guests_are_no_reason_to_start_it_anew() -> None:
    assert dnsmasq(PUBLIC) == dnsmasq(dc.replace(PUBLIC, leases=frozenset()))


def test_name_servers_and_no_domain() -> None:
    lines = dnsmasq(dc.replace(SMALL, forwarders=("192.0.2.53", "192.0.2.54"))).splitlines()
    assert [line for line in lines if line.startswith("server=")] == ["server=192.0.2.53", "server=192.0.2.54"]
    assert not [line for line in lines if line.startswith(("domain=", "local="))]
