# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A program's processor time, time and peak memory, its children's included.

Comparisons are by processor time: on a machine that does other things as well, it is the steadier figure.
"""

from __future__ import annotations

import dataclasses as dc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.collection import make_dev_tree
from support.playbook import Ansible

SCALE_RUN = Path(__file__).with_name("scale_run.py")
Figures = dict[str, Any]
Table = list[tuple[str, str]]


@dc.dataclass(frozen=True)
class Measured:
    """How a program ended; ``cpu`` and ``seconds``, and ``mib`` of the largest of its processes."""

    output: str
    cpu: float
    seconds: float
    mib: float

    def __str__(self) -> str:
        return f"{self.cpu:.2f} CPU s ({self.seconds:.2f} s), {self.mib:.0f} MiB"


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 900,
) -> Measured:
    """Run a program, which ought to succeed. Raises subprocess.TimeoutExpired."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        process = subprocess.Popen(
            list(map(str, command)), env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        late = threading.Event()
        timer = threading.Timer(timeout, lambda: (late.set(), process.kill()))
        timer.start()
        _pid, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if late.is_set():
            raise subprocess.TimeoutExpired(command, timeout)
        assert process.returncode == 0, f"{out.read()}{err.read()}"[-4000:]
        return Measured(out.read(), usage.ru_utime + usage.ru_stime, seconds, usage.ru_maxrss / 1024)


def ansible(of: Ansible, program: str, *arguments: str | Path, timeout: float = 900) -> Measured:
    """Run one of Ansible's programs."""
    return run(
        [Path(sys.executable).with_name(program), *arguments], env=of.environment(), cwd=of.directory, timeout=timeout
    )


def play(of: Ansible, tasks: Sequence[Mapping[str, Any]]) -> Measured:
    """Run tasks on localhost, without gathering facts."""
    path = of.directory / "play.yml"
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}]))
    return ansible(of, "ansible-playbook", path)


def scale(what: str, *arguments: object) -> Figures:
    """The figures of one measurement of ours, in a process of its own, without the start of that process."""
    path = os.pathsep.join((str(make_dev_tree()), str(SCALE_RUN.parents[1])))
    done = run([sys.executable, SCALE_RUN, what, *map(str, arguments)], env=os.environ | {"PYTHONPATH": path})
    figures: Figures = json.loads(done.output)
    return figures


def show(figures: Figures) -> str:
    return f"{figures['cpu']:.2f} CPU s ({figures['seconds']:.2f} s), {figures['MiB']:.0f} MiB"
