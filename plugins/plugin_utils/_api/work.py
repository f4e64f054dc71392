# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The tasks that the daemon works on: those that only look, and jobs, which outlive whoever asked for them.

A job is stored before it is begun. A daemon has a lease while it lives; the jobs of one that has none any more are
begun again, by itself after its restart or by another daemon on the same database: tasks are idempotent.
"""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import datetime
import logging
import threading
import typing as t
import uuid

from ...module_utils._schema.errors import DriverError
from .._core.job import ATTEMPTS, Job, again, given_up, kept
from .._ports.ambient import Clock
from .._ports.jobs import Jobs
from .._run import Open
from .feed import Feed
from .task import Task, carry_out

# How many jobs, and how many looks, are worked on at a time: long jobs keep nobody from looking.
WORKERS = 32
# How many jobs that ended can still be listened to in whole, and how many days all are remembered.
_HEARD = 100
_DAYS = 7
log = logging.getLogger("cairn.work")

Lease = t.Callable[[str, float], contextlib.AbstractContextManager[None]]
Ended = t.Callable[[str, bool, float], None]


class Work:
    """``lease`` is the store's. ``ended`` is told of each task: its action, whether it failed, its seconds."""

    def __init__(self, *, cloud: Open, jobs: Jobs, lease: Lease, clock: Clock, tick: t.Callable[[], float]) -> None:
        self._cloud, self.jobs, self._lease, self._clock, self._tick = cloud, jobs, lease, clock, tick
        self._threads = concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="cairn work")
        self._looking = concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="cairn look")
        self._lock = threading.Lock()
        self._running: dict[str, Feed] = {}
        self._heard: collections.OrderedDict[str, Feed] = collections.OrderedDict()
        self._life = contextlib.ExitStack()
        self.name = str(uuid.uuid4())
        self.ended: Ended = lambda action, failed, seconds: None

    def start(self) -> None:
        """Live, and begin again what nobody works on any more. Raises DriverError."""
        self._life.enter_context(self._lease(_lease_of(self.name), 0))
        self.take_up()

    def stop(self, timeout: float) -> bool:
        """Wait for what is worked on; False when that takes longer, and jobs wait for the next daemon."""
        for threads in (self._threads, self._looking):
            threads.shutdown(wait=False, cancel_futures=True)
        deadline = self._tick() + timeout
        while self.running() and self._tick() < deadline:
            threading.Event().wait(0.05)
        if self.running():
            return False
        self._life.close()
        return True

    def running(self) -> int:
        with self._lock:
            return len(self._running)

    def look(self, task: Task, actor: str) -> Feed:
        """Begin a task that changes nothing."""
        feed = Feed()
        self._looking.submit(self._answered, task, actor, feed)
        return feed

    def submit(self, task: Task, actor: str, ident: str) -> tuple[Job, Feed | None]:
        """Begin a job, or find the one of that id; without a feed, another daemon works on it, or it has ended."""
        request, now = task.stored(), self._clock()
        job = Job(id=ident, action=task.action, actor=actor, created=now, request=request, holder=self.name)
        with self._lock:
            there = self._running.get(ident) or self._heard.get(ident)
            if there is None:
                feed = self._running[ident] = Feed()
        if there is not None:
            return self.jobs.get(ident) or job, there
        try:
            added = self.jobs.add(job)
        except BaseException:
            self._forget(ident)
            raise
        if not added:
            self._forget(ident)
            return self.jobs.get(ident) or job, None
        self._threads.submit(self._work, job, feed)
        return job, feed

    def feed(self, ident: str) -> Feed | None:
        """What a job tells, where this daemon works on it or did so a moment ago."""
        with self._lock:
            return self._running.get(ident) or self._heard.get(ident)

    def take_up(self) -> None:
        """Begin again the jobs of daemons that are no more, and forget old ones. Raises DriverError."""
        self.jobs.forget(_days_before(self._clock(), _DAYS))
        orphans: dict[str, list[Job]] = collections.defaultdict(list)
        for job in self.jobs.running():
            if job.holder != self.name:
                orphans[job.holder].append(job)
        for holder, jobs in orphans.items():
            # Whoever lives has its lease; whoever gets it from one that does not takes its jobs.
            with contextlib.suppress(DriverError), self._lease(_lease_of(holder), 0):
                for job in jobs:
                    self._begin_again(job)

    def _begin_again(self, job: Job) -> None:
        if job.attempts >= ATTEMPTS:
            log.error("job given up", extra={"job": job.id, "action": job.action, "attempts": job.attempts})
            self.jobs.finish(job.id, self._clock(), given_up(job))
            return
        mine = self.jobs.hold(job, self.name)
        if mine is not None:
            log.warning("job taken up again", extra={"job": job.id, "action": job.action, "attempts": mine.attempts})
            with self._lock:
                feed = self._running[job.id] = Feed()
            self._threads.submit(self._work, mine, feed)

    def _work(self, job: Job, feed: Feed) -> None:
        task = Task(job.action, **job.request)
        answer = self._carried_out(task, job.actor, feed)
        if job.attempts > 1:
            answer["result"] = again(answer["result"])
        try:
            self.jobs.finish(job.id, self._clock(), kept(answer["result"]))
        except Exception:
            # What was done is done; the job is begun again later, and finds nothing to do.
            log.exception("the end of a job was not stored", extra={"job": job.id, "action": job.action})
        with self._lock:
            self._heard[job.id] = feed
            while len(self._heard) > _HEARD:
                self._heard.popitem(last=False)
        feed.end(answer)
        self._forget(job.id)

    def _answered(self, task: Task, actor: str, feed: Feed) -> None:
        feed.end(self._carried_out(task, actor, feed))

    def _carried_out(self, task: Task, actor: str, feed: Feed) -> dict[str, t.Any]:
        since = self._tick()
        try:
            answer = carry_out(task, actor, self._cloud, feed.tell)
        except Exception:
            incident = str(uuid.uuid4())
            log.exception("defect", extra={"incident": incident, "action": task.action})
            sentence = f"the daemon met a defect of its own; its log says more about incident {incident}"
            answer = {"result": {"failed": True, "changed": False, "msg": sentence}}
        failed, seconds = bool(answer["result"].get("failed")), self._tick() - since
        told = {"action": task.action, "actor": actor, "check": task.check, "failed": failed}
        log.info("task", extra=told | {"seconds": round(seconds, 3), "changed": bool(answer["result"].get("changed"))})
        self.ended(task.action, failed, seconds)
        return answer

    def _forget(self, ident: str) -> None:
        with self._lock:
            self._running.pop(ident, None)


def _lease_of(daemon: str) -> str:
    return f"daemon/{daemon}"


def _days_before(now: str, days: int) -> str:
    moment = datetime.datetime.fromisoformat(now) - datetime.timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
