# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Networks as libvirt's XML: built from a shape, and read back as the same shape.

https://libvirt.org/formatnetwork.html
"""

from __future__ import annotations

import ipaddress
import xml.etree.ElementTree as ET

from ..._core.world import VXLAN_MTU, Lease, NetworkShape
from . import carried

# The note by which the metadata service of role node knows a network whose guests it answers.
_USER_DATA = "user_data"
# The note by which the hook of role node knows a network that is to have a VXLAN (roles/node/files/network_hook.py).
_VNI = "vni"


def build(shape: NetworkShape, current: str | None = None) -> str:
    """The definition of a network; ``current`` is what it is defined as so far, whose bridge keeps its MAC.

    No range of addresses is given: dnsmasq then serves the fixed leases and nobody else.
    """
    root = ET.Element("network")
    ET.SubElement(root, "name").text = shape.name
    ET.SubElement(root, "uuid").text = shape.id
    carried.add(root, shape.document, **_notes(shape))
    if shape.mode != "isolated":
        ET.SubElement(root, "forward", mode=shape.mode)
    bridge = ET.SubElement(root, "bridge", name=shape.bridge)
    if shape.mode != "bridge":
        # A tree over the bridges of all hosts would have one of them wait for another.
        bridge.set("stp", "off" if shape.vni else "on")
        bridge.set("delay", "0")
        _keep_mac(root, current)
    if shape.vni:
        ET.SubElement(root, "mtu", size=str(VXLAN_MTU))
    if shape.domain is not None:
        ET.SubElement(root, "domain", name=shape.domain, localOnly="yes")
    if shape.forwarders:
        dns = ET.SubElement(root, "dns")
        for address in shape.forwarders:
            ET.SubElement(dns, "forwarder", addr=address)
    if shape.gateway is not None:
        root.append(_ip(shape.gateway, shape.netmask, shape.leases))
    return ET.tostring(root, encoding="unicode")


def read(xml: str) -> NetworkShape:
    """The shape of a network; one that is not ours carries no document."""
    root = ET.fromstring(xml)
    forward, bridge, domain = root.find("forward"), root.find("bridge"), root.find("domain")
    ip = next((e for e in root.iterfind("ip") if e.get("family", "ipv4") == "ipv4"), None)
    return NetworkShape(
        id=root.findtext("uuid", ""),
        name=root.findtext("name", ""),
        mode="isolated" if forward is None else forward.get("mode", "nat"),
        bridge="" if bridge is None else bridge.get("name", ""),
        domain=None if domain is None else domain.get("name"),
        gateway=None if ip is None else ip.get("address"),
        netmask=_netmask(ip),
        forwarders=tuple(e.get("addr", "") for e in root.iterfind("dns/forwarder") if e.get("addr")),
        leases=frozenset(_read_lease(e) for e in root.iterfind("ip/dhcp/host") if e.get("mac")),
        document=carried.find(root) or "",
        user_data=carried.note(root, _USER_DATA) == "true",
        vni=int(vni) if (vni := carried.note(root, _VNI)).isdecimal() else None,
    )


def vxlan(shape: NetworkShape) -> str | None:
    """The name of the interface that the hook gives the network's bridge."""
    return f"vx{shape.vni}" if shape.vni else None


def _notes(shape: NetworkShape) -> dict[str, str]:
    notes = {_USER_DATA: "true"} if shape.user_data else {}
    return notes | ({_VNI: str(shape.vni)} if shape.vni else {})


def lease(lease: Lease) -> str:
    """A fixed lease by itself, to be added, changed or dropped."""
    return ET.tostring(_lease(lease), encoding="unicode")


def _keep_mac(root: ET.Element, current: str | None) -> None:
    mac = ET.fromstring(current).find("mac") if current is not None else None
    if mac is not None:
        root.append(mac)


def _ip(gateway: str, netmask: str | None, leases: frozenset[Lease]) -> ET.Element:
    ip = ET.Element("ip", address=gateway)
    if netmask is not None:
        ip.set("netmask", netmask)
    if leases:
        ET.SubElement(ip, "dhcp").extend(_lease(entry) for entry in sorted(leases))
    return ip


def _lease(lease: Lease) -> ET.Element:
    host = ET.Element("host", mac=lease.mac, ip=lease.ip)
    if lease.hostname:
        host.set("name", lease.hostname)
    return host


def _read_lease(host: ET.Element) -> Lease:
    return Lease(mac=host.get("mac", ""), ip=host.get("ip", ""), hostname=host.get("name", ""))


def _netmask(ip: ET.Element | None) -> str | None:
    if ip is None:
        return None
    prefix = ip.get("prefix")
    return str(ipaddress.ip_network(f"0.0.0.0/{prefix}").netmask) if prefix else ip.get("netmask")
