# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The plan's laws, on hosts in memory: carried out, cut short or not, it leaves nothing to plan and harms nobody."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import leftovers, plan
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    DomainSeen,
    HostWanted,
    NetworkSeen,
    NetworkShape,
)
from support.drifts import DRIFTS
from support.model_host import ModelHost
from support.planned import WEB, calls, carry_out, foreign, host_with, make
from support.wishes import (
    How,
    Wish,
    lease,
    pool,
    root_file,
    uid,
    wanted_of,
    wishes,
)

hows = st.builds(How, complete=st.booleans(), may_restart=st.booleans(), reboot=st.booleans())


drifts = st.lists(st.tuples(st.sampled_from(sorted(DRIFTS)), st.integers(0, 2)), max_size=4)


def settle(host: ModelHost, wanted: HostWanted) -> None:
    """Carry out the plan; once more where a pool had to be opened first to see what is in it."""
    if "define_pool" in calls(carry_out(host, wanted)):
        carry_out(host, wanted)


def at_rest(wish: Wish, how: How, old: Wish) -> HostWanted:
    return wanted_of(wish, dc.replace(how, reboot=False), old)


@given(wishes(), wishes(), hows, drifts)
def test_what_was_carried_out_leaves_nothing_to_do(old: Wish, new: Wish, how: How, drifted: t.Any) -> None:
    host, new = host_with(old), new.after(old)
    for name, index in drifted:
        DRIFTS[name](host, index)
    theirs = foreign(host)
    settle(host, wanted_of(new, how, old))
    again = plan(at_rest(new, how, old), host.observe())
    assert again.steps == []
    assert foreign(host) == theirs


@given(wishes(), wishes(), hows, drifts, st.integers(0, 40))
def test_a_run_cut_short_is_finished_by_the_next(old: Wish, new: Wish, how: How, drifted: t.Any, cut: int) -> None:
    host, new = host_with(old), new.after(old)
    for name, index in drifted:
        DRIFTS[name](host, index)
    theirs, other = foreign(host), host.clone()
    steps = plan(wanted_of(new, how, old), host.observe()).steps
    make(host, steps[:cut])
    settle(host, at_rest(new, how, old))
    assert plan(at_rest(new, how, old), host.observe()).steps == []
    assert foreign(host) == theirs
    settle(other, wanted_of(new, how, old))
    assert described(host) == described(other)


def described(host: ModelHost) -> t.Any:
    """What is on a host but what its guests run with, which a restart that was lost leaves behind."""
    state = host.state()
    state["domains"] = {ident: dc.replace(one, live=None) for ident, one in state["domains"].items()}
    return state


@given(wishes(), wishes(), st.sets(st.sampled_from((1, 2, 3))), hows)
def test_a_run_of_some_leaves_others_alone(old: Wish, new: Wish, focus: set[int], how: How) -> None:
    host = host_with(old)
    rest = [n for n in old.machines if n not in focus]
    merged = Wish(
        {n: one for n, one in new.machines.items() if n in focus} | {n: old.machines[n] for n in rest},
        dict(new.networks) | dict(old.networks),
        old.volumes,
    ).after(old)
    taken = {pair for n in rest for pair in old.machines[n].networks}
    concerned = {n: one for n, one in merged.only(focus).machines.items() if not taken & set(one.networks)}
    some = merged.only(set(concerned))
    before = {n: host.domains[uid("machine", n)] for n in rest}
    leases = {seen.shape.id: seen.shape.leases for seen in host.networks.values()}
    how = dc.replace(how, complete=False)
    carry_out(host, wanted_of(some, how))
    assert plan(at_rest(some, how, Wish()), host.observe()).steps == []
    assert {n: host.domains[uid("machine", n)] for n in rest} == before
    for n in rest:
        for network, address in old.machines[n].networks:
            kept = lease(n, network, address)
            assert kept in host.networks[uid("network", network)].shape.leases
            assert kept in leases[uid("network", network)]


@given(wishes(), wishes(), hows)
def test_the_same_question_has_the_same_answer(old: Wish, new: Wish, how: How) -> None:
    host, wanted = host_with(old), wanted_of(new.after(old), how, old)
    assert plan(wanted, host.observe()).steps == plan(wanted, host.observe()).steps


@given(wishes(), wishes(), hows, drifts)
def test_leftovers_are_what_the_whole_plan_removes_from_pools(old: Wish, new: Wish, how: How, drifted: t.Any) -> None:
    """And nothing but pools has to be looked at for it."""
    host, wanted = host_with(old), wanted_of(new.after(old), how, old)
    for name, index in drifted:
        DRIFTS[name](host, index)
    seen = host.observe()
    removes = [step for step in plan(wanted, seen).steps if step.call in ("delete_volume", "remove_pool")]
    assert leftovers(wanted, dc.replace(seen, domains={}, networks={})).steps == removes


