# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Role node keeps guests from the metadata of a cloud that the machine is in: packets in a namespace of the test."""

from __future__ import annotations

import ipaddress
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import wire
from support.playbook import Ansible, Result
from support.private_libvirt import PrivateLibvirt

METADATA, ELSEWHERE = "169.254.169.254", "198.51.100.1"
MAC = "02:00:00:00:00:01"
OURS, THEIRS, CONTAINERS = "cn0123456789ab", "docker9", "cni0"
NETWORK = "<network><name>one</name><bridge name='cn-one'/><ip address='10.66.9.1' prefix='24'/></network>"
HOOK = Path("/etc/libvirt/hooks/network.d/cairn-metadata")


def run_role(host: PrivateLibvirt, directory: Path, *arguments: str, **variables: Any) -> Result:
    tasks: list[dict[str, Any]] = [{"ansible.builtin.setup": {"gather_subset": ["min"]}}]
    for part in ("preflight", "forward"):
        role = {"name": "cairn.cloud.node", "tasks_from": part}
        tasks.append({"ansible.builtin.include_role": role, "vars": {"node_runs_systemd": False} | variables})
    return Ansible(directory, host).play(tasks, *arguments, timeout=300)


@pytest.fixture(scope="module")
def router() -> Iterator[PrivateLibvirt]:
    """A host of its own with three bridges, and a way out of it that ends in a tap."""
    with PrivateLibvirt() as host:
        host.run(["sysctl", "--write", "net.ipv4.ip_forward=1"])
        for number, bridge in enumerate((OURS, THEIRS, CONTAINERS)):
            host.run(["ip", "link", "add", bridge, "address", MAC, "type", "bridge", "forward_delay", "0"])
            host.run(["ip", "tuntap", "add", "dev", f"guest-{number}", "mode", "tap"])
            host.run(["ip", "link", "set", f"guest-{number}", "master", bridge, "up"])
            host.run(["ip", "address", "add", f"10.66.{number}.254/24", "dev", bridge])
            host.run(["ip", "link", "set", bridge, "up"])
        host.run(["ip", "tuntap", "add", "dev", "uplink", "mode", "tap"])
        host.run(["ip", "address", "add", "192.0.2.1/24", "dev", "uplink"])
        host.run(["ip", "link", "set", "uplink", "up"])
        # No default route, by which all that asks for names would wait for an answer.
        for target in (METADATA, ELSEWHERE):
            host.run(["ip", "route", "add", target, "via", "192.0.2.2"])
        host.run(["ip", "neigh", "replace", "192.0.2.2", "lladdr", "02:00:00:00:00:02", "dev", "uplink"])
        yield host


def datagram(source: str, target: str) -> bytes:
    """A frame for the bridge with an empty datagram by UDP."""
    addresses = b"".join(ipaddress.IPv4Address(one).packed for one in (source, target))
    head = struct.pack("!BBHHHBBH", 0x45, 0, 28, 1, 0, 64, 17, 0) + addresses
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    head = head[:10] + struct.pack("!H", ~total & 0xFFFF) + head[12:]
    macs = bytes.fromhex("0200000000010600000000010800")
    return (macs + head + struct.pack("!HHHH", 40000, 80, 8, 0)).ljust(60, b"\0")


def reaches(host: PrivateLibvirt, bridge: str) -> set[str]:
    """Where a guest on the bridge reaches, beyond the host."""
    number = (OURS, THEIRS, CONTAINERS).index(bridge)
    sent = [datagram(f"10.66.{number}.1", target).hex() for target in (METADATA, ELSEWHERE)]
    words = [sys.executable, wire.__file__, f"guest-{number}", "uplink"]
    got = [bytes.fromhex(line) for line in host.run(words, stdin="\n".join(sent)).stdout.split()]
    return {str(ipaddress.IPv4Address(frame[30:34])) for frame in got if frame[12:14] == b"\x08\x00"}


def table(host: PrivateLibvirt) -> str:
    return host.run(["nft", "list", "ruleset"]).stdout


def test_guests_do_not_reach_it_unless_that_is_wanted(router: PrivateLibvirt, tmp_path: Path) -> None:
    assert reaches(router, OURS) == {METADATA, ELSEWHERE}
    assert run_role(router, tmp_path, "--check").changed
    assert "cairn_node" not in table(router)
    assert run_role(router, tmp_path).changed
    assert run_role(router, tmp_path).changed == 0
    assert reaches(router, OURS) == {ELSEWHERE}
    assert reaches(router, THEIRS) == reaches(router, CONTAINERS) == {METADATA, ELSEWHERE}

    # Somebody flushes all rules, or the machine is started again: libvirt brings it back before any guest runs.
    router.run(["nft", "delete", "table", "inet", "cairn_node"])
    (tmp_path / "network.xml").write_text(NETWORK)
    router.run(["virsh", "net-create", str(tmp_path / "network.xml")])
    assert reaches(router, OURS) == {ELSEWHERE}
    router.run(["virsh", "net-destroy", "one"])

    # A rule that was changed by hand is put right.
    router.run(["nft", "flush", "chain", "inet", "cairn_node", "forward"])
    assert reaches(router, OURS) == {METADATA, ELSEWHERE}
    assert run_role(router, tmp_path).changed == 1
    assert reaches(router, OURS) == {ELSEWHERE}

    assert run_role(router, tmp_path, node_block_foreign_metadata=False).changed
    assert run_role(router, tmp_path, node_block_foreign_metadata=False).changed == 0
    assert reaches(router, OURS) == {METADATA, ELSEWHERE}
    assert "cairn_node" not in table(router)
    assert router.run(["test", "-e", str(HOOK)], check=False).returncode == 1
