# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters as libvirt's XML: built from a shape, and read back as the same shape.

https://libvirt.org/formatnwfilter.html. Rules on frames (mac, arp, rarp, ip, ipv6) are ebtables' and know no
connections; they keep a guest to its own addresses, and a limited one to what the other rules see. Those are iptables':
libvirt lets the replies of what they accept pass the other way. They see what a bridge hands on, and all that a guest
sends. What the host itself sends or routes to a guest they do not see: it arrives, and the guest's answers go nowhere
unless a rule allows the call.
"""

from __future__ import annotations

import ipaddress
import typing as t
import xml.etree.ElementTree as ET

from ..._core.world import Allow, FilterShape

_MAC, _IP = "$MAC", "$IP"
_METADATA, _EVERYBODY = "169.254.169.254", "255.255.255.255"
# Priorities: lower ones come first.
_APART, _GUARD, _FRAMES = -600, -500, -400
_ALWAYS, _RESOLVE, _ANSWERS, _ALLOW, _REST, _LAST = 100, 110, 400, 500, 900, 1000
_ENDS = {"in": ("src", "dst"), "out": ("dst", "src")}
_WORDS = {"ingress": "in", "egress": "out"}
# Types by which IPv6 hosts find each other (RFC 4861).
_NEIGHBOURS = range(133, 137)


class Rule(t.NamedTuple):
    """One rule as libvirt shows it."""

    priority: int
    action: str
    direction: str
    protocol: str
    match: frozenset[tuple[str, str]] = frozenset()


def build(shape: FilterShape) -> str:
    root = ET.Element("filter", name=shape.name, chain="root")
    ET.SubElement(root, "uuid").text = shape.id
    for rule in sorted(_rules(shape), key=_order):
        attributes = {"action": rule.action, "direction": rule.direction, "priority": str(rule.priority)}
        ET.SubElement(ET.SubElement(root, "rule", attributes), rule.protocol, dict(sorted(rule.match)))
    return ET.tostring(root, encoding="unicode")


def read(xml: str) -> FilterShape | None:
    """The shape of a filter; None for one that the cloud would not build."""
    root = ET.fromstring(xml)
    rules = frozenset(_read(rule) for rule in root.iterfind("rule"))
    closed = any(rule.priority == _LAST for rule in rules)
    directions = {"ingress"} if any(rule.priority == _REST for rule in rules) else {"ingress", "egress"}
    asked = [dict(rule.match).get("dstipaddr") for rule in rules if rule.priority == _RESOLVE]
    try:
        shape = FilterShape(
            id=root.findtext("uuid", ""),
            name=root.get("name", ""),
            guard=any(rule.priority == _GUARD for rule in rules),
            limits=frozenset(directions if closed else ()),
            resolver=asked[0] if asked else None,
            allows=frozenset(_allow(rule) for rule in rules if rule.priority == _ALLOW),
            apart=frozenset(_read_peer(dict(r.match), "dst", "") for r in rules if r.priority == _APART),
        )
        alike = frozenset(_rules(shape)) == rules
    except (KeyError, ValueError):
        return None
    return shape if alike and root.get("chain") == "root" and root.find("filterref") is None else None


def _rules(shape: FilterShape) -> t.Iterator[Rule]:
    if shape.guard:
        yield from _guard()
    if not shape.limits:
        return
    egress = "egress" in shape.limits
    for network in shape.apart:
        yield _rule(_APART, "drop", "out", "ip", **_peer(network, "dst"))
    yield from _frames(shape.guard)
    yield from _always(shape, egress)
    for allow in shape.allows:
        yield from _allowing(allow)
    families = ("",) if shape.guard else ("", "-ipv6")
    for family in families:
        if not egress:
            yield _rule(_REST, "accept", "out", f"all{family}")
        yield _rule(_LAST, "drop", "inout", f"all{family}")


def _guard() -> t.Iterator[Rule]:
    """A guest's own addresses: in frames, IPv4 and ARP. Nothing else passes."""
    own = {"arpsrcmacaddr": _MAC}
    dhcp = {"protocol": "udp", "srcportstart": "68", "dstportstart": "67"}
    yield _rule(_GUARD, "drop", "out", "mac", match="no", srcmacaddr=_MAC)
    # It is a client of DHCP, and no server.
    yield _rule(_GUARD + 10, "drop", "out", "ip", protocol="udp", dstportstart="68")
    yield _rule(_GUARD + 20, "accept", "out", "ip", srcipaddr="0.0.0.0", dstipaddr=_EVERYBODY, **dhcp)
    yield _rule(_GUARD + 30, "accept", "out", "ip", srcipaddr=_IP)
    yield _rule(_GUARD + 40, "accept", "out", "arp", arpsrcipaddr=_IP, **own)
    # It may ask whether an address is free (RFC 5227).
    yield _rule(_GUARD + 50, "accept", "out", "arp", arpsrcipaddr="0.0.0.0", **own)
    # So does QEMU tell bridges where the guest is by now.
    yield _rule(_GUARD + 60, "accept", "out", "rarp", opcode="Request_Reverse", **own)
    yield _rule(_GUARD + 70, "drop", "out", "mac")


