# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The Debian image: a guest with systemd and cloud-init answers Ansible's own modules through the inventory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud

USER_DATA = "#cloud-config\nwrite_files:\n  - path: /etc/greeting\n    content: hello from user data\n"


@pytest.fixture
def debian(libvirt_host: PrivateLibvirt, tmp_path: Path, debian_image: Path) -> Iterator[SmallCloud]:
    with SmallCloud(libvirt_host, tmp_path, debian_image, login_user="debian") as small:
        yield small


def test_ansible_manages_a_debian_guest(debian: SmallCloud) -> None:
    offering = {"kind": "service_offering", "name": "small", "cpu_number": 1, "memory": 512}
    fields = {"service_offering": "small", "root_disk_size": 4, "disk_size": 1, "user_data": USER_DATA}
    documents = [*debian.documents, offering, debian.instance("web1", **fields)]
    debian.apply(documents)
    debian.reach("web1", "true", timeout=300)
    # Cut off as soon as it answers, with nothing written back that was not synchronized.
    debian.virsh("destroy", debian.domain_of("web1"))
    assert debian.apply(documents).changed == 1
    debian.reach("web1", "cloud-init status --wait", timeout=300)
    ping = debian.ansible.run("ansible", "web1", "-i", "cloud.cairn.yml", "-m", "ansible.builtin.ping")
    assert "pong" in ping.stdout
    shown = debian.reach("web1", "hostname; cat /etc/greeting; lsblk -dnbo NAME,SIZE; df --output=size -BG / | tail -1")
    assert "web1" in shown
    assert "hello from user data" in shown
    assert f"vdb  {1 << 30}" in shown
    assert f"vda  {4 << 30}" in shown
    assert "4G" in shown
    assert debian.apply(documents).changed == 0

    # By its agent, as where no address leads to it: modules, files of several pieces, privileges.
    content = os.urandom(2_500_000)
    (debian.ansible.directory / "content").write_bytes(content)
    tasks = [
        {"ansible.builtin.copy": {"src": "content", "dest": "/home/debian/content", "owner": "debian", "mode": "0400"}},
        {"ansible.builtin.command": "id -un", "become": True, "become_user": "debian", "register": "who"},
        {"ansible.builtin.assert": {"that": "who.stdout == 'debian'"}},
        {"ansible.builtin.fetch": {"src": "/home/debian/content", "dest": "fetched", "flat": True}},
    ]
    by_agent = ("-i", "cloud.cairn.yml", "-e", "ansible_connection=cairn.cloud.guest_agent")
    play = [{"hosts": "web1", "gather_facts": True, "tasks": tasks}]
    (debian.ansible.directory / "inside.yml").write_text(json.dumps(play))
    debian.ansible.run("ansible-playbook", *by_agent, "inside.yml")
    assert (debian.ansible.directory / "fetched").read_bytes() == content
