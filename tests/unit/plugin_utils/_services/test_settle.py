# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Runs that change one group's instances at the same time leave a filter that knows them all."""

from __future__ import annotations

from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import web


def inside(lab: Lab, name: str) -> None:
    lab.must(web(name, networks=["net1"], security_groups=["inside"]), whole=False)


def test_a_run_that_knew_less_does_not_have_the_last_word(founded: Lab) -> None:
    every = {"security_group": "inside", "protocol": "all", "user_security_group": "inside"}
    founded.must(doc("security_group", "inside"), doc("security_group_rule", **every))
    inside(founded, "first")
    others = iter(["third", "fourth"])

    def watch(call: str) -> None:
        """Another process comes in when the filters are planned and not yet defined, and again when they are."""
        other = next(others, None) if call == "set_lease" else None
        if other is not None:
            inside(founded, other)

    founded.watch(watch)
    inside(founded, "second")
    assert next(others, None) is None
    assert audit(founded) == []
    assert not founded.drift().changed


def test_where_no_filter_was_defined_nothing_is_looked_at_again(founded: Lab) -> None:
    founded.must(web("one", networks=["net1"]))
    founded.opened.clear()
    founded.must(web("one", display_name="One"), whole=False)
    assert founded.host().calls[-1] == "retitle_domain"
