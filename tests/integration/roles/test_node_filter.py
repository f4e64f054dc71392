# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Role node has bridges show their packets to filters, and notes what held before: in namespaces of the test alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.playbook import Ansible, Result
from support.private_libvirt import PrivateLibvirt

KEYS = ("net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables")


@pytest.fixture
def machine() -> Iterator[PrivateLibvirt]:
    """Its directories of settings are its own; bridges show packets of IPv6 alone."""
    with PrivateLibvirt() as host:
        for directory in ("/etc/sysctl.d", "/etc/modules-load.d"):
            host.run(["mount", "-t", "tmpfs", "tmpfs", directory])
        host.run(["sysctl", "--write", f"{KEYS[0]}=0", f"{KEYS[1]}=1"])
        yield host


def holds(host: PrivateLibvirt) -> list[str]:
    return host.run(["sysctl", "--values", *KEYS]).stdout.split()


def test_what_held_before_is_noted_once_and_put_back(machine: PrivateLibvirt, tmp_path: Path) -> None:
    note = tmp_path / "node" / "before.conf"

    def run_role(*arguments: str) -> Result:
        role = {"name": "cairn.cloud.node", "tasks_from": "filter"}
        task = {"ansible.builtin.include_role": role, "vars": {"node_bridged_before": str(note)}}
        return Ansible(tmp_path, machine).play([task], *arguments)

    assert run_role("--check").changed
    assert (holds(machine), note.exists()) == (["0", "1"], False)
    assert run_role().changed
    assert (holds(machine), run_role().changed) == (["1", "1"], 0)

    # Changed by others meanwhile: the first note is the one that counts.
    machine.run(["sysctl", "--write", f"{KEYS[1]}=0"])
    assert run_role().changed == 1
    assert holds(machine) == ["1", "1"]
    machine.run(["sysctl", "--quiet", "--load", str(note)])
    assert holds(machine) == ["0", "1"]


def test_where_it_held_already_nothing_is_noted(machine: PrivateLibvirt, tmp_path: Path) -> None:
    machine.run(["sysctl", "--write", *(f"{key}=1" for key in KEYS)])
    role = {"name": "cairn.cloud.node", "tasks_from": "filter"}
    variables = {"node_bridged_before": str(tmp_path / "before.conf")}
    Ansible(tmp_path, machine).play([{"ansible.builtin.include_role": role, "vars": variables}])
    assert not (tmp_path / "before.conf").exists()
