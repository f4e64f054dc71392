# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Moments that come again, by clocks that are put forward and back."""

from __future__ import annotations

import datetime
import itertools
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.schedule import Schedule, latest, parse

UTC = datetime.UTC
ZONES = ("UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")
SCHEDULES = st.one_of(
    st.builds(Schedule, st.just("hourly"), st.integers(0, 59)),
    st.builds(Schedule, st.just("daily"), st.integers(0, 59), st.integers(0, 23)),
    st.builds(Schedule, st.just("weekly"), st.integers(0, 59), st.integers(0, 23), st.integers(1, 7)),
    st.builds(Schedule, st.just("monthly"), st.integers(0, 59), st.integers(0, 23), st.integers(1, 28)),
)
# Whole seconds since 1970.
MOMENTS = st.integers(951_868_800, 2_114_380_800).map(lambda seconds: datetime.datetime.fromtimestamp(seconds, UTC))

KNOWN = [
    # interval, schedule, zone, now (UTC), the last moment (UTC)
    ("hourly", "30", "UTC", "2026-01-31T12:29:59", "2026-01-31T11:30:00"),
    ("hourly", "30", "UTC", "2026-01-31T12:30:00", "2026-01-31T12:30:00"),
    ("hourly", "0", "Asia/Kolkata", "2026-01-31T12:29:00", "2026-01-31T11:30:00"),
    ("daily", "30:2", "Europe/Vienna", "2026-01-31T01:30:00", "2026-01-31T01:30:00"),
    ("daily", "30:2", "Europe/Vienna", "2026-07-31T00:29:00", "2026-07-30T00:30:00"),
    # 02:30 is skipped on this day: the clocks show 03:30 then.
    ("daily", "30:2", "Europe/Vienna", "2026-03-29T12:00:00", "2026-03-29T01:30:00"),
    # 02:30 comes twice on this day: at 00:30 and 01:30 UTC.
    ("daily", "30:2", "Europe/Vienna", "2026-10-25T12:00:00", "2026-10-25T00:30:00"),
    ("hourly", "30", "Europe/Vienna", "2026-10-25T01:31:00", "2026-10-25T01:30:00"),
    ("weekly", "0:4:1", "UTC", "2026-11-26T00:00:00", "2026-11-22T04:00:00"),
    ("weekly", "0:4:7", "UTC", "2026-11-26T00:00:00", "2026-11-21T04:00:00"),
    ("monthly", "0:4:28", "UTC", "2026-03-01T00:00:00", "2026-02-28T04:00:00"),
    ("monthly", "0:4:1", "UTC", "2026-03-01T03:59:00", "2026-02-01T04:00:00"),
    ("monthly", "0:23:28", "America/New_York", "2026-03-01T04:00:00", "2026-03-01T04:00:00"),
]


@pytest.mark.parametrize(("interval", "text", "zone", "now", "last"), KNOWN)
def test_known_moments(interval: str, text: str, zone: str, now: str, last: str) -> None:
    at = datetime.datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = latest(parse(interval, text), zoneinfo.ZoneInfo(zone), at)
    assert found == datetime.datetime.fromisoformat(last).replace(tzinfo=UTC)


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
def test_the_last_moment_is_there_and_is_itself_a_moment(schedule: Schedule, name: str, now: datetime.datetime) -> None:
    zone = zoneinfo.ZoneInfo(name)
    last = latest(schedule, zone, now)
    longest = {"hourly": 0, "daily": 1, "weekly": 7, "monthly": 31}[schedule.interval]
    assert last <= now <= last + datetime.timedelta(days=longest + 1, hours=3)
    assert latest(schedule, zone, last) == last
    before = latest(schedule, zone, last - datetime.timedelta(microseconds=1))
    assert before < last


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS, st.integers(0, 10**6))
def test_later_moments_are_never_earlier(schedule: Schedule, name: str, now: datetime.datetime, seconds: int) -> None:
    zone = zoneinfo.ZoneInfo(name)
    assert latest(schedule, zone, now) <= latest(schedule, zone, now + datetime.timedelta(seconds=seconds))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_a_moment_each_day_week_and_month(zone: str, year: int) -> None:
    tz, day = zoneinfo.ZoneInfo(zone), datetime.timedelta(days=1)
    counts = {Schedule("daily", 30, 2): 365, Schedule("weekly", 30, 2, 1): 52, Schedule("monthly", 30, 2, 28): 12}
    for schedule, count in counts.items():
        at = datetime.datetime(year, 12, 31, 23, tzinfo=tz)
        found = set()
        while (last := latest(schedule, tz, at)).astimezone(tz).year == year:
            found.add(last)
            at = last - datetime.timedelta(seconds=1)
        assert len(found) == count
        dates = sorted(last.astimezone(tz).date() for last in found)
        if schedule.interval == "daily":
            assert all(later - earlier == day for earlier, later in itertools.pairwise(dates))


REFUSED = [
    ("hourly", "60"),
    ("hourly", "1:2"),
    ("hourly", ""),
    ("hourly", "-1"),
    ("hourly", "\u0661"),
    ("daily", "0"),
    ("daily", "0:24"),
    ("weekly", "0:0:0"),
    ("weekly", "0:0:8"),
    ("monthly", "0:0:29"),
    ("monthly", "0:0:001"),
]


@pytest.mark.parametrize(("interval", "text"), REFUSED)
def test_what_is_no_schedule_is_refused(interval: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"^it is not MM.*; write it like 30"):
        parse(interval, text)
