# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Read what crosses an interface until the end, and say how many bytes there were, and how often a text (packet(7))."""

from __future__ import annotations

import json
import signal
import socket
import sys
import types

# <linux/if_ether.h>, <asm-generic/socket.h>
_EVERY_PROTOCOL = 3
_SO_RCVBUFFORCE = 33
_BUFFER = 64 << 20
_FRAME = 1 << 17


def _end(_signal: int, _frame: types.FrameType | None) -> None:
    raise SystemExit


def main(interface: str, text: str) -> None:
    total = found = 0
    signal.signal(signal.SIGTERM, _end)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERY_PROTOCOL)) as line:
        line.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        line.bind((interface, 0))
        print("{}", flush=True)
        try:
            while True:
                frame = line.recv(_FRAME)
                total += len(frame)
                found += frame.count(text.encode())
        finally:
            print(json.dumps({"bytes": total, "found": found}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
