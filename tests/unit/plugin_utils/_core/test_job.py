# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Jobs: what is one, what of it is kept, and what a second attempt tells."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.job import (
    DONE,
    Job,
    again,
    given_up,
    is_job,
    kept,
)

JOB = Job(id="1", action="zone", actor="ann", created="2026-02-03T04:05:06Z", request={"args": {"x": 1}}, holder="d")


@pytest.mark.parametrize(
    ("action", "check", "expected"),
    [
        ("zone", False, True),
        ("zone", True, False),
        ("zone_info", False, False),
        ("apply", False, True),
        ("apply", True, False),
        ("drift", False, False),
        ("export", False, False),
        ("capacity_info", False, False),
        ("rebuild", False, True),
        ("scheduled_snapshots", False, True),
    ],
)
def test_what_may_change_something_is_a_job(action: str, check: bool, expected: bool) -> None:
    assert is_job(action, check=check) is expected


def test_people_see_neither_what_a_task_was_told_nor_all_that_came_of_it() -> None:
    assert JOB.shown() == {
        "id": "1",
        "action": "zone",
        "actor": "ann",
        "state": "running",
        "created": "2026-02-03T04:05:06Z",
        "attempts": 0,
    }
    result = {"failed": True, "changed": False, "msg": "no", "diff": [{"before": "s"}]}
    ended = dc.replace(JOB, state=DONE, finished="2026-02-03T04:05:07Z", result=result).shown()
    assert ended == JOB.shown() | {
        "state": "done",
        "finished": "2026-02-03T04:05:07Z",
        "failed": True,
        "changed": False,
        "msg": "no",
    }


def test_what_is_told_once_is_not_kept() -> None:
    once = {"private_key": "p", "private_keys": {"a": "p"}, "api_key": "k", "api_keys": {"b": "k"}}
    assert kept({"changed": True, "name": "a", **once}) == {"changed": True, "name": "a"}


def test_a_second_attempt_counts_as_a_change_and_says_why() -> None:
    told = again({"changed": False, "warnings": ["one"], "name": "a"})
    assert (told["changed"], told["name"], told["warnings"][0]) == (True, "a", "one")
    assert "began again" in told["warnings"][1]
    assert len(again({})["warnings"]) == 1


def test_a_job_that_is_given_up_has_failed() -> None:
    told = given_up(dc.replace(JOB, attempts=3))
    assert (told["failed"], told["changed"]) == (True, True)
    assert told["msg"] == "the daemon ended 3 times while it worked on this; look for the cause in its log"
