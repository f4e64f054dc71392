# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A machine that role management works on, as far as systemd is concerned.

A program in the place of systemctl notes what it is asked for: no test turns on a unit of the machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    """A directory with the units, and what systemctl was asked for; ``parts`` are the files of tasks that are run."""

    def __init__(self, directory: Path, *, systemd: bool, parts: tuple[str, ...] = ("snapshots",)) -> None:
        self.directory, self._systemd, self._parts = directory, systemd, parts
        self.ansible = Ansible(directory)
        for name in ("units", "cron", "bin", "state"):
            (directory / name).mkdir()
        program = directory / "bin" / "systemctl"
        program.write_text(SYSTEMCTL.format(state=directory / "state"))
        program.chmod(0o755)
        for name, value in {"active": "inactive", "enabled": "disabled", "log": ""}.items():
            (directory / "state" / name).write_text(f"{value}\n" if value else "")

    def run(self, *arguments: str, check: bool = True, **variables: Any) -> Result:
        settings = {
            "management_runs_systemd": self._systemd,
            "management_units_dir": str(self.directory / "units"),
            "management_cron_dir": str(self.directory / "cron"),
            "management_command": "/bin/true",
        }
        roles = [{"name": "cairn.cloud.management", "tasks_from": part} for part in self._parts]
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "environment": {"PATH": f"{self.directory / 'bin'}:{{{{ lookup('env', 'PATH') }}}}"},
            "tasks": [{"ansible.builtin.include_role": role, "vars": settings | variables} for role in roles],
        }
        path = self.directory / "play.yml"
        path.write_text(yaml.safe_dump([play]))
        return self.ansible.playbook(path, *arguments, check=check)

    def asked(self) -> list[str]:
        log = self.directory / "state" / "log"
        words = log.read_text().split()
        log.write_text("")
        return words

    def units(self) -> list[str]:
        return sorted(path.name for path in (self.directory / "units").iterdir())
