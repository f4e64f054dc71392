# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Connections to hosts that outlive a run, for a process that has many of them.

A connection is used by one run at a time. What a run gives back is handed to the next one, after a look at whether the
host still answers.
"""

from __future__ import annotations

import collections
import threading
import typing as t

from .._ports.hypervisor import Connect, Hypervisor

# How many idle connections a host has at most, after how many seconds one is not used again, and how many seconds a
# host has to say whether it still can be.
IDLE = 4
LASTS = 300.0
ANSWERS = 10.0


class Pool:
    """``tick`` tells seconds that only grow."""

    def __init__(self, connect: Connect, tick: t.Callable[[], float]) -> None:
        self._connect, self._tick = connect, tick
        self._lock = threading.Lock()
        self._idle: dict[str, list[tuple[float, Hypervisor]]] = collections.defaultdict(list)

    def take(self, url: str) -> Hypervisor:
        """A connection for one run. Raises DriverError when the host does not answer."""
        while True:
            with self._lock:
                idle = self._idle[url]
                since, hypervisor = idle.pop() if idle else (0.0, None)
            if hypervisor is None:
                return self._connect(url)
            if self._tick() - since >= LASTS:
                hypervisor.close()
                continue
            alive = _answers(hypervisor)
            if alive:
                return hypervisor
            if alive is not None:
                hypervisor.close()

    def give(self, url: str, hypervisor: Hypervisor) -> None:
        """The run that took it has ended."""
        with self._lock:
            idle = self._idle[url]
            idle.append((self._tick(), hypervisor))
            surplus = idle.pop(0)[1] if len(idle) > IDLE else None
        if surplus is not None:
            surplus.close()

    def tidy(self) -> None:
        """Close what was idle for too long."""
        with self._lock:
            now, old = self._tick(), []
            for url, idle in self._idle.items():
                old += [hypervisor for since, hypervisor in idle if now - since >= LASTS]
                self._idle[url] = [(since, hypervisor) for since, hypervisor in idle if now - since < LASTS]
        for hypervisor in old:
            hypervisor.close()

    def idle(self) -> int:
        """How many connections wait for a run."""
        with self._lock:
            return sum(map(len, self._idle.values()))

    def close(self) -> None:
        with self._lock:
            waiting = [hypervisor for idle in self._idle.values() for _since, hypervisor in idle]
            self._idle.clear()
        for hypervisor in waiting:
            hypervisor.close()


def _answers(hypervisor: Hypervisor) -> bool | None:
    """Whether the host still answers; None where that is not known in time, and nothing more may be asked of it.

    A connection by ssh to a machine that is switched off waits as long as the kernel does, which is minutes. Its thread
    ends then, and the connection with it.
    """
    told: list[bool] = []

    def ask() -> None:
        told.append(hypervisor.alive())
        if late.is_set():
            hypervisor.close()

    late = threading.Event()
    thread = threading.Thread(target=ask, name="cairn alive", daemon=True)
    thread.start()
    thread.join(ANSWERS)
    if thread.is_alive():
        late.set()
        return None
    return bool(told and told[0])
