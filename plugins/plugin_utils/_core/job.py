# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A job: a task that the management daemon carries out whether or not anybody waits for it.

running ──▶ done      its result is kept, be it a failure that is told in one sentence
   ▲  │
   └──┘  taken up by another daemon, where the one that had it ended, or lost its lease
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import ONCE

RUNNING, DONE = "running", "done"
# A task that ended so many daemons is not begun once more.
ATTEMPTS = 3
# Modules that change nothing of the cloud, besides all that read (``*_info``). What a command in an instance is given
# and says may be secret, and is kept nowhere.
_READING = frozenset({"drift", "export", "instance_command"})
_ONCE = frozenset({*ONCE, *ONCE.values()})


@dc.dataclass(frozen=True, kw_only=True)
class Job:
    """``request`` is the task, and ``result`` what came of it; both may hold secrets. ``holder`` is the daemon that has
    it, ``attempts`` how often it was begun."""

    id: str
    action: str
    actor: str
    created: str
    request: t.Mapping[str, t.Any]
    holder: str
    state: str = RUNNING
    attempts: int = 0
    finished: str | None = None
    result: t.Mapping[str, t.Any] | None = None

    def shown(self) -> dict[str, t.Any]:
        """The job as people may see it: what the task was told is not for everybody."""
        shown = {name: getattr(self, name) for name in ("id", "action", "actor", "state", "created", "attempts")}
        if self.result is None:
            return shown
        ended = {"finished": self.finished, "failed": bool(self.result.get("failed"))}
        told = {name: self.result[name] for name in ("changed", "msg") if name in self.result}
        return shown | ended | told


@dc.dataclass(frozen=True)
class Standing:
    """What a run works for: an attempt at a job. It goes on as long as its daemon has the job.

    ``doubtful`` says whether another daemon may have taken the job over, so that it is worth a look.
    """

    job: str
    holder: str
    attempt: int
    doubtful: t.Callable[[], bool]


def is_job(action: str, *, check: bool) -> bool:
    """Whether a task may change something, and so goes on without whoever asked for it."""
    return not (check or action.endswith("_info") or action in _READING)


def kept(result: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The result without what is told once and kept nowhere."""
    return {name: value for name, value in result.items() if name not in _ONCE}


def again(result: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The result of a job that was begun again: what it changed before is not known, so it counts as changed."""
    warning = "the daemon ended while it worked on this and began again; what it had done before is in the events"
    return {**result, "changed": True, "warnings": [*result.get("warnings", ()), warning]}


def given_up(job: Job) -> dict[str, t.Any]:
    """The result of a job that ended the daemon too often."""
    sentence = f"the daemon ended {job.attempts} times while it worked on this; look for the cause in its log"
    return {"failed": True, "changed": True, "msg": sentence}
