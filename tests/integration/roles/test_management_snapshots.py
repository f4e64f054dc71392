# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The timer of role management: its units are right, it is turned on and off, and a second run changes nothing."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from support.systemd_machine import Machine


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
