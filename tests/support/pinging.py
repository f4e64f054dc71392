# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Ping an address ten times a second until the end (RFC 792), and say when each answer came."""

from __future__ import annotations

import select
import socket
import struct
import sys
import time


def request(number: int) -> bytes:
    """An echo request without a body."""
    header = struct.pack(">BBHHH", 8, 0, 0, 0x6361, number)
    total = sum(struct.unpack(">4H", header))
    total = (total >> 16) + (total & 0xFFFF)
    return header[:2] + struct.pack(">H", ~total & 0xFFFF) + header[4:]


def main(address: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as line:
        for number in range(1 << 16):
            try:
                line.sendto(request(number), (address, 0))
            except OSError:
                time.sleep(0.1)
                continue
            end = time.monotonic() + 0.1
            while (left := end - time.monotonic()) > 0:
                if select.select([line], [], [], left)[0]:
                    packet, (source, _port) = line.recvfrom(1024)
                    if source == address and packet[20] == 0:
                        print(time.time(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
