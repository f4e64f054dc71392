# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Moments that come again every hour, day, week or month, by the clocks of a time zone.

Where clocks are put forward, a moment that they skip comes as much later. Where they are put back, a day's moment that
they show twice comes the first time; an hourly one comes in each hour.
"""

from __future__ import annotations

import dataclasses as dc
import datetime
import typing as t

_FORMATS = {"hourly": "MM", "daily": "MM:HH", "weekly": "MM:HH:D", "monthly": "MM:HH:DD"}
_EXAMPLES = {"hourly": "30", "daily": "30:2", "weekly": "30:2:1", "monthly": "30:2:28"}
_MINUTE, _DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
# The longest time between two hourly moments, in minutes: clocks are put by at most two hours.
_LONGEST_HOUR = 180
# A month, and the days by which clocks may be apart.
_LONGEST_INTERVAL = 33


@dc.dataclass(frozen=True)
class Schedule:
    """``day`` is 1 (Sunday) to 7 in a week, and 1 to 28 in a month."""

    interval: str
    minute: int
    hour: int = 0
    day: int = 1

    def names(self, day: datetime.date) -> bool:
        """Whether it has a moment on this day."""
        if self.interval == "weekly":
            return day.isoweekday() % 7 + 1 == self.day
        return self.interval != "monthly" or day.day == self.day


def parse(interval: str, text: str) -> Schedule:
    """The schedule that ``text`` writes. Raises ValueError with a sentence."""
    names, words = _FORMATS[interval].split(":"), text.split(":")
    most = {"MM": (0, 59), "HH": (0, 23), "D": (1, 7), "DD": (1, 28)}
    bounds = [most[name] for name in names]
    numbers = [int(word) if word.isascii() and word.isdigit() and len(word) < 3 else -1 for word in words]
    if len(numbers) != len(bounds) or any(not low <= n <= high for n, (low, high) in zip(numbers, bounds, strict=True)):
        last = {"D": ", the day being 1 (Sunday) to 7", "DD": ", the day being 1 to 28"}.get(names[-1], "")
        raise ValueError(f"it is not {_FORMATS[interval]}{last}; write it like {_EXAMPLES[interval]}")
    return Schedule(interval, *numbers)


def latest(schedule: Schedule, zone: datetime.tzinfo, now: datetime.datetime) -> datetime.datetime:
    """The schedule's last moment up to ``now`` (aware), in UTC."""
    now = now.astimezone(datetime.UTC)
    return next(moment for moment in _backwards(schedule, zone, now) if moment <= now)


def _backwards(schedule: Schedule, zone: datetime.tzinfo, now: datetime.datetime) -> t.Iterator[datetime.datetime]:
    if schedule.interval == "hourly":
        minute = now.replace(second=0, microsecond=0)
        for _turn in range(_LONGEST_HOUR):
            if minute.astimezone(zone).minute == schedule.minute:
                yield minute
            minute -= _MINUTE
        return
    day = now.astimezone(zone).date() + _DAY
    for _turn in range(_LONGEST_INTERVAL + 1):
        if schedule.names(day):
            at = datetime.time(schedule.hour, schedule.minute, tzinfo=zone)
            yield datetime.datetime.combine(day, at).astimezone(datetime.UTC)
        day -= _DAY
