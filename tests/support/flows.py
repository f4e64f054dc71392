# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One connection that is held open while the cloud changes."""

from __future__ import annotations

import subprocess

# Sends a line each time that it is given one, over one connection to an address and port, and tells what comes back.
CLIENT = """
import socket, sys
flow = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
flow.settimeout(10)
for line in sys.stdin:
    flow.sendall(line.encode())
    print(flow.recv(100).decode(), end="", flush=True)
"""


def echoed(flow: subprocess.Popen[str], line: str) -> str:
    """What comes back over the connection of a ``CLIENT`` when it sends a line."""
    assert flow.stdin is not None
    assert flow.stdout is not None
    flow.stdin.write(f"{line}\n")
    flow.stdin.flush()
    return flow.stdout.readline().strip()
