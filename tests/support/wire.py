# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Two network ports, held by a program in the place of guests: what is sent from one, and what comes to the other.

The program runs within the namespaces of a libvirt host: ``wire.py SENDER RECEIVER``. Its input are frames in
hexadecimal digits, line by line, its output those that arrive. Both ports are taps that are there already.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import sys
import time

_TUNSETIFF, _IFF_TAP, _IFF_NO_PI = 0x400454CA, 0x0002, 0x1000  # linux/if_tun.h
# Seconds: until a port is a bridge's for good, and in which a frame has arrived, if it does.
_UP, _ARRIVES = 0.5, 1.0


def main() -> None:
    sender, receiver = (_open(name) for name in sys.argv[1:3])
    time.sleep(_UP)
    _read(receiver, 0)
    for line in sys.stdin.read().split():
        os.write(sender, bytes.fromhex(line))
    for frame in _read(receiver, _ARRIVES):
        print(frame.hex())


def _open(name: str) -> int:
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TAP | _IFF_NO_PI))
    return descriptor


def _read(descriptor: int, seconds: float) -> list[bytes]:
    """What comes until nothing has come for so long."""
    found = []
    while select.select([descriptor], [], [], seconds)[0]:
        found.append(os.read(descriptor, 65536))
    return found


if __name__ == "__main__":
    main()
