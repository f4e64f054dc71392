# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Many processes on one database: each name, address and MAC is given out once, and leases keep processes apart."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql import leases
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.holder import Holder
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.tables import lease
from support.collection import CHECKOUT

from .conftest import Make, Open

WORKER = Path(__file__).with_name("worker.py")
PROCESSES = 10
ROUNDS = 5
# The collection has to be importable before the script is.
START = (
    "import runpy, sys; from support.collection import *; make_importable(make_dev_tree()); del sys.argv[0];"
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def start(url: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START, str(WORKER), url, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "tests")}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def results(workers: list[subprocess.Popen[str]]) -> list[str]:
    outputs = [worker.communicate(timeout=300) for worker in workers]
    assert [(worker.returncode, errors) for worker, (_out, errors) in zip(workers, outputs, strict=True)] == [
        (0, "") for _worker in workers
    ]
    return [out for out, _errors in outputs]


def test_processes_make_one_database_and_share_it(url: str, open_: Open) -> None:
    """They start on a database that is not there: one makes it, and all see the same."""
    answers = [json.loads(text) for text in results([start(url, "allocate", n, ROUNDS) for n in range(PROCESSES)])]
    won = [name for answer in answers for name in answer["won"]]
    cards = [tuple(card) for answer in answers for card in answer["cards"]]
    expected = {f"shared{turn}" for turn in range(ROUNDS)}
    expected |= {f"own{number}x{turn}" for number in range(PROCESSES) for turn in range(ROUNDS)}
    assert sorted(won) == sorted(expected)
    assert len({mac for mac, _ip in cards}) == len({ip for _mac, ip in cards}) == len(expected)
    with open_().reading() as tx:
        assert tx.addresses("the-network") == (1024, len(expected))
        assert {(card.mac, card.ip) for card in tx.nics()} == set(cards)
        assert len(tx.select("instance")) == len(expected)
        # Those who lost a name gave back what they had taken: no address is missing below the highest.
        assert {card.ip for card in tx.nics()} == {f"10.0.0.{number}" for number in range(len(expected))}


def test_writers_come_one_after_another(open_: Open, make: Make) -> None:
    """What a transaction looked at still holds when it commits, on PostgreSQL too."""
    one, other = open_(), open_(timeout=0.3)
    with one.transaction(commit=True) as tx:
        assert tx.select("zone") == []
        with pytest.raises(DriverError, match="is locked by another process; wait"), other.transaction(commit=True):
            pass
        with other.reading() as reader:
            tx.insert(make("zone", "z"))
            assert reader.select() == []
    with other.transaction(commit=False) as tx:
        assert len(tx.select("zone")) == 1


def test_a_reader_sees_one_moment(open_: Open, make: Make) -> None:
    one, other = open_(), open_()
    with one.reading() as reader:
        assert reader.select() == []
        with other.transaction(commit=True) as tx:
            tx.insert(make("zone", "z"))
        assert reader.select() == []
    with one.reading() as reader:
        assert len(reader.select()) == 1


def test_a_lease_keeps_processes_apart(store: SqlStore, url: str, tmp_path: Path) -> None:
    number = tmp_path / "number"
    number.write_text("0")
    results([start(url, "count", "key", number, 5) for _worker in range(6)])
    assert number.read_text() == "30"


