# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The private libvirt host of the integration tests is real, separate from the machine, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import libvirt
import pytest

from support.private_libvirt import PrivateLibvirt, PrivateLibvirtError

NETWORK = """
<network>
  <name>lan</name>
  <forward mode='nat'/>
  <bridge name='virbr-cairn'/>
  <ip address='10.99.0.1' netmask='255.255.255.0'>
    <dhcp><range start='10.99.0.10' end='10.99.0.20'/></dhcp>
  </ip>
</network>
"""
GUEST = """
<domain type='qemu'>
  <name>guest</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64'>hvm</type></os>
  <devices>
    <interface type='network'><source network='lan'/></interface>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/>
      <source file='{disk}'/>
      <target dev='vda' bus='virtio'/>
    </disk>
  </devices>
</domain>
"""


@pytest.fixture
def two_hosts() -> Iterator[list[PrivateLibvirt]]:
    with PrivateLibvirt() as first, PrivateLibvirt() as second:
        yield [first, second]


def start_network_and_guest(host: PrivateLibvirt) -> None:
    disk = host.storage / "guest.raw"
    disk.write_bytes(bytes(1 << 20))
    with closing(libvirt.open(host.uri)) as connection:
        connection.networkDefineXML(NETWORK).create()
        connection.createXML(GUEST.format(disk=disk))


def machine_links() -> str:
    return subprocess.run(["ip", "-brief", "link"], check=True, capture_output=True, text=True).stdout


def processes_that_mention(text: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if text in f"{(entry / 'cmdline').read_text()} {(entry / 'mountinfo').read_text()}":
                found.append(entry.name)
    return found


def test_two_hosts_run_the_same_network_and_guest_at_once(two_hosts: list[PrivateLibvirt]) -> None:
    for host in two_hosts:
        start_network_and_guest(host)
    identities = set()
    for host in two_hosts:
        with closing(libvirt.open(host.uri)) as connection:
            state, _reason = connection.lookupByName("guest").state()
            assert state == libvirt.VIR_DOMAIN_RUNNING
            assert connection.networkLookupByName("lan").isActive()
            identities.add(connection.getCapabilities().split("<uuid>")[1].split("<")[0])
        assert "10.99.0.1/24" in host.run(["ip", "-brief", "address", "show", "virbr-cairn"]).stdout
        assert "lan.conf" in host.run(["ps", "-C", "dnsmasq", "-o", "args"]).stdout
        assert host.run(["cat", "/proc/sys/net/ipv4/ip_forward"]).stdout == "1\n"
        assert host.run(["virsh", "--connect", "qemu:///system", "list", "--name"]).stdout.split() == ["guest"]
    assert len(identities) == 2


def test_a_guest_that_is_destroyed_is_gone(libvirt_host: PrivateLibvirt) -> None:
    with closing(libvirt.open(libvirt_host.uri)) as connection:
        xml = "<domain type='qemu'><name>short</name><memory unit='MiB'>32</memory><os><type>hvm</type></os></domain>"
        connection.createXML(xml).destroy()
        assert not [domain for domain in connection.listAllDomains() if domain.name() == "short"]


def test_nothing_is_left_after_close() -> None:
    with PrivateLibvirt() as host:
        start_network_and_guest(host)
        sleep = host.popen(["sleep", "600"])
        assert len(processes_that_mention(host.name)) >= 6
        assert "virbr-cairn" not in machine_links()
    assert sleep.wait(timeout=10)
    assert not processes_that_mention(host.name)
    assert "virbr-cairn" not in machine_links()
    assert not host.workdir.exists()


def test_commands_see_the_given_directory_input_and_files(libvirt_host: PrivateLibvirt, tmp_path: Path) -> None:
    result = libvirt_host.run(["sh", "-c", "cat > here; pwd"], stdin="text", cwd=tmp_path)
    assert result.stdout == f"{tmp_path}\n"
    assert (tmp_path / "here").read_text() == "text"


def test_a_failing_command_is_an_error_unless_asked_otherwise(libvirt_host: PrivateLibvirt) -> None:
    with pytest.raises(PrivateLibvirtError, match="exit status 3: broken"):
        libvirt_host.run(["sh", "-c", "echo broken >&2; exit 3"])
    assert libvirt_host.run(["false"], check=False).returncode == 1


def test_a_command_that_takes_too_long_is_killed_with_its_children(libvirt_host: PrivateLibvirt) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        libvirt_host.run(["sh", "-c", "sleep 611 & sleep 612"], timeout=0.5)
    for _attempt in range(50):
        sleeping = libvirt_host.run(["ps", "-C", "sleep", "-o", "args="], check=False).stdout
        if "sleep 61" not in sleeping:
            return
        time.sleep(0.1)
    pytest.fail(f"still running: {sleeping}")


def test_a_host_that_cannot_start_says_why_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("support.private_libvirt.LIBVIRTD_CONF", "listen_tls = 'no quote\n{host_uuid}")
    with pytest.raises(PrivateLibvirtError, match="did not start"):
        PrivateLibvirt(tmp_path)
    assert not list(tmp_path.iterdir())
