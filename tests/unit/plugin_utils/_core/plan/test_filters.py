# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters: made before what is under them, mended where they differ, and removed when nothing is under them."""

from __future__ import annotations

import dataclasses as dc

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import plan
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import FilterSeen
from support.planned import WEB, calls, carry_out, edited, host_with
from support.wishes import How, Wish, filter_shapes, uid, under, wanted_of

(SHAPE,) = filter_shapes(WEB)


def test_a_changed_rule_is_one_step_that_a_guest_feels() -> None:
    host = host_with(WEB)
    (step,) = carry_out(host, wanted_of(dc.replace(WEB, port=443), How())).steps
    assert (step.call, step.resource, step.impact) == ("define_filter", uid("group", 1), Impact.LIVE)
    assert (step.before, step.after, step.exclusive) == ("differs", "as described", True)


def test_a_changed_group_is_a_change_of_the_running_card() -> None:
    host = host_with(WEB)
    made = carry_out(host, wanted_of(edited(group=2), How(), WEB))
    assert calls(made) == ["define_filter", "filter_card", "remove_filter"]
    assert (made.steps[1].before, made.steps[1].after) == (under(1, 1), under(1, 2))
    assert made.steps[1].impact is Impact.LIVE
    live = host.domains[uid("machine", 1)].live
    assert live is not None
    assert live.cards[0].filter == under(1, 2)


def test_a_cloud_from_before_is_filtered_as_it_runs() -> None:
    host = host_with(edited(group=0))
    assert calls(carry_out(host, wanted_of(WEB, How()))) == ["define_filter", "filter_card"]
    assert plan(wanted_of(WEB, How()), host.observe()).steps == []


def test_a_filter_stays_as_long_as_a_guest_runs_under_it() -> None:
    host = host_with(WEB)
    moved = Wish({1: dc.replace(WEB.machines[1], networks=())}, WEB.networks, WEB.volumes)
    made = carry_out(host, wanted_of(moved, How(), WEB))
    assert "remove_filter" not in calls(made)
    made = carry_out(host, wanted_of(moved, How(reboot=True), WEB))
    assert calls(made) == ["reboot_domain", "remove_filter"]


def test_what_a_stray_machine_is_under_stays() -> None:
    host, wanted = host_with(WEB), wanted_of(Wish(), How())
    assert SHAPE.id in host.filters
    assert calls(plan(wanted, host.observe())) == []


def test_filters_of_resources_that_are_not_known_stay() -> None:
    host = host_with(Wish())
    name = f"cairn-{uid('elsewhere')}"
    host.filters[uid("elsewhere")] = FilterSeen(uid("elsewhere"), name, None)
    assert plan(wanted_of(Wish(), How()), host.observe()).steps == []


def test_a_host_that_cannot_filter_is_asked_for_none() -> None:
    host = host_with(Wish())
    host.facts = dc.replace(host.facts, features=frozenset())
    assert "define_filter" not in calls(plan(wanted_of(WEB, How()), host.observe()))
