# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Ansible's commands as a user runs them: as processes, on this checkout's collection, with a home of their own."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.collection import make_dev_tree
from support.private_libvirt import PrivateLibvirt

# No connection outlives its command, and no file outside of the directory is read or written.
CONFIG = """\
[defaults]
inventory = inventory.yml
host_key_checking = false

[connection]
pipelining = true

[ssh_connection]
ssh_args = -o ControlMaster=no -o UserKnownHostsFile=/dev/null
"""
INVENTORY = {
    "all": {"hosts": {"localhost": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}}}
}
RECAP = re.compile(r"^(\S+)\s+: (ok=\d+(?:\s+\w+=\d+)*)\s*$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Result:
    """How a command ended."""

    command: list[str]
    returncode: int
    stdout: str
    stderr: str

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        """The counters of PLAY RECAP by host: ``{"localhost": {"ok": 3, "changed": 1, ...}}``."""
        return {
            host: {name: int(number) for name, number in (counter.split("=") for counter in counters.split())}
            for host, counters in RECAP.findall(self.stdout)
        }

    @property
    def changed(self) -> int:
        """The number of changed tasks, of all hosts."""
        return sum(counters["changed"] for counters in self.recap.values())

    def json(self) -> Any:
        """The output of a command that prints JSON, such as ``ansible-inventory --list``."""
        return json.loads(self.stdout)


class AnsibleError(AssertionError):
    """A command that ought to have succeeded did not; shows all of its output."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"{' '.join(result.command)}: exit status {result.returncode}\n{result.stdout}{result.stderr}")


class Ansible:
    """A directory with its own ``ansible.cfg``, inventory (localhost) and home, in which Ansible's commands are run."""

    def __init__(self, directory: Path, host: PrivateLibvirt | None = None) -> None:
        """With ``host``, commands run inside the namespaces of that private libvirt host."""
        self.directory = directory
        self._host = host
        self.collections = str(make_dev_tree())
        (directory / "ansible.cfg").write_text(CONFIG)
        (directory / "inventory.yml").write_text(json.dumps(INVENTORY))

    def playbook(self, *arguments: str | Path, check: bool = True, timeout: float = 120) -> Result:
        """Run ``ansible-playbook``; unless ``check`` is false, a failure is an :class:`AnsibleError`."""
        return self.run("ansible-playbook", *arguments, check=check, timeout=timeout)

    def play(
        self, tasks: Sequence[Mapping[str, Any]], *arguments: str | Path, check: bool = True, timeout: float = 120
    ) -> Result:
        """Run tasks on localhost, without gathering facts."""
        path = self.directory / "play.yml"
        path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}]))
        return self.playbook(path, *arguments, check=check, timeout=timeout)

    def run(self, program: str, *arguments: str | Path, check: bool = True, timeout: float = 120) -> Result:
        """Run one of Ansible's programs of this Python environment."""
        command = [str(Path(sys.executable).with_name(program)), *map(str, arguments)]
        if self._host:
            done = self._host.run(command, check=False, timeout=timeout, env=self.environment(), cwd=self.directory)
        else:
            done = self._run_outside(command, timeout)
        result = Result(command, done.returncode, done.stdout, done.stderr)
        if check and result.returncode:
            raise AnsibleError(result)
        return result

    def _run_outside(self, command: list[str], timeout: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.directory,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        """The caller's environment without its Ansible settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        programs = Path(sys.executable).parent
        return {
            **inherited,
            "PATH": f"{programs}{os.pathsep}{inherited.get('PATH', os.defpath)}",
            "HOME": str(self.directory),
            "ANSIBLE_CONFIG": str(self.directory / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.directory / ".ansible"),
            "ANSIBLE_COLLECTIONS_PATH": self.collections,
            "ANSIBLE_FORCE_COLOR": "0",
        }
