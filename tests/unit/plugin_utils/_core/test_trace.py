# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The trace of a placement, for a person."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.trace import ASKED, Refusal, Trace


def full(free: int) -> Refusal:
    return Refusal("has too little memory free", f"{free} MiB are free, 512 MiB are asked for", free)


def test_one_host_is_told_of_alone() -> None:
    assert Trace({"h1": full(96)}).reasons == "h1: 96 MiB are free, 512 MiB are asked for"


def test_hosts_are_told_of_by_what_they_have_in_common() -> None:
    closed = {f"h{n:03}": Refusal("is in maintenance") for n in range(300)}
    trace = Trace(closed | {f"n{n:03}": full(n) for n in range(200)} | {"x": Refusal("is disabled")})
    assert trace.lines() == [
        "300 hosts (h000, h001, h002 and 297 more): is in maintenance",
        "200 hosts (n000, n001, n002 and 197 more): has too little memory free "
        "(n199: 199 MiB are free, 512 MiB are asked for)",
        "x: is disabled",
    ]
    assert len(trace.sentences()) == 501


def test_many_causes_are_cut_short() -> None:
    trace = Trace({f"h{n}": Refusal(f"lacks host tag t{n}") for n in range(8)})
    assert trace.lines()[5:] == ["3 hosts for other reasons"]
    assert Trace(dict(list(trace.refusals.items())[:6])).lines()[5:] == ["1 host for other reasons"]


def test_hosts_that_nobody_asked_for_are_left_out() -> None:
    others = {"h2": Refusal(ASKED), "h3": Refusal(ASKED)}
    assert Trace({"h1": full(1)} | others).lines() == ["h1: 1 MiB are free, 512 MiB are asked for"]
    assert Trace(others).lines() == ["2 hosts (h2, h3): another host is asked for"]


def test_nothing_to_tell() -> None:
    assert Trace().reasons == ""
