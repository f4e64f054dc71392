# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where an address is follows from the kernel's tables alone."""

from __future__ import annotations

import struct
from pathlib import Path

import port
import pytest

ADDRESS, MAC, OTHER = "10.0.0.2", "06:00:00:00:00:01", "06:00:00:00:00:02"
ARP = """\
IP address       HW type     Flags       HW address            Mask     Device
10.0.0.2         0x1         0x2         06:00:00:00:00:01     *        cn1
10.0.0.20        0x1         0x2         06:00:00:00:00:02     *        cn1
10.0.0.2         0x1         0x0         06:00:00:00:00:02     *        cn2
10.0.0.2         0x1         0x2         00:00:00:00:00:00     *        cn3
"""


def seen(mac: str, number: int, *, local: bool = False) -> bytes:
    raw = bytes.fromhex(mac.replace(":", ""))
    return struct.pack("=6sBBIBBH", raw, number & 0xFF, local, 100, number >> 8, 0, 0)


def kernel(root: Path, arp: str, bridges: dict[str, tuple[bytes, dict[str, int]]]) -> list[port.Place]:
    (root / "proc" / "net").mkdir(parents=True)
    (root / "proc" / "net" / "arp").write_text(arp)
    for bridge, (table, ports) in bridges.items():
        folder = root / "sys" / "class" / "net" / bridge
        (folder / "brif").mkdir(parents=True)
        (folder / "brforward").write_bytes(table)
        for name, number in ports.items():
            (folder / "brif" / name).mkdir()
            (folder / "brif" / name / "port_no").write_text(f"{number:#x}\n")
    return port.places(ADDRESS, root / "proc", root / "sys")


def test_a_neighbour_has_answered() -> None:
    assert port.neighbours(ARP, ADDRESS) == [(MAC, "cn1")]
    assert port.neighbours(ARP, "10.0.0.9") == []
    assert port.neighbours("", ADDRESS) == []


def test_the_port_behind_which_a_mac_is(tmp_path: Path) -> None:
    table = seen(OTHER, 1) + seen(MAC, 0x102) + seen(MAC, 3, local=True)
    found = kernel(tmp_path, ARP, {"cn1": (table, {"vnet1": 1, "vnet2": 0x102, "vnet3": 3})})
    assert found == [port.Place(MAC, "cn1", "vnet2")]


def test_an_address_on_two_bridges_is_at_both(tmp_path: Path) -> None:
    arp = ARP + f"{ADDRESS} 0x1 0x2 {OTHER} * cn2\n"
    tables = {"cn1": (seen(MAC, 1), {"vnet1": 1}), "cn2": (seen(OTHER, 1), {"vnet7": 1})}
    assert kernel(tmp_path, arp, tables) == [port.Place(MAC, "cn1", "vnet1"), port.Place(OTHER, "cn2", "vnet7")]


@pytest.mark.parametrize("table", [b"", seen(OTHER, 1), seen(MAC, 9), seen(MAC, 1)[:-1]])
def test_who_is_behind_no_port_is_nowhere(tmp_path: Path, table: bytes) -> None:
    assert kernel(tmp_path, ARP, {"cn1": (table, {"vnet1": 1})}) == []


def test_a_neighbour_on_no_bridge_is_nowhere(tmp_path: Path) -> None:
    assert kernel(tmp_path, ARP, {}) == []
