# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Jobs of several daemons on one database: each is had by one, and what came of it is stored once."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._api import work as module
from ansible_collections.cairn.cloud.plugins.plugin_utils._api.feed import Feed
from ansible_collections.cairn.cloud.plugins.plugin_utils._api.task import Task
from ansible_collections.cairn.cloud.plugins.plugin_utils._api.work import Work
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.job import Job, Standing
from ansible_collections.cairn.cloud.plugins.plugin_utils._daemon.engine import Engine
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.domains import Domains
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.engine import Mode
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore, open_store
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.tables import lease
from ansible_collections.cairn.cloud.plugins.plugin_utils._settings import Settings
from ansible_collections.cairn.cloud.plugins.plugin_utils._wiring import now
from support.simulated import documents

KEY = b"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
ZONE = Task("zone", {"name": "z1"})


def wait(until: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 15
    while not (found := until()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def answer(feed: Feed | None) -> dict[str, Any]:
    assert feed
    return dict(wait(lambda: feed.after(0, "me")[1]))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path}/state/cairn.db"
    (tmp_path / "state").mkdir()
    with contextlib.closing(open_store(url, kinds=KINDS, create=True, clock=now, secret_key=KEY)) as opened:
        yield opened


class Carried:
    """What is worked on, by job; it ends when ``gate`` is open."""

    def __init__(self) -> None:
        self.gate, self.begun = threading.Event(), list[Standing]()
        self.gate.set()

    def __call__(self, _task: Task, _actor: str, cloud: Any, _progress: Any) -> dict[str, Any]:
        self.begun.append(cloud.keywords["standing"])
        assert self.gate.wait(30)
        return {"result": {"changed": True, "private_key": "hunter2"}}


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Carried:
    one = Carried()
    monkeypatch.setattr(module, "carry_out", one)
    return one


@contextlib.contextmanager
def working(store: SqlStore, cloud: Any = None) -> Iterator[Work]:
    work = Work(
        cloud=cloud or (lambda **_how: None), jobs=store.jobs, lease=store.lease, clock=now, tick=time.monotonic
    )
    work.start()
    try:
        yield work
    finally:
        work.stop(10)


def begin(work: Work, task: Task = ZONE) -> tuple[str, Feed]:
    ident = str(uuid.uuid4())
    feed = work.submit(task, "ann", ident, "me")[1]
    assert feed
    return ident, feed


def job(store: SqlStore, ident: str) -> Job:
    found = store.jobs.get(ident)
    assert found
    return found


def lose(store: SqlStore, work: Work) -> None:
    """As if the database had been out of reach for longer than a lease lasts."""
    with store._database.begin(Mode.ROW, commit=True) as connection:
        connection.execute(sa.delete(lease).where(lease.c.key == f"daemon/{work.name}"))
    work._alive.lost()  # type: ignore[union-attr]


def unreachable(*_args: Any) -> bool:
    raise DriverError("the database cannot be reached")


def test_what_came_of_a_job_is_stored_when_the_database_is_back(
    store: SqlStore, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working(store) as work, working(store) as other:
        with monkeypatch.context() as away:
            away.setattr(store.jobs, "finish", unreachable)
            ident, feed = begin(work)
            assert answer(feed)["result"]["changed"]
            with pytest.raises(DriverError):
                work.take_up()
        assert (job(store, ident).state, work.running()) == ("running", 0)
        other.take_up()
        work.take_up()
        assert job(store, ident).state == "done"
    assert len(carried.begun) == 1


def test_a_daemon_that_ends_stores_what_came_of_jobs_first(
    store: SqlStore, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = store.jobs.finish
    with working(store) as work:
        monkeypatch.setattr(store.jobs, "finish", unreachable)
        ident, feed = begin(work)
        answer(feed)
        assert not work.stop(0.3)
        threading.Timer(0.3, lambda: monkeypatch.setattr(store.jobs, "finish", finish)).start()
        assert work.stop(20)
    assert job(store, ident).state == "done"
    with working(store) as work:
        work.take_up()
    assert len(carried.begun) == 1


def test_a_job_that_waits_for_its_turn_is_no_attempt(
    store: SqlStore, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORKERS", 1)
    carried.gate.clear()
    with working(store) as work:
        (first, _feed), (second, feed) = begin(work), begin(work)
        wait(lambda: job(store, first).attempts == 1)
        assert job(store, second).attempts == 0
        carried.gate.set()
        answer(feed)
        assert job(store, second).attempts == 1


def test_a_job_that_cannot_be_begun_has_failed(
    store: SqlStore, carried: Carried, monkeypatch: pytest.MonkeyPatch
) -> None:
    with working(store) as work:
        monkeypatch.setattr(store.jobs, "begin", unreachable)
        ident, feed = begin(work)
        told = {"failed": True, "changed": False, "msg": "the database cannot be reached"}
        assert answer(feed)["result"] == told
        assert job(store, ident).result == told
    assert carried.begun == []


def test_a_job_that_was_stored_though_the_database_said_no_is_begun(store: SqlStore, carried: Carried) -> None:
    with working(store) as work:
        ident = str(uuid.uuid4())
        store.jobs.add(Job(id=ident, action="zone", actor="", created=now(), request=ZONE.stored(), holder=work.name))
        work.take_up()
        wait(lambda: job(store, ident).state == "done")
        work.take_up()
    assert len(carried.begun) == 1


def test_at_its_end_a_daemon_takes_nothing_on(store: SqlStore, carried: Carried) -> None:
    with working(store) as work:
        work.stop(1)
        for act in (lambda: begin(work), lambda: work.look(ZONE, "ann")):
            with pytest.raises(DriverError, match="the daemon is about to end; ask again when it is back"):
                act()
        assert store.jobs.latest(9) == []


def test_what_is_told_once_is_told_its_owner_once(store: SqlStore, carried: Carried) -> None:
    with working(store) as work:
        ident, feed = begin(work)
        assert "private_key" in answer(feed)["result"]
        assert "private_key" not in str(feed.after(0, "other"))
        feed.received("other")
        assert "private_key" in answer(work.feed(ident))["result"]
        feed.received("me")
        assert answer(feed)["result"] == {"changed": True}


def test_a_daemon_that_lost_its_lease_goes_on_with_what_nobody_took(store: SqlStore, carried: Carried) -> None:
    carried.gate.clear()
    with working(store) as work, working(store) as other:
        ident, feed = begin(work)
        [standing] = wait(lambda: carried.begun)
        assert not standing.doubtful()
        lose(store, work)
        assert standing.doubtful()
        with store.reading() as tx:
            assert tx.has_job(standing)
        carried.gate.set()
        assert answer(feed)["result"]["changed"]
        other.take_up()
    assert (job(store, ident).state, len(carried.begun)) == ("done", 1)


def test_two_daemons_do_not_both_end_a_job(store: SqlStore, carried: Carried) -> None:
    """The first one can tell nothing of it any more: whoever listens there is told by the second one."""
    carried.gate.clear()
    with working(store) as work, working(store) as other:
        ident, feed = begin(work)
        wait(lambda: len(carried.begun) == 1)
        lose(store, work)
        other.take_up()
        wait(lambda: len(carried.begun) == 2)
        with store.reading() as tx:
            assert [tx.has_job(standing) for standing in carried.begun] == [False, True]
        carried.gate.set()
        wait(lambda: feed.left)
        assert feed.after(0, "me")[1] is None
        found = wait(lambda: (one := job(store, ident)).result and one)
        assert (found.holder, found.attempts) == (other.name, 2)
        assert any("began again" in warning for warning in found.result["warnings"])


class Clouds:
    """Engines on one database, whose hosts start guests one by one, each when it is let."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (directory / "secret.key").write_bytes(KEY)
        self.settings = Settings(
            api_url=f"sqlite:///{directory}/state/cairn.db",
            secret_key_file=str(directory / "secret.key"),
            state_dir=str(directory / "state"),
            local_dirs=str(directory),
        )
        self.gate, self.started = threading.Semaphore(0), list[str]()
        start = Domains.start

        def gated(domains: Domains, ident: str) -> None:
            self.started.append(threading.current_thread().name)
            assert self.gate.acquire(timeout=30)
            start(domains, ident)

        monkeypatch.setattr(Domains, "start", gated)


def test_a_run_whose_job_was_taken_over_stores_and_does_nothing_more(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clouds = Clouds(tmp_path, monkeypatch)
    first, second = Engine(clouds.settings), Engine(clouds.settings)
    apply = Task("apply", {"documents": documents(tmp_path, 2)})
    with working(store, first.cloud) as work:
        ident, feed = begin(work, apply)
        wait(lambda: len(clouds.started) == 1)
        lose(store, work)
        with working(store, second.cloud) as other:
            other.take_up()
            # The first one ends the step that it is in, and makes no other: the second guest is not started by it.
            clouds.gate.release()
            wait(lambda: feed.left)
            clouds.gate.release(9)
            found = wait(lambda: (one := job(store, ident)).result and one)
            assert not found.result.get("failed")
            assert found.holder == other.name
    assert len(clouds.started) == 2
    with store.reading() as tx:
        assert [one.spec["power"] for one in tx.select("instance")] == ["Running", "Running"]
        assert not [event for event in tx.events() if event.action == "fail"]
    for engine in (first, second):
        engine.close()
