# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""At which port of a bridge an address is, as the kernel knows it.

The neighbour table says which MAC answers for an address, and on which bridge; the bridge's forwarding table says
behind which of its ports that MAC was last seen. Neither has anything of what a guest writes into a request.
Source: proc_net(5) for /proc/net/arp; struct __fdb_entry of linux/if_bridge.h for a bridge's brforward.
"""

from __future__ import annotations

import struct
import typing as t
from pathlib import Path

# mac, low byte of the port's number, whether it is the bridge's own, age, high byte, padding
_ENTRY = struct.Struct("=6sBBIBBH")
_COMPLETE = 0x02
_NO_MAC = "00:00:00:00:00:00"


class Place(t.NamedTuple):
    """Where a neighbour is: its MAC, the bridge and the bridge's port."""

    mac: str
    bridge: str
    port: str


def neighbours(table: str, address: str) -> list[tuple[str, str]]:
    """MAC and interface of each neighbour that has the address."""
    found = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) == 6 and fields[0] == address and int(fields[2], 16) & _COMPLETE and fields[3] != _NO_MAC:
            found.append((fields[3].lower(), fields[5]))
    return found


def port_numbers(table: bytes, mac: str) -> set[int]:
    """The numbers of the ports behind which a bridge has seen the MAC."""
    wanted = bytes.fromhex(mac.replace(":", ""))
    whole = len(table) - len(table) % _ENTRY.size
    entries = _ENTRY.iter_unpack(table[:whole])
    return {low | high << 8 for seen, low, local, _age, high, _pad, _unused in entries if seen == wanted and not local}


def places(address: str, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> list[Place]:
    """Where the address is; several where it is claimed on several bridges."""
    found = []
    for mac, device in neighbours((proc / "net" / "arp").read_text(), address):
        bridge = sys / "class" / "net" / device
        if (bridge / "brforward").exists():
            numbers = port_numbers((bridge / "brforward").read_bytes(), mac)
            ports = (bridge / "brif").iterdir()
            found += [Place(mac, device, port.name) for port in ports if _number(port) in numbers]
    return found


def _number(port: Path) -> int:
    try:
        return int((port / "port_no").read_text(), 16)
    except OSError:  # the guest has just ended
        return -1
