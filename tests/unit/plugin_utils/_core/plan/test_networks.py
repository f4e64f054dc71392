# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Leases: each machine has its own, and those of others stay."""

from __future__ import annotations

import dataclasses as dc

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import plan
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Lease,
)
from support.planned import WEB, calls, carry_out, host_with
from support.wishes import (
    How,
    Machine,
    Wish,
    lease,
    uid,
    wanted_of,
)


def test_machines_can_exchange_addresses() -> None:
    def two(one: int, other: int) -> Wish:
        return Wish({1: Machine(networks=((1, one),)), 2: Machine(networks=((1, other),))}, {1: "nat"})

    host = host_with(two(1, 2))
    carry_out(host, wanted_of(two(2, 1), How(complete=False)))
    wanted = {lease(1, 1, 2), lease(2, 1, 1)}
    assert host.networks[uid("network", 1)].shape.leases == wanted


def test_a_lease_that_is_left_of_a_machine_of_the_same_name_gives_way() -> None:
    host = host_with(WEB)
    ident = uid("network", 1)
    old = dc.replace(lease(1, 1, 9), mac="06:00:00:ff:ff:ff")
    host.drop_lease(ident, lease(1, 1, 1))
    host.set_lease(ident, old)
    made = carry_out(host, wanted_of(WEB, How(complete=False)))
    assert calls(made) == ["drop_lease", "set_lease"]
    assert host.networks[ident].shape.leases == {lease(1, 1, 1)}


def test_leases_of_nobody_are_dropped_by_a_whole_run_only() -> None:
    host, ident = host_with(WEB), uid("network", 1)
    stray = Lease("06:00:00:ff:ff:ff", "10.0.1.77", "old")
    host.set_lease(ident, stray)
    assert plan(wanted_of(WEB, How(complete=False)), host.observe()).steps == []
    assert calls(carry_out(host, wanted_of(WEB, How()))) == ["drop_lease"]


def test_a_redefined_network_keeps_leases_that_the_run_does_not_concern() -> None:
    two = Wish({1: Machine(networks=((1, 1),)), 2: Machine(networks=((1, 2),))}, {1: "nat"})
    host = host_with(two)
    routed = Wish({1: two.machines[1]}, {1: "route"})
    (step,) = carry_out(host, wanted_of(routed, How(complete=False))).steps
    assert (step.call, step.impact) == ("define_network", Impact.LIVE)
    assert host.networks[uid("network", 1)].shape.leases == {lease(1, 1, 1), lease(2, 1, 2)}
