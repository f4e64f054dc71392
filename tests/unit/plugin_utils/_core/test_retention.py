# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which snapshots are due and which are too many, over the life of a policy."""

from __future__ import annotations

import dataclasses as dc
import datetime
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.retention import Made, Policy, Work, work
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.schedule import Schedule, latest

UTC = datetime.UTC
START = datetime.datetime(2026, 3, 20, 12, tzinfo=UTC)
HOURS = datetime.timedelta(hours=1)
NIGHTLY = Policy("p", "v", Schedule("daily", 30, 2), zoneinfo.ZoneInfo("Europe/Vienna"), 3, START)


def at(hours: float) -> datetime.datetime:
    return START + hours * HOURS


def made(ident: str, hours: float, *, policy: str | None = "p", taken: bool = True) -> Made:
    return Made(ident, policy, at(hours), taken)


def test_nothing_is_due_before_the_first_moment() -> None:
    assert work([NIGHTLY], [], at(0)) == Work()
    assert work([NIGHTLY], [], at(13.4)) == Work()


def test_it_is_due_once_at_its_moment() -> None:
    assert work([NIGHTLY], [], at(13.5)).due == ("p",)
    assert work([NIGHTLY], [made("a", 13.5)], at(14)) == Work()


def test_what_was_missed_is_made_up_for_once() -> None:
    assert work([NIGHTLY], [], at(24 * 9)).due == ("p",)
    assert work([NIGHTLY], [made("a", 24 * 9)], at(24 * 9 + 1)) == Work()


def test_what_did_not_come_about_is_taken_up_again_until_the_next() -> None:
    begun = made("a", 13.5, taken=False)
    assert work([NIGHTLY], [begun], at(14)) == Work(again=("a",))
    assert work([NIGHTLY], [begun], at(38)) == Work(due=("p",), surplus=("a",))


def test_only_complete_ones_count() -> None:
    kept = [made(str(number), number) for number in range(3)]
    assert work([NIGHTLY], [*kept, made("new", 13.5, taken=False)], at(14)) == Work(again=("new",))
    assert work([NIGHTLY], [*kept, made("new", 13.5)], at(14)) == Work(surplus=("0",))


def test_policies_count_for_themselves() -> None:
    other = dc.replace(NIGHTLY, id="q", keep=1)
    kept = [
        made("a", 13.5),
        made("b", 13.6),
        made("c", 13.5, policy="q"),
        made("d", 13.6, policy="q"),
        made("e", 1, policy=None),
    ]
    assert work([NIGHTLY, other], kept, at(14)) == Work(surplus=("c",))


_ZONES = st.sampled_from(("UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe"))
_SCHEDULES = st.one_of(
    st.builds(Schedule, st.just("hourly"), st.integers(0, 59)),
    st.builds(Schedule, st.just("daily"), st.integers(0, 59), st.integers(0, 23)),
    st.builds(Schedule, st.just("weekly"), st.just(0), st.integers(0, 23), st.integers(1, 7)),
    st.builds(Schedule, st.just("monthly"), st.just(0), st.integers(0, 23), st.integers(1, 28)),
)


@given(
    _SCHEDULES,
    _ZONES,
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(1, 40_000), st.booleans(), st.booleans()), min_size=1, max_size=25),
)
def test_exactly_the_newest_are_kept_over_any_life(
    schedule: Schedule, zone: str, keep: int, runs: list[tuple[int, bool, bool]]
) -> None:
    """Runs at any times, of which some fail, with snapshots of people in between."""
    policy = Policy("p", "v", schedule, zoneinfo.ZoneInfo(zone), keep, START)
    now, there, by_hand, moments = START, list[Made](), set[str](), set[datetime.datetime]()
    whole = 0
    for number, (minutes, works, manual) in enumerate(runs):
        now += datetime.timedelta(minutes=minutes)
        if manual:
            by_hand.add(f"m{number}")
            there.append(Made(f"m{number}", None, now))
        plan = work([policy], there, now)
        assert len(plan.due) + len(plan.again) <= 1
        if plan.due:
            moment = latest(schedule, policy.zone, now)
            assert moment not in moments, "one moment leads to one snapshot"
            moments.add(moment)
            there.append(Made(f"p{number}", "p", now, taken=works))
        there = [dc.replace(one, taken=one.taken or (works and one.id in plan.again)) for one in there]
        surplus = set(work([policy], there, now).surplus)
        assert not surplus & by_hand
        newest = sorted((one for one in there if one.policy and one.taken), key=lambda one: one.at)[-keep:]
        whole = max(whole, len(newest))
        there = [one for one in there if one.id not in surplus]
        assert [one for one in there if one.policy and one.taken] == newest
        assert len(newest) == whole, "what is complete goes only for something newer"
        assert sum(not one.taken for one in there) <= 1
        again = work([policy], there, now)
        assert (again.due, again.surplus) == ((), ())
    assert by_hand == {one.id for one in there if one.policy is None}
