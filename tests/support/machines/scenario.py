# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A scenario as its tests see it: its lab's inventory, and its playbook, which can be run once more."""

from __future__ import annotations

import dataclasses as dc
import os
import re
import subprocess
from pathlib import Path


@dc.dataclass(frozen=True)
class Scenario:
    """``project`` is the checkout, ``directory`` the scenario's own below it."""

    project: Path
    directory: Path

    @property
    def inventory(self) -> Path:
        """What the lab wrote of itself."""
        return self.project / "build" / "lab" / self.directory.name / "inventory.yml"

    def converge(self, *arguments: str) -> str:
        """Run the playbook with more arguments, in the environment that molecule made; its output."""
        inventories = [self.inventory, self.project / "molecule" / "lab" / "inventory" / "variables.yml"]
        command = ["ansible-playbook", *(f"--inventory={path}" for path in inventories), *arguments, "converge.yml"]
        # Molecule asks for colours where it runs in CI; what is read by a program has none.
        plain = {**os.environ, "ANSIBLE_FORCE_COLOR": "false"}
        done = subprocess.run(command, cwd=self.directory, env=plain, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def changed(output: str) -> int:
    """How many tasks changed anything, of all hosts, by a playbook's output."""
    counts = re.findall(r"\bchanged=(\d+)", output)
    assert counts, output
    return sum(map(int, counts))
