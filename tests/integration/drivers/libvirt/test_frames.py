# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What passes a card under a filter of ours, by frames on a real bridge: the card and its peer are taps."""

from __future__ import annotations

import ipaddress
import struct
import sys
import typing as t
import uuid
from collections.abc import Iterator

import libvirt
import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_id, filter_name
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Allow, FilterShape
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import filter_xml
from support import wire
from support.private_libvirt import PrivateLibvirt

CARD, PEER, BRIDGE = "frames-card", "frames-peer", "frames-bridge"
NAME = filter_name(str(uuid.uuid4()), [str(uuid.uuid4())])
MACS = {CARD: "06:00:00:00:00:01", PEER: "06:00:00:00:00:02"}
ADDRESSES = {CARD: "10.66.0.1", PEER: "10.66.0.2"}
LETS_IN = frozenset({Allow("ingress", "tcp", "0.0.0.0/0", 80, 80), Allow("ingress", "icmp", "::/0", 128)})
WAYS = ((PEER, CARD), (CARD, PEER))
Bind = t.Callable[..., PrivateLibvirt]
TAGS = {"802.1Q": "81000005", "802.1ad": "88a80005", "both": "88a8000581000006"}


def frame(source: str, target: str, sort: int, payload: bytes, tag: str = "") -> bytes:
    macs = (bytes.fromhex(MACS[port].replace(":", "")) for port in (target, source))
    return b"".join((*macs, bytes.fromhex(tag), struct.pack("!H", sort), payload)).ljust(60, b"\0")


def checksum(words: bytes) -> int:
    total = sum(struct.unpack(f"!{len(words) // 2}H", words))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def call(source: str, target: str, port: int, tag: str = "") -> bytes:
    """The first frame of a connection by TCP."""
    ends = b"".join(ipaddress.IPv4Address(ADDRESSES[one]).packed for one in (source, target))
    tcp = struct.pack("!HHIIBBHHH", 40000, port, 1, 0, 5 << 4, 2, 1024, 0, 0)
    tcp = tcp[:16] + struct.pack("!H", checksum(ends + struct.pack("!HH", 6, len(tcp)) + tcp)) + tcp[18:]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), port, 0, 64, 6, 0) + ends
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return frame(source, target, 0x0800, head + tcp, tag)


def question(source: str, target: str, tag: str = "") -> bytes:
    """By ARP, for the other's MAC."""
    ends = [(bytes.fromhex(MACS[one].replace(":", "")), ipaddress.IPv4Address(ADDRESSES[one]).packed)
            for one in (source, target)]  # fmt: skip
    return frame(source, target, 0x0806, struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + b"".join(map(b"".join, ends)), tag)


@pytest.fixture(scope="module")
def connection(libvirt_host: PrivateLibvirt) -> Iterator[libvirt.virConnect]:
    opened = libvirt.open(libvirt_host.uri)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ports(libvirt_host: PrivateLibvirt) -> Iterator[PrivateLibvirt]:
    ip = "ip", "link"
    libvirt_host.run([*ip, "add", BRIDGE, "type", "bridge", "forward_delay", "0"])
    libvirt_host.run([*ip, "set", BRIDGE, "up"])
    for port in (CARD, PEER):
        libvirt_host.run(["ip", "tuntap", "add", "dev", port, "mode", "tap"])
        libvirt_host.run([*ip, "set", port, "master", BRIDGE, "up"])
    yield libvirt_host
    for one in (CARD, PEER, BRIDGE):
        libvirt_host.run([*ip, "del", one])


@pytest.fixture
def bind(ports: PrivateLibvirt, connection: libvirt.virConnect) -> Iterator[Bind]:
    """Puts the card under a filter."""
    made: list[libvirt.virNWFilterBinding] = []

    def bound(**fields: t.Any) -> PrivateLibvirt:
        connection.nwfilterDefineXML(filter_xml.build(FilterShape(filter_id(NAME), NAME, **fields)))
        owner = f"<owner><name>frames</name><uuid>{uuid.uuid4()}</uuid></owner>"
        address = f"<parameter name='IP' value='{ADDRESSES[CARD]}'/>"
        under = f"<mac address='{MACS[CARD]}'/><filterref filter='{NAME}'>{address}</filterref>"
        xml = f"<filterbinding>{owner}<portdev name='{CARD}'/>{under}</filterbinding>"
        made.append(connection.nwfilterBindingCreateXML(xml))
        return ports

    yield bound
    for one in made:
        one.delete()
    connection.nwfilterLookupByName(NAME).undefine()


def frames(source: str, target: str) -> dict[str, bytes]:
    """Calls of a port, a question, and the same within VLANs and within another protocol."""
    plain = {
        "call": call(source, target, 80),
        "another": call(source, target, 81),
        "question": question(source, target),
    }
    tagged = {f"call in {name}": call(source, target, 80, tag) for name, tag in TAGS.items()}
    tagged |= {f"question in {name}": question(source, target, tag) for name, tag in TAGS.items()}
    session = struct.pack("!BBHHH", 0x11, 0, 1, 42, 0x0021) + call(source, target, 80)[14:54]
    return plain | tagged | {"a call by PPPoE": frame(source, target, 0x8864, session)}


def passes(host: PrivateLibvirt, source: str, target: str) -> set[str]:
    """Which of the frames arrive; the kernel may cut off what fills up the short ones."""
    sent = frames(source, target)
    words = [sys.executable, wire.__file__, source, target]
    told = host.run(words, stdin="\n".join(one.hex() for one in sent.values())).stdout.split()
    return {name for name, one in sent.items() if any(one.hex().startswith(got) for got in told)}


def test_all_of_them_pass_where_nothing_is_filtered(ports: PrivateLibvirt) -> None:
    for way in WAYS:
        assert passes(ports, *way) == frames(*way).keys()


def test_a_limited_guest_has_no_frames_that_its_rules_do_not_see(bind: Bind) -> None:
    card = bind(limits=frozenset({"ingress", "egress"}), allows=LETS_IN)
    assert passes(card, CARD, PEER) == {"question"}
    assert passes(card, PEER, CARD) == {"call", "question"}


def test_under_a_guard_neither(bind: Bind) -> None:
    card = bind(guard=True, limits=frozenset({"ingress"}), allows=LETS_IN)
    assert passes(card, CARD, PEER) == {"call", "another", "question"}
    assert passes(card, PEER, CARD) == {"call", "question"}