def _frames(guard: bool) -> t.Iterator[Rule]:
    """Only what the rules below see: not IP within other frames, such as those of a VLAN (IEEE 802.1Q) or PPPoE.

    A guard lets none of that out. No guest under one sends IPv6, and none is to get any by another way.
    """
    way, sorts = ("in", ("arp", "rarp", "ip")) if guard else ("inout", ("arp", "rarp", "ip", "ipv6"))
    for sort in sorts:
        yield _rule(_FRAMES, "accept", way, sort)
    yield _rule(_FRAMES + 10, "drop", way, "mac")


def _always(shape: FilterShape, egress: bool) -> t.Iterator[Rule]:
    """Errors about what passes, an address by DHCP, metadata, names, and neighbours."""
    yield _rule(_ALWAYS, "accept", "inout", "icmp", state="RELATED")
    if egress:
        # Asking for an address is no way to anybody else.
        for server in ({"dstipaddr": one} for one in (_EVERYBODY, shape.resolver)) if shape.resolver else ({},):
            yield _rule(_ALWAYS, "accept", "out", "udp", srcportstart="68", dstportstart="67", **server)
        yield _rule(_ALWAYS, "accept", "out", "tcp", dstipaddr=_METADATA, dstportstart="80")
    if shape.resolver is not None:
        for protocol in ("udp", "tcp"):
            yield _rule(_RESOLVE, "accept", "out", protocol, dstipaddr=shape.resolver, dstportstart="53")
    if not shape.guard:
        yield _rule(_ALWAYS, "accept", "in", "udp", srcportstart="67", dstportstart="68")
        yield _rule(_ALWAYS, "accept", "inout", "icmpv6", state="RELATED")
        for number in _NEIGHBOURS:
            yield _rule(_ALWAYS, "accept", "inout", "icmpv6", type=str(number))


def _allowing(allow: Allow) -> t.Iterator[Rule]:
    direction, new = _WORDS[allow.direction], ":" in allow.peer
    protocol = ("icmpv6" if allow.protocol == "icmp" else f"{allow.protocol}-ipv6") if new else allow.protocol
    peer = _peer(allow.peer, _ENDS[direction][0])
    if allow.protocol != "icmp":
        ports = {"dstportstart": allow.first, "dstportend": allow.last if allow.last != allow.first else -1}
        numbers = {name: str(number) for name, number in ports.items() if number >= 0}
        yield _rule(_ALLOW, "accept", direction, protocol, **peer, **numbers)
        return
    sort = {name: str(n) for name, n in (("type", allow.first), ("code", allow.last)) if n >= 0}
    yield _rule(_ALLOW, "accept", direction, protocol, **peer, **sort)
    if sort:
        # What is answered has another type, which libvirt does not know of.
        back = "out" if direction == "in" else "in"
        answers = _peer(allow.peer, _ENDS[back][1])
        yield _rule(_ANSWERS, "accept", back, protocol, state="ESTABLISHED", **answers)


def _peer(peer: str, end: str) -> dict[str, str]:
    """Attributes for a CIDR, an address, or a range of them, as the source or destination."""
    first, hyphen, last = peer.partition("-")
    if hyphen:
        return {f"{end}ipfrom": first, f"{end}ipto": last}
    net = ipaddress.ip_network(peer)
    if net.prefixlen == 0:
        return {}
    mask = {f"{end}ipmask": str(net.prefixlen)} if "/" in peer else {}
    return {f"{end}ipaddr": str(net.network_address)} | mask


def _allow(rule: Rule) -> Allow:
    """Raises KeyError or ValueError for a rule that is none of ours."""
    match = dict(rule.match)
    new = rule.protocol == "icmpv6" or rule.protocol.endswith("-ipv6")
    protocol = "icmp" if rule.protocol == "icmpv6" else rule.protocol.removesuffix("-ipv6")
    end = _ENDS[rule.direction][0]
    first, last = ("type", "code") if protocol == "icmp" else ("dstportstart", "dstportend")
    one = int(match.get(first, -1))
    other = int(match.get(last, -1 if protocol == "icmp" else one))
    direction = next(word for word, mine in _WORDS.items() if mine == rule.direction)
    return Allow(direction, protocol, _read_peer(match, end, "::/0" if new else "0.0.0.0/0"), one, other)


def _read_peer(match: t.Mapping[str, str], end: str, anywhere: str) -> str:
    if f"{end}ipfrom" in match:
        return f"{match[f'{end}ipfrom']}-{match[f'{end}ipto']}"
    if f"{end}ipaddr" not in match:
        return anywhere
    mask = match.get(f"{end}ipmask")
    return match[f"{end}ipaddr"] + (f"/{mask}" if mask else "")


def _rule(priority: int, action: str, direction: str, sort: str, /, **match: str) -> Rule:
    return Rule(priority, action, direction, sort, frozenset(match.items()))


def _read(rule: ET.Element) -> Rule:
    """One that matches several protocols, or none, is like none of ours: its match is its text."""
    head = (int(rule.get("priority", "0")), rule.get("action", ""), rule.get("direction", ""))
    if len(rule) != 1 or rule.get("statematch"):
        return Rule(*head, "", frozenset({("", ET.tostring(rule, encoding="unicode"))}))
    return Rule(*head, rule[0].tag, frozenset(rule[0].attrib.items()))


def _order(rule: Rule) -> tuple[int, str, str, list[tuple[str, str]]]:
    return rule.priority, rule.protocol, rule.direction, sorted(rule.match)
