# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The daemon of role management: its unit is right, it is turned on and off, and a second run changes nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.collection import CHECKOUT, make_dev_tree
from support.systemd_machine import Machine

LISTENING = {
    "management_daemon_listen": "0.0.0.0:8250",
    "management_daemon_certificate": "/etc/ssl/cloud.pem",
    "management_daemon_private_key": "/etc/ssl/cloud.key",
}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, systemd=True, parts=("daemon_unit", "daemon_stop", "state", "daemon"))


def variables(machine: Machine, **more: Any) -> dict[str, Any]:
    """The daemon belongs to root, who is the one user that a test knows to be there."""
    state, config = machine.directory / "var", machine.directory / "etc"
    for folder in (state / "secondary", config):
        folder.mkdir(parents=True, exist_ok=True)
    (config / "api.key").touch()
    return {
        "management_daemon": True,
        "management_daemon_user": "root",
        "management_command": f"{machine.directory}/bin/cairn",
        "management_venv": sys.prefix,
        "management_collections": str(make_dev_tree()),
        "management_state_dir": str(state),
        "management_config_dir": str(config),
        "management_tls": False,
    } | more


def test_the_daemon_is_turned_on_changed_and_turned_off(machine: Machine) -> None:
    on = variables(machine)
    assert machine.run(**on).changed > 0
    assert machine.units() == ["cairn-daemon.service"]
    assert machine.asked() == ["daemon-reload", "enable", "start"]
    assert machine.run(**on).changed == machine.run("--check", **on).changed == 0
    assert machine.asked() == []
    machine.run(**variables(machine, **LISTENING))
    assert machine.asked() == ["daemon-reload", "restart"]
    off = on | {"management_daemon": False}
    machine.run(**off)
    assert machine.asked() == ["disable", "stop", "daemon-reload"]
    assert machine.units() == []
    assert machine.run(**off).changed == 0


def test_a_unit_that_nothing_runs_is_removed(tmp_path: Path) -> None:
    """Process 1 is a shell, as in containers that were made of a machine's disk; systemctl would know of no service."""
    machine = Machine(tmp_path, systemd=False, parts=("daemon_unit", "daemon_stop", "daemon"))
    unit = machine.directory / "units" / "cairn-daemon.service"
    unit.touch()
    off = variables(machine, management_daemon=False)
    assert machine.run("--check", **off).changed > 0
    assert unit.exists()
    machine.run(**off)
    assert (machine.units(), machine.asked()) == ([], [])


def test_what_others_renew_and_upgrade_restarts_it(machine: Machine) -> None:
    """A certificate of another program, and a collection that was installed by hand."""
    certificate = machine.directory / "cloud.pem"
    certificate.write_text("first")
    collections = machine.directory / "installed"
    manifest = collections / "ansible_collections" / "cairn" / "cloud" / "MANIFEST.json"
    manifest.parent.mkdir(parents=True)
    manifest.with_name("plugins").symlink_to(CHECKOUT / "plugins")
    manifest.write_text("{}")
    where = {"management_collections": str(collections), "management_daemon_certificate": str(certificate)}
    on = variables(machine, **LISTENING | where)
    machine.run(**on)
    machine.asked()
    for path in (certificate, manifest):
        assert machine.run(**on).changed == 0
        path.write_text("second")
        assert machine.run("--check", **on).changed > 0
        assert machine.asked() == []
        assert machine.run(**on).changed > 0
        assert machine.asked() == ["daemon-reload", "restart"]


def test_an_upgrade_by_the_role_restarts_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path, systemd=True, parts=("daemon_unit", "collection"))
    source = tmp_path / "source"
    source.mkdir()
    (source / "README.md").write_text("# A collection\n")
    artefact = tmp_path / "cairn-cloud-0.1.0.tar.gz"
    on = variables(machine, management_collections=str(tmp_path / "to"), management_artefact=str(artefact))

    def release(text: str) -> None:
        (source / "changes.txt").write_text(text)
        galaxy = {"namespace": "cairn", "name": "cloud", "version": "0.1.0", "readme": "README.md", "authors": ["us"]}
        (source / "galaxy.yml").write_text(json.dumps(galaxy))
        machine.ansible.run("ansible-galaxy", "collection", "build", "--force", "--output-path", tmp_path, source)

    release("first")
    machine.run(**on)
    assert machine.asked() == []
    (tmp_path / "units" / "cairn-daemon.service").touch()
    (tmp_path / "state" / "active").write_text("active\n")
    assert machine.run(**on).changed == 0
    assert machine.asked() == []
    release("second")
    machine.run(**on)
    assert machine.asked() == ["restart"]
    release("third")
    machine.run(**on | {"management_daemon": False})
    assert machine.asked() == []


def test_a_user_that_cannot_run_it_is_told(machine: Machine) -> None:
    result = machine.run(check=False, **variables(machine, management_collections="/nowhere"))
    assert result.returncode != 0
    assert "must be able to read the Python" in " ".join(result.stdout.split())
    assert machine.asked() == []


def test_the_state_is_the_daemons_as_long_as_it_is_wanted(tmp_path: Path) -> None:
    """And a link that the daemon's user puts there leads root nowhere."""
    machine = Machine(tmp_path, systemd=True, parts=("daemon_unit", "daemon_stop", "state"))
    on = variables(machine, management_daemon_user="daemon")
    off = on | {"management_daemon": False}
    state, ours = tmp_path / "var", tmp_path / "ours"
    (state / "cairn.db").write_text("content")
    (state / "secondary" / "image").write_text("content")
    ours.write_text("root's")

    def owners() -> set[str]:
        return {path.owner() for path in (state / "cairn.db", state / "secondary", state / "secondary" / "image")}

    machine.run("--check", **on)
    assert owners() == {"root"}
    assert machine.run(**on).changed == 2
    assert owners() == {"daemon"}
    assert (state.owner(), state.group(), state.stat().st_mode & 0o7777) == ("root", "daemon", 0o1771)
    (state / "secondary" / "planted").symlink_to(ours)
    for wanted in (on, off):
        refused = machine.run(check=False, **wanted)
        assert refused.returncode != 0
        assert "remove it" in refused.stdout
        assert ours.owner() == "root"
    (state / "secondary" / "planted").unlink()
    assert machine.run(**off).changed > 0
    assert owners() == {"root"}
    assert (state.group(), state.stat().st_mode & 0o7777) == ("root", 0o711)
    assert machine.run(**off).changed == machine.run("--check", **off).changed == 0


@pytest.mark.parametrize("more", [{}, LISTENING | {"management_tls": True}])
def test_systemd_understands_the_unit_and_finds_it_confined(machine: Machine, more: dict[str, Any]) -> None:
    machine.run(**variables(machine, **more))
    unit = machine.directory / "units" / "cairn-daemon.service"
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (checked.returncode, [line for line in checked.stderr.splitlines() if "cairn" in line]) == (0, [])
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", unit]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert exposure
    assert float(exposure[1]) < 3.0
    text = unit.read_text()
    assert ("--listen 0.0.0.0:8250" in text) == bool(more)
    assert ("LoadCredential=clientkey.pem:" in text) == bool(more)
    config = machine.directory / "etc" / "daemon.yml"
    assert config.stat().st_mode & 0o777 == 0o600
    assert "api_url: sqlite:///" in config.read_text()
