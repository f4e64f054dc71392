# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A real guest that moves from host to host while somebody pings it and reads from it, with its disks."""

from __future__ import annotations

import contextlib
import itertools
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import pinging
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import Documents, SmallCloud

ADDRESSES = ("192.0.2.1", "192.0.2.2")
# On two slow cores without KVM; a restart of the guest would take far longer.
MOST_SILENCE = 10.0


@pytest.fixture
def hosts() -> Iterator[tuple[PrivateLibvirt, PrivateLibvirt]]:
    """Two hosts with a cable between them."""
    with PrivateLibvirt() as one, PrivateLibvirt() as two:
        _cable(one, two, "cable")
        for host, address in zip((one, two), ADDRESSES, strict=True):
            host.run(["ip", "addr", "add", f"{address}/24", "dev", "cable"])
        yield one, two


def _cable(one: PrivateLibvirt, two: PrivateLibvirt, name: str) -> None:
    ends = (("type", "veth"), ("peer", "name", name, "netns", str(two.pid)))
    subprocess.run(["ip", "link", "add", name, "netns", str(one.pid), *ends[0], *ends[1]], check=True)
    for host in (one, two):
        host.run(["ip", "link", "set", name, "up"])


def documents(cloud: SmallCloud, hosts: tuple[PrivateLibvirt, PrivateLibvirt]) -> Documents:
    """Two hosts, each with a storage of its own, and what the small cloud has besides."""
    rest = [one for one in cloud.documents if one["kind"] not in ("host", "primary_storage")]
    mine: Documents = []
    for number, (host, address) in enumerate(zip(hosts, ADDRESSES, strict=True), 1):
        mine.append(
            {
                "kind": "host",
                "name": f"h{number}",
                "url": host.uri,
                "virt_type": "qemu",
                "migration_address": address,
            }
        )
        url = f"file://{host.storage}/primary"
        mine.append({"kind": "primary_storage", "name": f"s{number}", "storage_url": url, "host": f"h{number}"})
    return [*rest[:3], *mine, *rest[3:]]


def domains(host: PrivateLibvirt, *states: str) -> str:
    return host.run(["virsh", "-q", "list", "--name", *states]).stdout.strip()


@contextlib.contextmanager
def watched(host: PrivateLibvirt, address: str, key: Path, log: Path) -> Iterator[None]:
    """Somebody pings the guest, and reads how long it has been up, all the time over one TCP connection."""
    options = ["-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null", "-oServerAliveInterval=5"]
    command = "while sleep 0.1; do cut -d' ' -f1 /proc/uptime; done"
    with (log / "ping").open("w") as pings, (log / "stream").open("w") as stream:
        ping = host.popen([sys.executable, pinging.__file__, address], stdout=pings)
        ssh = host.popen(
            ["ssh", "-n", "-i", key, *options, f"root@{address}", command], stdout=stream, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            for process in (ping, ssh):
                process.terminate()
                process.wait()


def silence(log: Path) -> float:
    """The longest time, in seconds, without an answer to a ping."""
    times = [float(line) for line in (log / "ping").read_text().split()]
    return max(later - earlier for earlier, later in itertools.pairwise(times))


def test_a_guest_moves_while_it_is_used_and_when_its_host_is_emptied(
    hosts: tuple[PrivateLibvirt, PrivateLibvirt], tmp_path: Path, tiny_image: Path
) -> None:
    one, two = hosts
    with SmallCloud(one, tmp_path, tiny_image) as cloud:
        web = cloud.instance("web", host="h1", networks=["lan"])
        idle = cloud.instance("idle", host="h2", networks=["lan"], state="deployed")
        cloud.apply([*documents(cloud, hosts), web, idle])
        # The network is on both hosts now; a cable makes one of its two bridges.
        _cable(one, two, "lan")
        for host in hosts:
            bridge = host.run(["virsh", "-q", "net-list", "--name"]).stdout.split()[0]
            (name,) = re.findall(r"bridge name='([^']+)'", host.run(["virsh", "net-dumpxml", bridge]).stdout)
            host.run(["ip", "link", "set", "lan", "master", name])
        cloud.reach("web", "echo kept > /root/file; sync")
        address = cloud.instances()["web"]["default_ip"]

        with watched(one, address, tmp_path / "id_ed25519", tmp_path):
            time.sleep(3)
            told = cloud.task("instance", "--check", "--diff", name="web", host="h2").stdout
            assert "changed=1" in told
            assert "web-" in domains(one)
            cloud.task("instance", name="web", host="h2")
            time.sleep(3)
        gap = silence(tmp_path)
        print(f"longest silence {gap:.2f} s")
        assert gap < MOST_SILENCE
        uptimes = [float(line) for line in (tmp_path / "stream").read_text().split()]
        assert uptimes == sorted(uptimes)
        assert uptimes[-1] - uptimes[0] > 5
        assert "web-" in domains(two)
        assert "web-" not in domains(one, "--all")
        assert not list((one.storage / "primary").glob("volume-*"))
        assert "changed=0" in cloud.task("instance", name="web", host="h2").stdout

        cloud.task("host", name="h2", state="maintenance")
        assert "web-" in domains(one)
        assert domains(two) == ""
        assert "idle-" in domains(two, "--all")
        (uptime,) = re.findall(r"^[0-9]+\.[0-9]+(?= )", cloud.reach("web", "cat /proc/uptime"), re.M)
        assert float(uptime) > uptimes[-1]
        assert "kept" in cloud.reach("web", "cat /root/file")

        cloud.task("host", name="h2", state="enabled")
        cloud.task("instance", name="web", state="stopped")
        cloud.task("instance", name="web", host="h2", state="started")
        assert "kept" in cloud.reach("web", "cat /root/file")
