# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Jobs of daemons as rows: encrypted, taken over by one alone, and forgotten."""

from __future__ import annotations

import dataclasses as dc
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.job import DONE, Job, Standing
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore

from .conftest import Open

JOB = Job(
    id="1",
    action="apply",
    actor="ann",
    created="2026-02-03T04:05:06Z",
    request={"args": {"user_data": "swordfish"}},
    holder="d1",
)


@pytest.fixture
def store(open_: Open) -> SqlStore:
    return open_()


def rows(store: SqlStore) -> list[tuple[object, ...]]:
    with store.reading() as tx:
        return [tuple(row) for row in tx._connection.execute(sa.text("SELECT * FROM job"))]


def test_a_job_is_kept_encrypted_and_read_back(store: SqlStore) -> None:
    assert store.jobs.add(JOB)
    assert store.jobs.get("1") == JOB
    assert store.jobs.get("2") is None
    assert store.jobs.finish(JOB, "2026-02-03T04:05:07Z", {"changed": True, "msg": "swordfish"})
    ended = dc.replace(JOB, state=DONE, finished="2026-02-03T04:05:07Z", result={"changed": True, "msg": "swordfish"})
    assert store.jobs.get("1") == ended
    assert "swordfish" not in str(rows(store))


def test_without_a_key_nothing_is_kept(open_: Open) -> None:
    store = open_(secret_key=None)
    with pytest.raises(DriverError, match="no key was given; set secret_key_file"):
        store.jobs.add(JOB)
    assert rows(store) == []


def test_one_id_is_one_job(store: SqlStore) -> None:
    assert store.jobs.add(JOB)
    assert not store.jobs.add(dc.replace(JOB, action="zone"))
    found = store.jobs.get("1")
    assert found
    assert found.action == "apply"


def test_one_of_many_takes_a_job_over(store: SqlStore) -> None:
    store.jobs.add(JOB)
    with ThreadPoolExecutor(8) as pool:
        taken = [one for one in pool.map(lambda n: store.jobs.hold(JOB, f"d{n}"), range(2, 10)) if one]
    [mine] = taken
    assert (mine.attempts, mine.holder != "d1") == (0, True)
    assert store.jobs.running() == [mine]
    assert store.jobs.finish(mine, "2026-02-03T04:05:07Z", {})
    assert store.jobs.hold(mine, "d1") is None
    assert store.jobs.running() == []


def test_an_attempt_counts_when_it_is_begun(store: SqlStore) -> None:
    store.jobs.add(JOB)
    begun = store.jobs.begin("1", "d1")
    assert begun == dc.replace(JOB, attempts=1)
    assert store.jobs.begin("1", "d2") is None
    assert store.jobs.begin("2", "d1") is None


def test_who_lost_a_job_ends_it_no_more(store: SqlStore) -> None:
    store.jobs.add(JOB)
    mine = store.jobs.begin("1", "d1")
    assert mine
    with store.reading() as tx:
        assert tx.has_job(Standing("1", "d1", 1, lambda: True))
        assert not tx.has_job(Standing("1", "d1", 0, lambda: True))
    taken = store.jobs.hold(mine, "d2")
    assert taken
    with store.reading() as tx:
        assert not tx.has_job(Standing("1", "d1", 1, lambda: True))
    assert not store.jobs.finish(mine, "2026-02-03T04:05:07Z", {"changed": True})
    assert store.jobs.get("1") == taken
    again = store.jobs.begin("1", "d2")
    assert again
    assert not store.jobs.finish(taken, "2026-02-03T04:05:07Z", {})
    assert store.jobs.finish(again, "2026-02-03T04:05:07Z", {})
    assert not store.jobs.finish(again, "2026-02-03T04:05:08Z", {})
    with store.reading() as tx:
        assert not tx.has_job(Standing("1", "d2", 2, lambda: True))


def test_the_latest_are_first_and_old_ones_are_forgotten(store: SqlStore) -> None:
    for number in range(4):
        store.jobs.add(dc.replace(JOB, id=str(number), created=f"2026-02-0{number + 1}T00:00:00Z"))
    for number in range(3):
        store.jobs.finish(dc.replace(JOB, id=str(number)), f"2026-02-0{number + 1}T01:00:00Z", {})
    assert [job.id for job in store.jobs.latest(3)] == ["3", "2", "1"]
    store.jobs.forget("2026-02-02T02:00:00Z")
    assert [job.id for job in store.jobs.latest(9)] == ["3", "2"]
