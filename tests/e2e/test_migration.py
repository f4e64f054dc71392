# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A real guest that moves from host to host while somebody pings it and reads from it, with its disks; and whose moves
are cut short."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import pinging
from support.moving_hosts import MovingHosts
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud

# On two slow cores without KVM; a restart of the guest would take far longer.
MOST_SILENCE = 10.0
# What the guest keeps in many places of its disk: all but /persist is memory. The guest itself puts it together.
SECRET = "kept-and-told-to-nobody"
KEEP = "yes kept-and-told-to-$(echo nobody) | head -n 20000 > /persist/file; sync"
KEPT = "grep -c told-to /persist/file; cut -d' ' -f1 /proc/uptime"


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovingHosts]:
    with MovingHosts.started(tmp_path_factory.mktemp("pki")) as both:
        yield both


@pytest.fixture(scope="module")
def cloud(hosts: MovingHosts, tmp_path_factory: pytest.TempPathFactory, tiny_image: Path) -> Iterator[SmallCloud]:
    """Guest web runs on h1, in a network that is on both hosts; idle is on h2 and never ran."""
    with SmallCloud(hosts.hosts[0], tmp_path_factory.mktemp("cloud"), tiny_image) as cloud:
        web = cloud.instance("web", host="h1", networks=["lan"])
        idle = cloud.instance("idle", host="h2", networks=["lan"], state="deployed")
        cloud.apply([*hosts.documents(cloud.documents), web, idle])
        hosts.join_bridges()
        cloud.reach("web", KEEP)
        yield cloud


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
                host.end(process)


def silence(log: Path) -> float:
    """The longest time, in seconds, without an answer to a ping."""
    times = [float(line) for line in (log / "ping").read_text().split()]
    return max(later - earlier for earlier, later in itertools.pairwise(times))


def kept(cloud: SmallCloud) -> float:
    """How long the guest, which has its file, has been up."""
    told = cloud.reach("web", KEPT)
    found = re.search(r">>\s*(\d+)\s+([\d.]+)\s", told)
    assert found is not None, told
    assert found[1] == "20000"
    return float(found[2])


def test_a_guest_moves_while_it_is_used_and_when_its_host_is_emptied(
    cloud: SmallCloud, hosts: MovingHosts, tmp_path: Path
) -> None:
    with hosts.uncertified(2):
        refused = cloud.task("instance", name="web", host="h2", check=False).stdout
    assert "it stays on host 'h1'" in refused
    assert "or say migration_tls: false for both hosts" in refused
    assert "web-" not in hosts.domains(2, "--all")

    address = cloud.instances()["web"]["default_ip"]
    with watched(hosts.hosts[0], address, cloud.directory / "id_ed25519", tmp_path):
        time.sleep(3)
        assert "changed=1" in cloud.task("instance", "--check", "--diff", name="web", host="h2").stdout
        assert "web-" in hosts.domains(1)
        with hosts.tapped(SECRET) as tap:
            cloud.task("instance", name="web", host="h2")
        time.sleep(3)
    gap = silence(tmp_path)
    print(f"longest silence {gap:.2f} s; encrypted, {tap}")
    assert gap < MOST_SILENCE
    assert tap["bytes"] > 1e6
    assert tap["found"] == 0
    uptimes = [float(line) for line in (tmp_path / "stream").read_text().split()]
    assert uptimes == sorted(uptimes)
    assert uptimes[-1] - uptimes[0] > 5
    assert "web-" in hosts.domains(2)
    assert "web-" not in hosts.domains(1, "--all")
    assert not list((hosts.hosts[0].storage / "primary").glob("volume-*"))
    assert "changed=0" in cloud.task("instance", name="web", host="h2").stdout

    cloud.task("host", name="h1", migration_tls=False)
    with hosts.tapped(SECRET) as tap:
        cloud.task("host", name="h2", migration_tls=False, state="maintenance")
    print(f"in clear, {tap}")
    assert tap["found"] > 0
    assert "web-" in hosts.domains(1)
    assert hosts.domains(2) == ""
    assert "idle-" in hosts.domains(2, "--all")
    assert kept(cloud) > uptimes[-1]

    cloud.task("host", name="h2", migration_tls=True, state="enabled")
    cloud.task("instance", name="web", state="stopped")
    began = time.monotonic()
    cloud.task("instance", name="web", host="h2", state="started")
    assert kept(cloud) < time.monotonic() - began


def volumes(hosts: MovingHosts, number: int) -> int:
    return len(list((hosts.hosts[number - 1].storage / "primary").glob("volume-*")))


def volumes_of_idle(number: int) -> int:
    return int(number == 2)


def a_file(hosts: MovingHosts, target: int) -> bool:
    return volumes(hosts, target) > volumes_of_idle(target)


def is_coming(hosts: MovingHosts, target: int) -> bool:
    return "web-" in hosts.domains(target, "--all")


def is_there(hosts: MovingHosts, target: int) -> bool:
    return "web-" in hosts.domains(target, "--state-running")


def test_moves_that_are_cut_short_are_ended_by_the_next_run(cloud: SmallCloud, hosts: MovingHosts) -> None:
    uptime = 0.0
    for moment in (a_file, is_coming, is_there):
        source = 1 if "web-" in hosts.domains(1) else 2
        target = 3 - source
        killed = _killed_when(cloud, hosts, target, moment)
        active = [number for number in (1, 2) if "web-" in hosts.domains(number, "--state-running")]
        print(f"killed at {moment.__name__}: {killed}; runs on {active}")
        assert len(active) <= 1
        _moved(cloud, target)
        assert "web-" in hosts.domains(target, "--state-running")
        assert "web-" not in hosts.domains(source, "--all")
        assert [volumes(hosts, number) - volumes_of_idle(number) for number in (source, target)] == [0, 1]
        now = kept(cloud)
        # It was never started anew.
        assert now > uptime
        uptime = now
        assert "changed=0" in cloud.task("instance", name="web", host=f"h{target}").stdout


def _moved(cloud: SmallCloud, target: int) -> None:
    """Have the guest moved; on a busy machine, libvirt takes a while to notice that who moved it is gone."""
    deadline = time.monotonic() + 120
    while "is being moved just now" in cloud.task("instance", name="web", host=f"h{target}", check=False).stdout:
        assert time.monotonic() < deadline, "the move that was cut short does not end"
        time.sleep(1)


def _killed_when(
    cloud: SmallCloud, hosts: MovingHosts, target: int, moment: Callable[[MovingHosts, int], bool]
) -> bool:
    """Whether a run that moves the guest was killed, with all its processes, at the moment."""
    task = {"cairn.cloud.instance": {"api_url": cloud.api_url, "name": "web", "host": f"h{target}"}}
    play = cloud.directory / "killed.json"
    play.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    command = [Path(sys.executable).with_name("ansible-playbook"), play]
    environment, quiet = cloud.ansible.environment(), subprocess.DEVNULL
    run = hosts.hosts[0].popen(command, env=environment, cwd=cloud.directory, stdin=quiet, stdout=quiet)
    end = time.monotonic() + 120
    while run.poll() is None and time.monotonic() < end and not moment(hosts, target):
        time.sleep(0.02)
    alive = run.poll() is None
    hosts.hosts[0].end(run, signal.SIGKILL)
    return alive