@given(wishes(), wishes())
def test_a_running_guest_is_not_stopped_unasked(old: Wish, new: Wish) -> None:
    host, new = host_with(old), new.after(old)
    kept = {n: dc.replace(one, revision=old.machines.get(n, one).revision) for n, one in new.machines.items()}
    steps = plan(wanted_of(dc.replace(new, machines=kept), How(), old), host.observe()).steps
    assert "reboot_domain" not in {step.call for step in steps}
    stopped = {step.resource for step in steps if step.call == "stop_domain"}
    assert stopped <= {uid("machine", n) for n, one in new.machines.items() if not one.running}


def test_nothing_is_planned_for_a_host_as_described() -> None:
    made = plan(wanted_of(WEB, How()), host_with(WEB).observe())
    assert (made.steps, made.warnings) == ([], {})


MENDED = {
    "the machine is lost": ["define_domain", "autostart_domain", "start_domain"],
    "the machine crashed": ["start_domain"],
    "the machine was started": [],
    "the machine was paused": ["resume_domain"],
    "the machine does not start by itself": ["autostart_domain"],
    "processors were edited": ["define_domain"],
    "memory was edited": ["define_domain"],
    "the title was edited": ["retitle_domain"],
    "the document was edited": ["retitle_domain"],
    "the cards were edited": ["define_domain"],
    "a disk was unplugged": ["attach_disk"],
    "cards were taken from their filters": ["filter_card"],
    "a filter is lost": [],
    "a filter was edited": ["define_filter"],
    "a volume's file is lost": [],
    "a seed is lost": [],
    "a memory is lost": [],
    "a copy of a template is lost": [],
    "the record is lost": [],
    "the network is lost": ["define_network"],
    "the network was stopped": ["start_network"],
    "the bridge is lost": ["start_network"],
    "the network does not start by itself": ["start_network"],
    "the network was edited": ["define_network"],
    "leases are lost": ["set_lease"],
    "a lease was edited": ["set_lease"],
    "the pool was stopped": ["define_pool"],
    "the pool does not start by itself": ["define_pool"],
    "the pool is lost": ["define_pool"],
    "a file of somebody's is there": [],
}


@pytest.mark.parametrize("name", sorted(DRIFTS))
def test_drift_is_mended(name: str) -> None:
    host = host_with(WEB)
    whole = host.clone()
    DRIFTS[name](host, 0)
    DRIFTS[name](whole, 0) if name.startswith("a file of") else None
    assert set(MENDED[name]) <= set(calls(carry_out(host, wanted_of(WEB, How()))))
    assert host.state() == whole.state()


@pytest.mark.parametrize("what", ["domain", "network"])
def test_an_object_of_our_id_without_our_metadata_is_left_alone(what: str) -> None:
    host = ModelHost()
    if what == "domain":
        ident = uid("machine", 1)
        host.domains[ident] = DomainSeen(ident, "theirs", owned=False, active=False)
    else:
        ident = uid("network", 1)
        host.networks[ident] = NetworkSeen(NetworkShape(ident, "theirs", "nat", "br"), True, True, owned=False)
    made = plan(wanted_of(WEB, How()), host.observe())
    assert ident not in {step.resource for step in made.steps if step.call.endswith(what)}
    assert "has its id but not its metadata, and is left alone" in made.warnings[ident][0]


@given(wishes(), wishes(), hows, st.integers(1, 3), drifts)
def test_nothing_of_what_another_run_made_newer_is_touched(
    old: Wish, new: Wish, how: How, newer: int, drifted: t.Any
) -> None:
    """Whatever the older run wants: no step is of that machine, its file stays, and others are worked on."""
    new = new.after(old)
    later = {n: dc.replace(one, revision=one.revision + newer) for n, one in new.machines.items() if n in old.machines}
    host = host_with(old)
    carry_out(host, wanted_of(dc.replace(new, machines=later), dc.replace(how, complete=False), old))
    for name, index in drifted:
        DRIFTS[name](host, index)
    seen, before = host.observe(), {uid("machine", n): host.domains.get(uid("machine", n)) for n in later}
    files = seen.pools[pool(0).id].volumes if pool(0).id in seen.pools else {}
    there = {n for n, one in later.items() if root_file(n, one.revision) in files}
    made = carry_out(host, wanted_of(new, how, old))
    assert made.refused.keys() == {uid("machine", n) for n in there}
    assert not {step.group for step in made.steps} & made.refused.keys()
    for n in there:
        assert host.domains.get(uid("machine", n)) == before[uid("machine", n)]
        assert root_file(n, later[n].revision) in host.files[pool(0).path]
        assert made.refused[uid("machine", n)][0] == uid("root", n)
    for n in new.machines.keys() - there:
        assert uid("machine", n) in host.domains
