#!/usr/bin/python3 -I
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""libvirt's hook of networks (https://libvirt.org/hooks.html): the VXLAN of networks that are to have one.

The cloud notes the number of the VXLAN in the network's metadata. When such a network starts, an interface of that
number is made and plugged into the network's bridge; when it stops, the interface goes. Hosts find each other by a
multicast group that follows from the number. What fails here fails the start, and libvirt tells the cloud why.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

TAG = "{https://cairn.cloud/xmlns/resource/1}resource"
# The interface that VXLANs run over, if it is not the one of the default route.
DEVICE_FILE = Path("/etc/libvirt/cairn/vxlan_device")
PORT = "4789"


class Failed(Exception):
    """The VXLAN cannot be made; the message says why."""


def ip(*words: str) -> str:
    done = subprocess.run(["/usr/sbin/ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def segment(text: str) -> tuple[int, str] | None:
    """Number of the VXLAN and name of the bridge, by what libvirt gives a hook; None for networks without one."""
    root = ET.fromstring(text)
    resource, bridge = root.find(f".//network/metadata/{TAG}"), root.find(".//network/bridge")
    number = "" if resource is None else resource.get("vni", "")
    if not number.isdecimal() or bridge is None:
        return None
    return int(number), bridge.get("name", "")


def group(vni: int) -> str:
    return f"239.{vni >> 16 & 255}.{vni >> 8 & 255}.{vni & 255}"


def device() -> str:
    """The interface that VXLANs run over. Raises Failed."""
    if DEVICE_FILE.exists():
        return DEVICE_FILE.read_text().strip()
    words = ip("-4", "route", "show", "default").split()
    if "dev" not in words:
        raise Failed("there is no default route to run a VXLAN over; set node_vxlan_device for role node")
    return words[words.index("dev") + 1]


def plug(vni: int, bridge: str) -> None:
    name = f"vx{vni}"
    unplug(vni)
    over = ["group", group(vni), "dev", device(), "dstport", PORT]
    ip("link", "add", name, "mtu", "1450", "type", "vxlan", "id", str(vni), *over)
    ip("link", "set", name, "master", bridge, "up")


def unplug(vni: int) -> None:
    name = f"vx{vni}"
    if Path("/sys/class/net", name).exists():
        ip("link", "delete", name)


def main() -> None:
    operation = sys.argv[2]
    if operation not in ("started", "stopped"):
        return
    found = segment(sys.stdin.read())
    if found is None:
        return
    try:
        if operation == "started":
            plug(*found)
        else:
            unplug(found[0])
    except (Failed, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
