# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Ansible's commands run on this checkout's collection, apart from the user's own settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.collection import CHECKOUT
from support.playbook import Ansible, AnsibleError
from support.private_libvirt import PrivateLibvirt


def test_recap_and_changes_are_counted(ansible: Ansible) -> None:
    result = ansible.play([{"ansible.builtin.command": "true"}, {"ansible.builtin.debug": {"msg": "hello"}}])
    assert result.returncode == 0
    assert result.recap["localhost"]["ok"] == 2
    assert result.changed == 1
    assert "WARNING" not in result.stderr


def test_a_failing_play_is_an_error_that_shows_the_output(ansible: Ansible) -> None:
    tasks = [{"ansible.builtin.fail": {"msg": "the roof is on fire"}}]
    with pytest.raises(AnsibleError, match="the roof is on fire"):
        ansible.play(tasks)
    assert ansible.play(tasks, check=False).recap["localhost"]["failed"] == 1


def test_the_collection_is_this_checkout(ansible: Ansible) -> None:
    listed = ansible.run("ansible-galaxy", "collection", "list", "--format=json").json()
    [(path, collections)] = [(path, found) for path, found in listed.items() if "cairn.cloud" in found]
    assert (Path(path) / "cairn" / "cloud").resolve() == CHECKOUT
    assert list(collections) == ["cairn.cloud"]


def test_commands_run_inside_of_a_private_host(libvirt_host: PrivateLibvirt, tmp_path: Path) -> None:
    result = Ansible(tmp_path, libvirt_host).play([{"ansible.builtin.command": "virsh hostname"}], "-v")
    assert libvirt_host.name in result.stdout
