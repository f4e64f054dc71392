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
    """The last thing that is told is the answer, or that it is to be had elsewhere. All of the answer is for ``owner``
    alone, who is told it once; others get what is kept of it."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._lock = threading.Lock()
        self._lines: list[str] = []
        self._whole: Answer | None = None
        self._kept: Answer | None = None
        self.left = False
        self._listeners: set[t.Callable[[], t.Any]] = set()

    def tell(self, line: str) -> None:
        with self._lock:
            self._lines.append(line)
        self._wake()

    def end(self, answer: Answer, kept: Answer) -> None:
        """``kept`` is the answer without what is told once."""
        with self._lock:
            self._whole, self._kept = answer, kept
        self._wake()

    def leave(self) -> None:
        """Nothing more is told here: what becomes of the task is told elsewhere."""
        with self._lock:
            self.left = True
        self._wake()

    def after(self, number: int, listener: str) -> tuple[list[str], Answer | None]:
        """The lines but the first ``number``, and the answer where there is one already."""
        with self._lock:
            whole = self._whole if listener == self._owner else None
            return self._lines[number:], self._kept if whole is None else whole

    def received(self, listener: str) -> None:
        """The listener was given the answer."""
        with self._lock:
            if listener == self._owner:
                self._whole = None

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