@pytest.fixture
def holder_process(store: SqlStore, url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lease 'key'."""
    worker = start(url, "hold", "key")
    assert worker.stdout
    assert worker.stdout.readline() == "held\n"
    yield worker
    with suppress(ProcessLookupError):
        worker.kill()
    worker.communicate()


def test_a_killed_holder_holds_nothing(store: SqlStore, holder_process: subprocess.Popen[str]) -> None:
    with pytest.raises(DriverError) as caught, store.lease("key", 0.2):
        pass
    assert caught.value.sentence == (
        f"'key' is worked on by process {holder_process.pid}; wait for it to end, or give a longer wait_timeout"
    )
    assert (store.holder("key"), store.holder("another")) == (f"process {holder_process.pid}", None)
    with store.lease("another", 0.2):
        pass
    holder_process.send_signal(signal.SIGKILL)
    # Its exit status is not fetched: what is left of it counts as dead all the same.
    started = time.monotonic()
    with store.lease("key", 5):
        assert time.monotonic() - started < 2
    assert store.holder("key") is None


def test_a_stopped_holder_still_holds(store: SqlStore, holder_process: subprocess.Popen[str]) -> None:
    holder_process.send_signal(signal.SIGSTOP)
    expire(store, "key")
    with pytest.raises(DriverError, match="is worked on by process"), store.lease("key", 0.2):
        pass


def test_threads_of_one_process_exclude_each_other(store: SqlStore) -> None:
    order: list[str] = []
    inside = threading.Event()

    def work() -> None:
        with store.lease("key", 10):
            order.append("thread in")
            inside.set()
            time.sleep(0.3)
            order.append("thread out")

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(10)
    with store.lease("key", 10):
        order.append("main")
    thread.join()
    assert order == ["thread in", "thread out", "main"]


def test_a_lease_ends_with_an_error(store: SqlStore) -> None:
    with pytest.raises(KeyError), store.lease("key", 1):
        raise KeyError
    with store.lease("key", 0):
        pass
    with store._database.begin(leases.Mode.READ) as connection:
        assert connection.execute(sa.select(lease)).all() == []


def expire(store: SqlStore, key: str) -> None:
    with store._database.begin(leases.Mode.ROW, commit=True) as connection:
        connection.execute(sa.update(lease).where(lease.c.key == key).values(expires=0.0))


def plant(store: SqlStore, holder: Holder, expires: float) -> None:
    with store._database.begin(leases.Mode.ROW, commit=True) as connection:
        connection.execute(sa.insert(lease), {"key": "key", "holder": str(holder), "expires": expires})


def test_another_machine_holds_until_its_time_is_up(store: SqlStore) -> None:
    plant(store, Holder("boot/1", "node7", 4711, 1, "token"), time.time() + 60)
    with pytest.raises(DriverError, match="'key' is worked on by process 4711 of node7; wait"), store.lease("key", 0.1):
        pass
    expire(store, "key")
    with store.lease("key", 0.1):
        pass


def test_a_held_lease_is_renewed(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWED", 0.05)
    before = {thread.ident for thread in threading.enumerate()}
    with store.lease("key", 1), store.lease("second", 1):
        expire(store, "key")
        deadline = time.monotonic() + 10
        while left(store, "key") < 50 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert 50 < left(store, "key") <= 60
        renewing = [thread for thread in threading.enumerate() if thread.ident not in before]
        assert [thread.name for thread in renewing] == ["cairn leases"]
    renewing[0].join(10)
    assert not renewing[0].is_alive()


OTHER = Holder("boot/1", "node7", 4711, 1, "token")


def given_away(store: SqlStore, holder: Holder | None) -> None:
    """The lease 'key' runs out, and is another machine's, or nobody's."""
    with store._database.begin(leases.Mode.ROW, commit=True) as connection:
        connection.execute(sa.delete(lease).where(lease.c.key == "key"))
    if holder is not None:
        plant(store, holder, time.time() + 60)


def test_a_lease_given_back_and_taken_while_we_look_is_not_ours(store: SqlStore) -> None:
    """On PostgreSQL, each statement of a transaction sees what others did since the one before."""
    looks: list[str] = []

    def looking(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FOR UPDATE" in statement:
            looks.append(statement)
            if len(looks) == 1:
                given_away(store, None)

    def looked(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FOR UPDATE" in statement and len(looks) == 1:
            plant(store, OTHER, time.time() + 60)

    plant(store, OTHER, time.time() + 60)
    engine = store._database._engine
    sa.event.listen(engine, "before_cursor_execute", looking)
    sa.event.listen(engine, "after_cursor_execute", looked)
    with pytest.raises(DriverError, match="is worked on by process 4711 of node7"), store.lease("key", 0):
        pass
    assert store.holder("key") == "process 4711 of node7"
    assert bool(looks) == (engine.dialect.name == "postgresql")


def soon(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def test_a_lost_lease_is_had_again_and_its_holder_is_told(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWED", 0.05)
    with store.lease("key", 1) as held, store.lease("second", 1) as second:
        mine = store.holder("key")
        assert not held.broken()
        given_away(store, None)
        assert soon(lambda: store.holder("key") == mine)
        assert soon(held.broken)
        assert not second.broken()
    assert store.holder("key") is None


def test_a_lease_that_others_took_is_theirs_until_they_leave_it(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWED", 0.05)
    with store.lease("key", 1) as held:
        mine = store.holder("key")
        given_away(store, OTHER)
        assert soon(held.broken)
        assert store.holder("key") == "process 4711 of node7"
        given_away(store, None)
        assert soon(lambda: store.holder("key") == mine)
        assert held.broken()
    assert store.holder("key") is None
    with store.lease("key", 1) as held:
        given_away(store, OTHER)
    assert store.holder("key") == "process 4711 of node7"


def test_a_lease_that_cannot_be_renewed_is_in_doubt(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LASTS", 0.2)
    with store.lease("key", 1) as held:
        assert not held.broken()
        assert soon(held.broken)


def left(store: SqlStore, key: str) -> float:
    with store._database.begin(leases.Mode.READ) as connection:
        return (
            float(connection.execute(sa.select(lease.c.expires).where(lease.c.key == key)).scalar_one()) - time.time()
        )
