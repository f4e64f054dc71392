# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Snapshots by policy on the engine, at any time of the clock."""

from __future__ import annotations

import datetime
import os
import time

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._services.result import Result
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc

DAILY = doc("volume_snapshot_policy", "daily", volume="data", schedule="30:2", max_snaps=2)


@pytest.fixture
def lab(cloud: Lab) -> Lab:
    """The sample cloud with a policy of one volume."""
    cloud.must(DAILY)
    return cloud


def run(lab: Lab, day: int, time: str = "03:00", *, check: bool = False) -> Result:
    """What the timer does on a day of January."""
    lab.now = f"2026-01-{day:02}T{time}:00Z"
    with lab.cloud() as cloud:
        return cloud.snapshots(check=check)


def names(lab: Lab) -> list[str]:
    return [one["name"] for one in lab.read("volume_snapshot", volume="data")]


def test_they_are_taken_at_their_moment_and_the_count_is_kept(lab: Lab) -> None:
    assert not run(lab, 1, "02:29").report.changed
    for day in range(1, 6):
        predicted, result = run(lab, day, check=True), run(lab, day)
        assert result.errors == []
        assert [(e.action, e.name) for e in predicted.report.entries] == [
            (e.action, e.name) for e in result.report.entries
        ]
        assert not run(lab, day, "03:05").report.changed
        days = [f"data-daily-2026-01-{one:02}T030000Z" for one in range(max(1, day - 1), day + 1)]
        assert names(lab) == ["before", *days]
    (policy,) = lab.read("volume_snapshot_policy", volume="data")
    assert policy["last"] == "2026-01-05T03:00:00Z"
    assert [one["policy"] for one in lab.read("volume_snapshot", policy="daily")] == ["daily", "daily"]
    assert audit(lab) == []


def test_what_was_missed_is_made_up_for_once(lab: Lab) -> None:
    run(lab, 1)
    assert [entry.action for entry in run(lab, 20).report.entries] == ["create"]
    assert not run(lab, 20, "23:00").report.changed


def test_a_snapshot_that_a_person_removed_is_not_taken_again(lab: Lab) -> None:
    run(lab, 1)
    lab.must(doc("volume_snapshot", names(lab)[-1], state="absent"))
    assert not run(lab, 1, "04:00").report.changed


def test_a_host_that_does_not_answer_keeps_no_other_waiting(lab: Lab) -> None:
    lab.must(doc("volume_snapshot_policy", "daily", vm="web2", schedule="30:2"))
    host = lab.one("host", lab.one("volume", "data")["host"])["url"]
    assert host != lab.one("host", lab.one("volume", "ROOT-web2")["host"])["url"]
    lab.lost = {host}
    result = run(lab, 1)
    assert [error.sentence for error in result.errors] == [f"host {host} does not answer; start it"]
    assert [one["volume"] for one in lab.read("volume_snapshot", policy="daily")] == ["ROOT-web2"]
    lab.lost = set()
    assert [entry.action for entry in run(lab, 1, "03:05").report.entries] == ["create"]


def test_one_that_failed_is_taken_up_again_and_then_replaced(lab: Lab) -> None:
    def full(call: str) -> None:
        if call == "take_snapshot":
            from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError

            raise DriverError("no space left on the device; free some")

    for day in (1, 2):
        run(lab, day)
    lab.watch(full)
    assert "no space left" in run(lab, 3).errors[0].sentence
    assert "no space left" in run(lab, 3, "03:05").errors[0].sentence
    assert len(names(lab)) == 4
    assert "no space left" in run(lab, 4).errors[0].sentence
    lab.watch(lambda call: None)
    run(lab, 4, "03:05")
    assert names(lab) == ["before", "data-daily-2026-01-02T030000Z", "data-daily-2026-01-04T030000Z"]
    assert audit(lab) == []


def test_one_whose_time_zone_is_gone_keeps_no_other_from_its_moment(lab: Lab) -> None:
    lab.must(doc("volume_snapshot_policy", "daily", vm="web2", schedule="30:2", max_snaps=2))
    for day in (1, 2, 3):
        run(lab, day)
    before = names(lab)
    with lab.store() as store, store.transaction(commit=True) as tx:
        (data,) = tx.named("volume", "data")
        (lost,) = (one for one in tx.select("volume_snapshot_policy") if one.spec["volume"] == data.id)
        tx.update(lost.with_spec(time_zone="Mars/Olympus"))
    for check in (True, False):
        result = run(lab, 4, check=check)
        assert [entry.action for entry in result.report.entries] == ["create", "remove"]
        (told,) = (error.sentence for error in result.errors)
        assert told.startswith(f"{lost.label}: there is no time zone 'Mars/Olympus' here any more; install")
    assert names(lab) == before


def test_of_two_at_a_time_one_has_nothing_to_do(lab: Lab) -> None:
    with lab.store() as store, store.lease("snapshots", 0):
        started = time.monotonic()
        for check in (True, False):
            result = run(lab, 1, check=check)
            assert (result.errors, result.report.changed, result.report.entries) == ([], False, [])
            assert result.report.warnings == [
                f"process {os.getpid()} is taking the snapshots of policies; nothing was done here, and what is left "
                "is due at the next look"
            ]
        assert time.monotonic() - started < 3
    assert [entry.action for entry in run(lab, 1).report.entries] == ["create"]


def test_volumes_without_a_place_wait(lab: Lab) -> None:
    lab.must(doc("volume_snapshot_policy", "daily", volume="data", state="absent"))
    assert [one["volume"] for one in lab.read("volume_snapshot_policy")] == ["spare"]
    result = run(lab, 1, "02:00")
    assert (result.errors, result.report.changed) == ([], False)


def test_long_names_are_cut_and_stay_apart(lab: Lab) -> None:
    for number in (1, 2):
        name = f"{'x' * 61}-{number}"
        lab.must(
            doc("volume", name, size=1, vm="web1"), doc("volume_snapshot_policy", "daily", volume=name, schedule="0:1")
        )
    result = run(lab, 1)
    assert result.errors == []
    made = [entry.name for entry in result.report.entries if entry.name.startswith("x")]
    assert len(set(made)) == 2
    assert all(len(name) <= 63 for name in made)


def test_moments_are_those_of_the_policys_time_zone(lab: Lab) -> None:
    lab.must(doc("volume_snapshot_policy", "daily", volume="data", time_zone="America/New_York"))
    assert not run(lab, 1, "07:29").report.changed
    assert run(lab, 1, "07:30").report.changed
    (policy,) = lab.read("volume_snapshot_policy", volume="data")
    assert datetime.datetime.fromisoformat(policy["last"]).hour == 7
