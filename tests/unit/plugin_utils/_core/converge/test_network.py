# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A network is one of libvirt's on each host that has instances of it."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import wanted
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.network import (
    lease_of,
    network_shape,
    seed_network,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.seed import SeedNetwork
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Lease
from support.wanted import H1, MAC, NET, WEB, Z1, changed, desired, ident, made, on_host, small

SHARED = ident("network_offering", "shared")
LEASE = Lease(MAC, "10.0.0.2", "web")


def test_a_shared_network() -> None:
    shape = network_shape(small()[NET], desired())
    assert (shape.mode, shape.gateway, shape.netmask) == ("nat", "10.0.0.1", "255.255.255.0")
    assert (shape.domain, shape.forwarders) == ("example.org", ("192.0.2.53",))
    assert len(shape.bridge) <= 15


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ((changed(SHARED, source_nat=False),), "mode", "route"),
        ((changed(Z1, dns1=None, dns2="192.0.2.54"),), "forwarders", ("192.0.2.54",)),
        ((changed(NET, network_domain="own.example"),), "domain", "own.example"),
        ((changed(NET, gateway="10.0.0.9"),), "gateway", "10.0.0.9"),
        ((changed(SHARED, guest_ip_type="L2"),), "mode", "isolated"),
        ((), "user_data", True),
        ((changed(SHARED, user_data=None),), "user_data", False),
        ((changed(SHARED, guest_ip_type="L2"),), "user_data", False),
    ],
)
def test_what_a_network_follows_from(changes: tuple[object, ...], field: str, value: object) -> None:
    state = desired(None, *changes)  # type: ignore[arg-type]
    assert getattr(network_shape(state.resources[NET], state), field) == value


@pytest.mark.parametrize(
    ("traffic", "removing", "mode"),
    [("Guest", False, "bridge"), ("Guest", True, "isolated"), ("Storage", False, "isolated")],
)
def test_an_l2_network_uses_the_bridge_of_guest_traffic(traffic: str, removing: bool, mode: str) -> None:
    label = made("traffic_type", traffic, physical_network="cabling", kvm_networklabel="br0")
    state = desired(
        None,
        changed(SHARED, guest_ip_type="L2"),
        changed(NET, physical_network="cabling", cidr=None),
        dc.replace(label, removing=removing),
    )
    shape = network_shape(state.resources[NET], state)
    assert shape.mode == mode
    assert (shape.bridge == "br0") == (mode == "bridge")
    assert seed_network(state.resources[NET], state) == SeedNetwork(None, None, None)


def test_an_l2_network_with_a_number_is_a_vxlan_whatever_bridge_there_is() -> None:
    label = made("traffic_type", "Guest", physical_network="cabling", kvm_networklabel="br0")
    numbered = changed(NET, physical_network="cabling", cidr=None, vlan=4711)
    state = desired(None, changed(SHARED, guest_ip_type="L2"), numbered, label)
    shape = network_shape(state.resources[NET], state)
    assert (shape.mode, shape.vni, shape.gateway) == ("isolated", 4711, None)
    assert shape.bridge != "br0"


def test_leases_are_those_of_the_hosts_instances() -> None:
    (shape,) = on_host(desired([NET])).networks
    assert shape.leases == {LEASE}
    elsewhere = changed(WEB, host="other")
    (shape,) = on_host(desired([NET], elsewhere)).networks
    assert shape.leases == frozenset()
    (shape,) = on_host(desired([NET], changed(WEB, removing=True))).networks
    assert shape.leases == frozenset()


def test_a_card_without_an_address_has_no_lease() -> None:
    assert lease_of(Nic(WEB, NET, 0, MAC), small()[WEB]) is None
    assert lease_of(Nic(WEB, NET, 0, MAC, "10.0.0.2"), small()[WEB]) == LEASE


def test_a_network_that_goes() -> None:
    host = on_host(desired([NET], changed(NET, removing=True)))
    assert (host.networks, host.gone_networks) == ((), (NET,))


def test_hosts_that_left_are_not_asked() -> None:
    left = dc.replace(small()[NET], status={"hosts": [H1, "left"]})
    for one in (left, dc.replace(left, removing=True)):
        assert wanted(desired([NET], one)).keys() == {H1}
