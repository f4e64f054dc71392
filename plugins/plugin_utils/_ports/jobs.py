# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the management daemon asks of its database besides the cloud: the jobs that it has taken on."""

from __future__ import annotations

import typing as t

from .._core.job import Job


class Jobs(t.Protocol):
    """All raise DriverError when the database cannot be used. Requests and results are kept encrypted."""

    def add(self, job: Job) -> bool:
        """Keep a new job; False when there is one of that id."""

    def get(self, ident: str) -> Job | None: ...

    def begin(self, ident: str, holder: str) -> Job | None:
        """Note one more attempt at a job; None when ``holder`` has it no more, or it has ended."""

    def finish(self, job: Job, at: str, result: t.Mapping[str, t.Any]) -> bool:
        """Keep what came of an attempt; False when somebody else has the job by now, or it has ended."""

    def running(self) -> list[Job]:
        """Those that some daemon has, or died over; the oldest first."""

    def hold(self, job: Job, holder: str) -> Job | None:
        """Take a job over from who held it; None when somebody else did, or it has ended."""

    def latest(self, limit: int) -> list[Job]:
        """The newest first."""

    def forget(self, before: str) -> None:
        """Forget what was finished before."""
