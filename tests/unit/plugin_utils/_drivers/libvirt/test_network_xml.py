# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A network that is built from a shape is read back as that shape, also from what libvirt makes of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Lease, NetworkShape
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import network_xml

IDENT = "33333333-3333-4333-8333-333333333333"
LEASES = frozenset({Lease("02:00:00:00:00:02", "10.5.0.2", "web1"), Lease("02:00:00:00:00:03", "10.5.0.3", "")})
NAT = NetworkShape(
    IDENT, "lan", "nat", "cn1", "x.example", "10.5.0.1", "255.255.255.0", ("9.9.9.9", "8.8.8.8"), LEASES, '{"a": 1}'
)
# What libvirt 9 shows of a running network that was defined as NAT.
RUNNING = f"""
<network connections='1'>
  <name>lan</name>
  <uuid>{IDENT}</uuid>
  <metadata>
    <cairn:resource xmlns:cairn="https://cairn.cloud/xmlns/resource/1">{{"a": 1}}</cairn:resource>
  </metadata>
  <forward mode='nat'><nat><port start='1024' end='65535'/></nat></forward>
  <bridge name='cn1' stp='on' delay='0'/>
  <mac address='52:54:00:9c:51:4c'/>
  <domain name='x.example' localOnly='yes'/>
  <dns><forwarder addr='9.9.9.9'/><forwarder addr='8.8.8.8'/></dns>
  <ip address='10.5.0.1' netmask='255.255.255.0'>
    <dhcp>
      <host mac='02:00:00:00:00:02' name='web1' ip='10.5.0.2'/>
      <host mac='02:00:00:00:00:03' ip='10.5.0.3'/>
    </dhcp>
  </ip>
</network>
"""
SHAPES = {
    "nat": NAT,
    "no lease": NetworkShape(IDENT, "lan", "nat", "cn1", None, "10.5.0.1", "255.255.255.0"),
    "route": NetworkShape(IDENT, "lan", "route", "cn1", "x.example", "10.5.0.1", "255.255.0.0"),
    "isolated": NetworkShape(IDENT, "lan", "isolated", "cn1", None, "10.5.0.1", "255.255.255.0", leases=LEASES),
    "isolated without an address": NetworkShape(IDENT, "lan", "isolated", "cn1"),
    "vxlan": NetworkShape(IDENT, "lan", "isolated", "cn1", document="{}", vni=4711),
    "bridge": NetworkShape(IDENT, "lan", "bridge", "br0", document="{}"),
    "with metadata for guests": NetworkShape(
        IDENT, "lan", "nat", "cn1", None, "10.5.0.1", document="{}", user_data=True
    ),
}

text = st.text(st.characters(min_codepoint=32, exclude_categories=["C", "Zl", "Zp"]), max_size=20)
addresses = st.ip_addresses(v=4).map(str)
leases = st.builds(Lease, mac=text.filter(bool), ip=addresses, hostname=text)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_each_mode_comes_back_as_it_was(shape: NetworkShape) -> None:
    assert network_xml.read(network_xml.build(shape)) == shape


@given(
    st.builds(
        NetworkShape,
        id=st.uuids().map(str),
        name=text,
        mode=st.sampled_from(["nat", "route", "isolated", "bridge"]),
        bridge=text,
        domain=st.none() | text,
        gateway=addresses,
        netmask=st.just("255.255.255.0"),
        forwarders=st.lists(addresses, max_size=3).map(tuple),
        leases=st.frozensets(leases, max_size=5),
        document=text,
    )
)
def test_a_shape_comes_back_as_it_was(shape: NetworkShape) -> None:
    assert network_xml.read(network_xml.build(shape)) == shape


def test_a_running_network_has_the_shape_that_it_was_defined_with() -> None:
    assert network_xml.read(RUNNING) == NAT


def test_the_bridge_keeps_its_mac_when_a_network_is_redefined() -> None:
    assert "52:54:00:9c:51:4c" in network_xml.build(NAT, RUNNING)
    assert network_xml.read(network_xml.build(NAT, RUNNING)) == NAT


def test_nobody_but_the_holders_of_leases_is_served() -> None:
    assert ET.fromstring(network_xml.build(NAT)).find("ip/dhcp/range") is None


def test_networks_of_others_are_read_as_far_as_they_go() -> None:
    addresses = "<ip family='ipv6' address='fd00::1' prefix='64'/><ip address='10.0.0.1' prefix='20'/>"
    xml = f"<network><name>n</name><forward/>{addresses}</network>"
    seen = network_xml.read(xml)
    assert (seen.mode, seen.gateway, seen.netmask, seen.document) == ("nat", "10.0.0.1", "255.255.240.0", "")


def test_a_vxlan_leaves_room_for_its_headers_and_has_no_spanning_tree() -> None:
    root = ET.fromstring(network_xml.build(SHAPES["vxlan"]))
    mtu, bridge = root.find("mtu"), root.find("bridge")
    assert mtu is not None
    assert bridge is not None
    assert (mtu.get("size"), bridge.get("stp")) == ("1450", "off")
    assert ET.fromstring(network_xml.build(SHAPES["isolated"])).find("mtu") is None


def test_the_interface_of_a_vxlan() -> None:
    assert network_xml.vxlan(SHAPES["vxlan"]) == "vx4711"
    assert network_xml.vxlan(SHAPES["nat"]) is None
