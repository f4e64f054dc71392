# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The timer of role management: its units are right, it is turned on and off, and a second run changes nothing.

A program in the place of systemctl notes what it is asked for: no test turns on a timer of the machine.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.playbook import Ansible, Result

SYSTEMCTL = """#!/bin/sh
state={state}
case "$1" in
    show) printf 'LoadState=loaded\\nActiveState=%s\\nUnitFileState=%s\\n' \\
        "$(cat $state/active)" "$(cat $state/enabled)" ;;
    is-enabled) cat $state/enabled; grep -q '^enabled' $state/enabled ;;
    enable | disable) echo "$1"d > $state/enabled; echo "$1" >> $state/log ;;
    start) echo active > $state/active; echo "$1" >> $state/log ;;
    stop) echo inactive > $state/active; echo "$1" >> $state/log ;;
    *) echo "$1" >> $state/log ;;
esac
"""


class Machine:
    """A directory with the units, and what systemctl was asked for."""

    def __init__(self, directory: Path, *, systemd: bool) -> None:
        self.directory, self._systemd = directory, systemd
        self._ansible = Ansible(directory)
        for name in ("units", "cron", "bin", "state"):
            (directory / name).mkdir()
        program = directory / "bin" / "systemctl"
        program.write_text(SYSTEMCTL.format(state=directory / "state"))
        program.chmod(0o755)
        for name, value in {"active": "inactive", "enabled": "disabled", "log": ""}.items():
            (directory / "state" / name).write_text(f"{value}\n" if value else "")

    def run(self, *arguments: str, **variables: Any) -> Result:
        settings = {
            "management_runs_systemd": self._systemd,
            "management_units_dir": str(self.directory / "units"),
            "management_cron_dir": str(self.directory / "cron"),
            "management_command": "/bin/true",
        }
        task = {"ansible.builtin.include_role": {"name": "cairn.cloud.management", "tasks_from": "snapshots"}}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "environment": {"PATH": f"{self.directory / 'bin'}:{{{{ lookup('env', 'PATH') }}}}"},
            "tasks": [task | {"vars": settings | variables}],
        }
        path = self.directory / "play.yml"
        path.write_text(yaml.safe_dump([play]))
        return self._ansible.playbook(path, *arguments)

    def asked(self) -> list[str]:
        log = self.directory / "state" / "log"
        words = log.read_text().split()
        log.write_text("")
        return words

    def units(self) -> list[str]:
        return sorted(path.name for path in (self.directory / "units").iterdir())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, systemd=True)


def test_the_timer_is_turned_on_changed_and_turned_off(machine: Machine) -> None:
    assert machine.run("--check").changed > 0
    assert (machine.units(), machine.asked()) == ([], [])
    machine.run()
    assert machine.units() == ["cairn-snapshots.service", "cairn-snapshots.timer"]
    assert machine.asked() == ["daemon-reload", "enable", "start"]
    assert machine.run().changed == machine.run("--check").changed == 0
    assert machine.asked() == []
    machine.run(management_snapshots_minutes=10)
    assert machine.asked() == ["daemon-reload", "restart"]
    assert machine.run("--check", management_snapshots=False).changed > 0
    assert len(machine.units()) == 2
    machine.run(management_snapshots=False)
    assert machine.asked() == ["disable", "stop", "daemon-reload"]
    assert machine.units() == []
    assert machine.run(management_snapshots=False).changed == 0


@pytest.mark.parametrize("minutes", [1, 30])
def test_systemd_understands_the_units(machine: Machine, minutes: int) -> None:
    machine.run(management_snapshots_minutes=minutes)
    units = [machine.directory / "units" / name for name in machine.units()]
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, [line for line in checked.stderr.splitlines() if "cairn" in line]) == (0, [])
    calendar = re.search(r"^OnCalendar=(.*)$", units[1].read_text(), re.MULTILINE)
    assert calendar
    command = ["systemd-analyze", "calendar", "--base-time=2026-01-01 00:00:30", "--iterations=2", calendar[1]]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"2026-01-01 (\d\d):(\d\d):00", told)
    hours, over = divmod(2 * minutes, 60)
    assert [f"{minutes // 60:02}:{minutes % 60:02}", f"{hours:02}:{over:02}"] == [":".join(pair) for pair in found[:2]]


def test_cron_takes_them_where_there_is_no_systemd(tmp_path: Path) -> None:
    machine = Machine(tmp_path, systemd=False)
    # A machine on which cron is there and runs: none is installed or started by a test.
    program = tmp_path / "bin" / "pidof"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    assert machine.run(management_cron_program="/bin/true").changed == 1
    line = (tmp_path / "cron" / "cairn-snapshots").read_text().splitlines()[-1]
    assert line == "*/5 * * * * root /bin/true snapshots > /dev/null"
    assert machine.run(management_cron_program="/bin/true").changed == 0
    assert machine.run(management_cron_program="/bin/true", management_snapshots=False).changed == 1
    assert list((tmp_path / "cron").iterdir()) == []
    assert machine.asked() == []
