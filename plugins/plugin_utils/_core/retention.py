# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which snapshots of policies are due at a moment, and which are too many.

A policy's snapshot is due when its schedule had a moment since it last took one, or since it was made: a moment that
was missed is made up for, and of several only the last. A snapshot that did not come about is taken up again until the
next one is due, which replaces it. Only complete ones count, so that nothing goes before the new one is there.
"""

from __future__ import annotations

import dataclasses as dc
import datetime
import typing as t

from .schedule import Schedule, latest


@dc.dataclass(frozen=True)
class Policy:
    """``keep`` is how many snapshots stay; moments are aware."""

    id: str
    volume: str
    schedule: Schedule
    zone: datetime.tzinfo
    keep: int
    since: datetime.datetime


@dc.dataclass(frozen=True)
class Made:
    """A snapshot, and the policy that made it, if one did; ``taken`` says that it is complete."""

    id: str
    policy: str | None
    at: datetime.datetime
    taken: bool = True


@dc.dataclass(frozen=True)
class Work:
    """Policies whose snapshot is to be taken now, snapshots to be taken up again, and those to be removed after."""

    due: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()


def work(policies: t.Iterable[Policy], snapshots: t.Iterable[Made], now: datetime.datetime) -> Work:
    """What is to be done at the moment ``now``."""
    of: dict[str, list[Made]] = {}
    for one in sorted(snapshots, key=lambda made: (made.at, made.id)):
        if one.policy is not None:
            of.setdefault(one.policy, []).append(one)
    due: list[str] = []
    again: list[str] = []
    surplus: list[str] = []
    for policy in sorted(policies, key=lambda one: one.id):
        made = of.get(policy.id, [])
        last = max((policy.since, *(one.at for one in made)))
        begun, whole = [one.id for one in made if not one.taken], [one.id for one in made if one.taken]
        surplus += whole[: max(0, len(whole) - policy.keep)]
        if latest(policy.schedule, policy.zone, now) > last:
            due.append(policy.id)
            surplus += begun
        else:
            again += begun[-1:]
            surplus += begun[:-1]
    return Work(tuple(due), tuple(again), tuple(surplus))
