# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Who holds a lease: one thread's use of it, in one process of one machine.

A process is told from a later one with its number by when it started (/proc/PID/stat, proc(5)), and its machine by the
kernel's boot id together with the namespace that process numbers belong to.
"""

from __future__ import annotations

import dataclasses as dc
import functools
import os
import secrets
import socket
from pathlib import Path


@dc.dataclass(frozen=True)
class Holder:
    """``started`` is in ticks since boot, ``token`` random."""

    machine: str
    hostname: str
    pid: int
    started: int
    token: str

    @classmethod
    def new(cls) -> Holder:
        pid = os.getpid()
        return cls(_machine(), socket.gethostname(), pid, _started(pid) or 0, secrets.token_hex(8))

    @classmethod
    def parse(cls, text: str) -> Holder:
        machine, hostname, pid, started, token = text.split(" ")
        return cls(machine, hostname, int(pid), int(started), token)

    def __str__(self) -> str:
        return f"{self.machine} {self.hostname} {self.pid} {self.started} {self.token}"

    @property
    def here(self) -> bool:
        """Whether it is on this machine, so that we can see whether it lives."""
        return self.machine == _machine()

    @property
    def dead(self) -> bool:
        return self.here and _started(self.pid) != self.started

    @property
    def label(self) -> str:
        return f"process {self.pid}" if self.here else f"process {self.pid} of {self.hostname}"


@functools.cache
def _machine() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"


def _started(pid: int) -> int | None:
    """When a process started; None when there is none, or only its exit status is left."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field, the program's name, is in parentheses and may hold any character.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])
