# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The tasks that the daemon works on: those that only look, and jobs, which outlive whoever asked for them.

A job is stored before it is begun. A daemon has a lease while it lives; the jobs of one that has none any more are
begun again, by itself after its restart or by another daemon on the same database: tasks are idempotent. A daemon that
lost its lease goes on with the jobs that nobody took over meanwhile, and stops in the middle of the others.
"""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import datetime
import functools
import logging
import threading
import typing as t
import uuid

from ...module_utils._schema.errors import DriverError
from .._core.job import ATTEMPTS, Job, Standing, again, given_up, kept
from .._ports.ambient import Clock
from .._ports.jobs import Jobs
from .._ports.store import Lease
from .._run import Open, failed
from .feed import Feed
from .task import Task, carry_out

# How many jobs, and how many looks, are worked on at a time: long jobs keep nobody from looking.
WORKERS = 32
# How many jobs that ended can still be listened to, and how many days all are remembered.
_HEARD = 100
_DAYS = 7
# Seconds between two tries to store what came of jobs.
_PAUSE = 0.5
log = logging.getLogger("cairn.work")

TakeLease = t.Callable[[str, float], contextlib.AbstractContextManager[Lease]]
Ended = t.Callable[[str, bool, float], None]


class End(t.NamedTuple):
    """What came of an attempt at a job, and when."""

    job: Job
    at: str
    result: dict[str, t.Any]


class Work:
    """``lease`` is the store's. ``ended`` is told of each task: its action, whether it failed, its seconds."""

    def __init__(self, *, cloud: Open, jobs: Jobs, lease: TakeLease, clock: Clock, tick: t.Callable[[], float]) -> None:
        self._cloud, self.jobs, self._lease, self._clock, self._tick = cloud, jobs, lease, clock, tick
        self._threads = concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="cairn work")
        self._looking = concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="cairn look")
        self._lock = threading.Lock()
        self._running: dict[str, Feed] = {}
        self._heard: collections.OrderedDict[str, Feed] = collections.OrderedDict()
        self._ends: dict[str, End] = {}
        self._life, self._stopping = contextlib.ExitStack(), False
        self._alive: Lease | None = None
        self.name = str(uuid.uuid4())
        self.ended: Ended = lambda action, failed, seconds: None

    def start(self) -> None:
        """Live: from now on jobs are taken on. Raises DriverError."""
        self._alive = self._life.enter_context(self._lease(_lease_of(self.name), 0))

    def stop(self, timeout: float) -> bool:
        """Wait for what is worked on; False when that takes longer, and jobs wait for the next daemon."""
        self._stopping = True
        for threads in (self._threads, self._looking):
            threads.shutdown(wait=False, cancel_futures=True)
        deadline = self._tick() + timeout
        while not self._is_done() and self._tick() < deadline:
            threading.Event().wait(_PAUSE / 10)
        if not self._is_done():
            return False
        self._life.close()
        return True

    def _is_done(self) -> bool:
        if self.running():
            return False
        with contextlib.suppress(DriverError):
            self.store_ends()
        return not self._ends

    def running(self) -> int:
        with self._lock:
            return len(self._running)

    def look(self, task: Task, actor: str) -> Feed:
        """Begin a task that changes nothing. Raises DriverError."""
        feed = Feed("")
        self._submit(self._looking, self._answered, task, actor, feed)
        return feed

    def submit(self, task: Task, actor: str, ident: str, owner: str) -> tuple[Job, Feed | None]:
        """Begin a job of ``owner``, or find the one of that id; without a feed, another daemon works on it, or it has
        ended. Raises DriverError."""
        self._refuse_at_the_end()
        request, now = task.stored(), self._clock()
        job = Job(id=ident, action=task.action, actor=actor, created=now, request=request, holder=self.name)
        with self._lock:
            there = self._running.get(ident) or self._heard.get(ident)
            if there is None:
                feed = self._running[ident] = Feed(owner)
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
        self._queue(job, feed)
        return job, feed

    def feed(self, ident: str) -> Feed | None:
        """What a job tells, where this daemon works on it or did so a moment ago."""
        with self._lock:
            return self._running.get(ident) or self._heard.get(ident)

    def take_up(self) -> None:
        """Begin again the jobs of daemons that are no more, and forget old ones. Raises DriverError."""
        self.store_ends()
        self.jobs.forget(_days_before(self._clock(), _DAYS))
        had: dict[str, list[Job]] = collections.defaultdict(list)
        for job in self.jobs.running():
            had[job.holder].append(job)
        # Those of its own that were stored, though the database said that they were not.
        for job in had.pop(self.name, ()):
            self._begin_again(job)
        for holder, jobs in had.items():
            # Whoever lives has its lease; whoever gets it from one that does not takes its jobs.
            with contextlib.suppress(DriverError), self._lease(_lease_of(holder), 0):
                for job in jobs:
                    self._begin_again(job)

    def store_ends(self) -> None:
        """Store what came of jobs while the database was away. Raises DriverError."""
        for end in list(self._ends.values()):
            self._store(end)
            self._ends.pop(end.job.id, None)

    def _begin_again(self, job: Job) -> None:
        with self._lock:
            if job.id in self._running or job.id in self._ends:
                return
            feed = self._running[job.id] = Feed("")
        try:
            mine = self._take_over(job)
        except BaseException:
            self._forget(job.id)
            raise
        if mine is None:
            self._forget(job.id)
        else:
            self._queue(mine, feed)

    def _take_over(self, job: Job) -> Job | None:
        """The job as ours; None where it is somebody else's, or is given up."""
        if job.attempts >= ATTEMPTS:
            log.error("job given up", extra={"job": job.id, "action": job.action, "attempts": job.attempts})
            self.jobs.finish(job, self._clock(), given_up(job))
            return None
        if job.holder == self.name:
            return job
        mine = self.jobs.hold(job, self.name)
        if mine is not None:
            log.warning("job taken up again", extra={"job": job.id, "action": job.action, "attempts": mine.attempts})
        return mine

    def _queue(self, job: Job, feed: Feed) -> None:
        try:
            self._submit(self._threads, self._work, job, feed)
        except DriverError:
            # It is stored, and the next daemon begins it.
            self._forget(job.id)
            feed.leave()

    def _submit(self, threads: concurrent.futures.Executor, work: t.Callable[..., None], *args: t.Any) -> None:
        self._refuse_at_the_end()
        try:
            threads.submit(work, *args)
        except RuntimeError:
            self._refuse_at_the_end()
            raise

    def _refuse_at_the_end(self) -> None:
        if self._stopping:
            raise DriverError("the daemon is about to end; ask again when it is back")

    def _work(self, job: Job, feed: Feed) -> None:
        try:
            self._attempt(job, feed)
        except Exception:
            log.exception("defect", extra={"job": job.id, "action": job.action})
            feed.leave()
        finally:
            self._forget(job.id)

    def _attempt(self, job: Job, feed: Feed) -> None:
        try:
            mine = self.jobs.begin(job.id, self.name)
        except DriverError as error:
            # Nothing was done.
            mine, answer = job, {"result": failed(error)}
        else:
            if mine is None:
                feed.leave()
                return
            answer = self._carried_out(Task(mine.action, **mine.request), mine.actor, feed, self._for(mine))
            if mine.attempts > 1:
                answer["result"] = again(answer["result"])
        end = End(mine, self._clock(), kept(answer["result"]))
        if not self._keep(end):
            # What this attempt says is not what comes of the job.
            feed.leave()
            return
        with self._lock:
            self._heard[job.id] = feed
            while len(self._heard) > _HEARD:
                self._heard.popitem(last=False)
        feed.end(answer, {**answer, "result": end.result})

    def _for(self, job: Job) -> Open:
        """The cloud of a run that stops when another daemon takes its job over."""
        doubtful = self._alive.broken if self._alive is not None else lambda: False
        return functools.partial(self._cloud, standing=Standing(job.id, self.name, job.attempts, doubtful))

    def _keep(self, end: End) -> bool:
        """Keep what came of a job, for later where the database is away; False when another daemon has the job."""
        try:
            return self._store(end)
        except Exception:
            log.exception("the end of a job is to be stored later", extra={"job": end.job.id, "action": end.job.action})
            self._ends[end.job.id] = end
            return True

    def _store(self, end: End) -> bool:
        stored = self.jobs.finish(end.job, end.at, end.result)
        if not stored:
            log.warning("another daemon has the job", extra={"job": end.job.id, "action": end.job.action})
        return stored

    def _answered(self, task: Task, actor: str, feed: Feed) -> None:
        answer = self._carried_out(task, actor, feed, self._cloud)
        feed.end(answer, answer)

    def _carried_out(self, task: Task, actor: str, feed: Feed, cloud: Open) -> dict[str, t.Any]:
        since = self._tick()
        try:
            answer = carry_out(task, actor, cloud, feed.tell)
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
