# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A directory that two hosts share as primary storage, and a real guest on it: it moves and its disk does not, it runs
on one of them, and a host without the directory gets nothing."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.moving_hosts import MovingHosts
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud

KEEP = "echo kept > /persist/file; sync"
KEPT = "cat /persist/file; cut -d' ' -f1 /proc/uptime"


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovingHosts]:
    with MovingHosts.started(tmp_path_factory.mktemp("pki")) as both:
        yield both


@pytest.fixture(scope="module")
def mount(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that both hosts see."""
    return tmp_path_factory.mktemp("common")


@pytest.fixture(scope="module")
def cloud(
    hosts: MovingHosts, mount: Path, tmp_path_factory: pytest.TempPathFactory, tiny_image: Path
) -> Iterator[SmallCloud]:
    """Guest web runs on h1, and idle is on h2 and never ran."""
    with SmallCloud(hosts.hosts[0], tmp_path_factory.mktemp("cloud"), tiny_image) as cloud:
        web = cloud.instance("web", host="h1", networks=["lan"])
        idle = cloud.instance("idle", host="h2", networks=["lan"], state="deployed")
        documents = [*hosts.documents(cloud.documents, shared=mount), web, idle]
        cloud.apply(documents)
        assert "changed=0" in cloud.apply(documents).stdout
        hosts.join_bridges()
        cloud.reach("web", KEEP)
        yield cloud


def files(mount: Path) -> dict[str, int]:
    """Files that are ours, but for records, which follow what is described: names to inodes."""
    return {one.name: one.stat().st_ino for one in mount.iterdir() if not one.name.startswith("record-")}


def uptime(cloud: SmallCloud) -> float:
    """How long the guest has been up, which has its file."""
    told = cloud.reach("web", KEPT)
    found = re.search(r">>\s*kept\s+([\d.]+)\s", told)
    assert found is not None, told
    return float(found[1])


def test_a_guest_moves_and_its_disk_stays(cloud: SmallCloud, hosts: MovingHosts, mount: Path) -> None:
    before, was = files(mount), uptime(cloud)
    sorts = sorted(name.partition("-")[0] for name in before)
    assert sorts == ["primary_storage", "seed", "seed", "template", "volume", "volume"]
    for host in ("h2", "h1"):
        assert "changed=1" in cloud.task("instance", "--check", name="web", host=host).stdout
        cloud.task("instance", name="web", host=host)
        assert "web-" in hosts.domains(int(host[1]), "--state-running")
        assert "web-" not in hosts.domains(3 - int(host[1]), "--all")
        assert files(mount) == before
        now = uptime(cloud)
        assert now > was
        was = now
        assert "changed=0" in cloud.task("instance", name="web", host=host).stdout


def test_no_other_host_starts_what_runs(cloud: SmallCloud, hosts: MovingHosts, mount: Path) -> None:
    """Not even one where somebody defines it by hand: QEMU locks what it writes to."""
    name = hosts.domains(1)
    described = hosts.hosts[0].run(["virsh", "dumpxml", "--inactive", name]).stdout
    xml = mount.parent / "domain.xml"
    xml.write_text(re.sub(r"<interface.*?</interface>", "", described, flags=re.DOTALL))
    hosts.hosts[1].run(["virsh", "define", xml])
    try:
        refused = hosts.hosts[1].run(["virsh", "start", name], check=False)
        assert refused.returncode != 0
        assert 'Failed to get "write" lock' in refused.stderr
    finally:
        hosts.hosts[1].run(["virsh", "undefine", name])
    assert uptime(cloud) > 0


def test_a_host_without_the_mount_gets_nothing(cloud: SmallCloud, hosts: MovingHosts, mount: Path) -> None:
    two = hosts.hosts[1]
    two.run(["mount", "-t", "tmpfs", "none", mount])
    try:
        refused = cloud.task("instance", name="idle", state="started", check=False).stdout
        assert f"{mount} is not the directory that its other hosts have" in refused
        assert two.run(["ls", "-A", mount]).stdout == ""
        assert hosts.domains(2) == ""
    finally:
        two.run(["umount", mount])
    cloud.task("instance", name="idle", state="started")
    assert "idle-" in hosts.domains(2)


@contextlib.contextmanager
def silent(host: PrivateLibvirt) -> Iterator[None]:
    """The host's libvirt does not answer, and what runs on it goes on."""
    away = host.socket.with_suffix(".away")
    host.socket.rename(away)
    try:
        yield
    finally:
        away.rename(host.socket)


def test_a_guest_is_started_elsewhere_once_it_is_off(cloud: SmallCloud, hosts: MovingHosts, mount: Path) -> None:
    """Who says that it is off though it is not does no harm."""
    name, before, was = hosts.domains(1), files(mount), uptime(cloud)
    asked = {"name": "web", "host": "h2"}
    with silent(hosts.hosts[0]):
        assert "failed=1" in cloud.task("instance", check=False, **asked).stdout
        assert "web-" not in hosts.domains(2, "--all")
        refused = cloud.task("instance", check=False, force=True, **asked).stdout
        assert 'Failed to get \\"write\\" lock' in refused or 'Failed to get "write" lock' in refused
        assert "web-" not in hosts.domains(2, "--state-running")
        pid = (hosts.hosts[0].workdir / "run/libvirt/qemu" / f"{name}.pid").read_text()
        hosts.hosts[0].run(["kill", "-KILL", pid])
        cloud.task("instance", force=True, **asked)
        assert "web-" in hosts.domains(2, "--state-running")
        assert files(mount) == before
        assert uptime(cloud) < was
    cloud.task("apply", documents=[])
    assert "web-" not in hosts.domains(1, "--all")
    assert "changed=0" in cloud.task("apply", documents=[]).stdout
    assert uptime(cloud) > 0
