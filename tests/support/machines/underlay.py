# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What passes between a lab's machines: each packet on the ports of its bridge, and what is in it if it is a VXLAN's.

Run as a program it captures, within the lab's namespaces, and prints a line of JSON a packet until it is ended.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import typing as t

ETHERTYPE_IPV4, ETHERTYPE_ARP, UDP, VXLAN_PORT = 0x0800, 0x0806, 17, 4789
ALL, ETHERNET, IPV4_LEAST, VXLAN = 3, 14, 20, 8


class Packet(t.NamedTuple):
    """Source and target are IPv4 addresses, of ARP too; of a VXLAN's, ``vni`` is its number and ``inner`` who sends."""

    source: str
    target: str
    vni: int = 0
    inner: str = ""


def parse(frame: bytes) -> Packet | None:
    """A frame's packet; None where it is neither IPv4 nor ARP."""
    kind, body = int.from_bytes(frame[12:14], "big"), frame[ETHERNET:]
    if kind == ETHERTYPE_ARP:
        return Packet(_address(body[14:18]), _address(body[24:28]))
    if kind != ETHERTYPE_IPV4 or len(body) < IPV4_LEAST:
        return None
    source, target = _address(body[12:16]), _address(body[16:20])
    payload = body[(body[0] & 15) * 4 :]
    if body[9] != UDP or int.from_bytes(payload[2:4], "big") != VXLAN_PORT:
        return Packet(source, target)
    within = parse(payload[8 + VXLAN :])
    return Packet(source, target, int.from_bytes(payload[12:15], "big"), within.source if within else "")


def _address(raw: bytes) -> str:
    return str(ipaddress.IPv4Address(raw))


def capture() -> t.Iterator[Packet]:
    """What passes any interface, in and out."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL)) as sock:
        print("ready", flush=True)
        while True:
            found = parse(sock.recv(65535))
            if found:
                yield found


if __name__ == "__main__":
    for one in capture():
        print(json.dumps(one), flush=True)
