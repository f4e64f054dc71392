# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a task tells while it is worked on: lines that any number of listeners read, each from where it likes.

Told by the thread that works, read by the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import typing as t

Answer = t.Mapping[str, t.Any]


class Feed:
    """``answer`` is the last thing that is told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._answer: Answer | None = None
        self._listeners: set[t.Callable[[], t.Any]] = set()

    def tell(self, line: str) -> None:
        with self._lock:
            self._lines.append(line)
        self._wake()

    def end(self, answer: Answer) -> None:
        with self._lock:
            self._answer = answer
        self._wake()

    def after(self, number: int) -> tuple[list[str], Answer | None]:
        """The lines but the first ``number``, and the answer where there is one already."""
        with self._lock:
            return self._lines[number:], self._answer

    @contextlib.contextmanager
    def heard(self) -> t.Iterator[asyncio.Event]:
        """An event of the running loop that is set whenever something is told."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            # A loop that is closed has nobody left who listens.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(event.set)

        with self._lock:
            self._listeners.add(wake)
        try:
            yield event
        finally:
            with self._lock:
                self._listeners.discard(wake)

    def _wake(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for wake in listeners:
            wake()
