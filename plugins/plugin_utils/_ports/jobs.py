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

    def finish(self, ident: str, at: str, result: t.Mapping[str, t.Any]) -> None: ...

    def running(self) -> list[Job]:
        """Those that some daemon works on, or died over; the oldest first."""

    def hold(self, job: Job, holder: str) -> Job | None:
        """Take a job over from who held it, as one more attempt; None when somebody else did."""

    def latest(self, limit: int) -> list[Job]:
        """The newest first."""

    def forget(self, before: str) -> None:
        """Forget what was finished before."""
