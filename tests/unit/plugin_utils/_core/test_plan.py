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

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import owner_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import Plan, Step, plan
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    DomainSeen,
    HostWanted,
    Lease,
    NetworkSeen,
    NetworkShape,
    VolumeSeen,
)
from support.drifts import DRIFTS
from support.model_host import GIB, ModelHost
from support.wishes import (
    How,
    Machine,
    Wish,
    data_file,
    domain_shape,
    lease,
    pool,
    root_file,
    seed_name,
    uid,
    wanted_of,
    wishes,
)

PATIENT = ("stop_domain", "reboot_domain")
FOREIGN = (uid("foreign", 1), uid("foreign", 2))
WEB = Wish({1: Machine(networks=((1, 1),))}, {1: "nat"}, {1: (1, 1)})

hows = st.builds(How, complete=st.booleans(), may_restart=st.booleans(), reboot=st.booleans())
drifts = st.lists(st.tuples(st.sampled_from(sorted(DRIFTS)), st.integers(0, 2)), max_size=4)


def make(host: ModelHost, steps: t.Iterable[Step]) -> None:
    for step in steps:
        args = (*step.args, 300) if step.call in PATIENT else step.args
        getattr(host, step.call)(*args)


def carry_out(host: ModelHost, wanted: HostWanted) -> Plan:
    made = plan(wanted, host.observe())
    make(host, made.steps)
    return made


def host_with(wish: Wish) -> ModelHost:
    """A host on which ``wish`` was carried out, with somebody else's things on it."""
    host = ModelHost()
    carry_out(host, wanted_of(wish, How()))
    host.domains[FOREIGN[0]] = DomainSeen(FOREIGN[0], "theirs", owned=False, active=True)
    shape = NetworkShape(FOREIGN[1], "default", "nat", "virbr0", leases=frozenset({Lease("02::1", "1.1.1.1", "x")}))
    host.networks[FOREIGN[1]] = NetworkSeen(shape, active=False, autostart=False, owned=False)
    host.files[pool(0).path]["theirs.qcow2"] = VolumeSeen("theirs.qcow2", GIB, GIB, "qcow2")
    return host


def foreign(host: ModelHost) -> t.Any:
    files = {path: {n: f for n, f in found.items() if not owner_of(n)} for path, found in host.files.items()}
    return host.domains.get(FOREIGN[0]), host.networks.get(FOREIGN[1]), files


def calls(made: Plan) -> list[str]:
    return [step.call for step in made.steps]


def settle(host: ModelHost, wanted: HostWanted) -> None:
    """Carry out the plan; once more where a pool had to be opened first to see what is in it."""
    if "define_pool" in calls(carry_out(host, wanted)):
        carry_out(host, wanted)


def at_rest(wish: Wish, how: How, old: Wish) -> HostWanted:
    return wanted_of(wish, dc.replace(how, reboot=False), old)


# The laws


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


@given(wishes(), wishes())
def test_a_running_guest_is_not_stopped_unasked(old: Wish, new: Wish) -> None:
    host, new = host_with(old), new.after(old)
    kept = {n: dc.replace(one, revision=old.machines.get(n, one).revision) for n, one in new.machines.items()}
    steps = plan(wanted_of(dc.replace(new, machines=kept), How(), old), host.observe()).steps
    assert "reboot_domain" not in {step.call for step in steps}
    stopped = {step.resource for step in steps if step.call == "stop_domain"}
    assert stopped <= {uid("machine", n) for n, one in new.machines.items() if not one.running}


@pytest.mark.parametrize("running", [True, False])
def test_only_a_machine_that_is_to_run_starts_with_its_host(running: bool) -> None:
    wish = Wish({1: Machine(running=running)})
    for before in (Wish(), Wish({1: Machine(running=not running)})):
        host = host_with(before)
        carry_out(host, wanted_of(wish, How()))
        assert host.domains[uid("machine", 1)].autostart is running


# Drift: each thing done by hand is planned for, and the host is as before


def test_nothing_is_planned_for_a_host_as_described() -> None:
    made = plan(wanted_of(WEB, How()), host_with(WEB).observe())
    assert (made.steps, made.warnings) == ([], {})


MENDED = {
    "the machine is lost": ["define_domain", "autostart_domain", "start_domain"],
    "the machine crashed": ["start_domain"],
    "the machine was started": [],
    "the machine does not start by itself": ["autostart_domain"],
    "processors were edited": ["define_domain"],
    "memory was edited": ["define_domain"],
    "the title was edited": ["retitle_domain"],
    "the document was edited": ["retitle_domain"],
    "the cards were edited": ["define_domain"],
    "a disk was unplugged": ["attach_disk"],
    "a volume's file is lost": [],
    "a seed is lost": [],
    "a copy of a template is lost": [],
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


@pytest.mark.parametrize(
    ("prefix", "call"),
    [("volume-", "create_volume"), ("seed-", "put_seed"), ("template-", "put_base")],
)
def test_a_lost_file_is_made_anew(prefix: str, call: str) -> None:
    host = host_with(WEB)
    DRIFTS["the machine crashed"](host, 0)
    files = host.files[pool(0).path]
    for name in [n for n in files if n.startswith(prefix)]:
        del files[name]
    made = carry_out(host, wanted_of(WEB, How()))
    assert call in calls(made)
    assert bool(made.warnings) == (call == "create_volume")
    assert plan(wanted_of(WEB, How()), host.observe()).steps == []


# Examples of decisions


def edited(**changes: t.Any) -> Wish:
    return Wish({1: dc.replace(WEB.machines[1], **changes)}, WEB.networks, WEB.volumes)


@pytest.mark.parametrize(
    ("how", "made"),
    [
        (How(), ["define_domain"]),
        (How(may_restart=True), ["define_domain", "reboot_domain"]),
        (How(reboot=True), ["define_domain", "reboot_domain"]),
    ],
)
def test_a_change_that_needs_a_stop_waits_unless_it_may(how: How, made: list[str]) -> None:
    host = host_with(WEB)
    result = carry_out(host, wanted_of(edited(vcpus=2), how))
    assert calls(result) == made
    waits = ["it runs with other devices than it is defined with, until it is restarted"]
    assert result.warnings == ({uid("machine", 1): waits} if not (how.may_restart or how.reboot) else {})
    live = host.domains[uid("machine", 1)].live
    assert live is not None
    assert live.vcpus == (2 if len(made) == 2 else 1)


def test_a_restart_is_made_though_nothing_changed() -> None:
    assert calls(plan(wanted_of(WEB, How(reboot=True)), host_with(WEB).observe())) == ["reboot_domain"]


def test_a_volume_grows_through_the_guest_that_has_it() -> None:
    host = host_with(WEB)
    grown = Wish(WEB.machines, WEB.networks, {1: (5, 1)})
    (step,) = carry_out(host, wanted_of(grown, How())).steps
    assert (step.call, step.args[1:]) == ("resize_volume", (uid("machine", 1), "vdb"))
    assert (step.before, step.after, step.impact) == (GIB, 5 * GIB, Impact.LIVE)


def test_a_volume_never_shrinks() -> None:
    host = host_with(Wish(WEB.machines, WEB.networks, {1: (5, 1)}))
    made = plan(wanted_of(WEB, How()), host.observe())
    assert made.steps == []
    assert made.warnings == {
        uid("volume", 1): ["the file of the volume is larger than described; a volume never shrinks"]
    }


def test_a_new_volume_of_a_machine_that_stands_is_no_loss() -> None:
    host = host_with(Wish(WEB.machines, WEB.networks))
    made = carry_out(host, wanted_of(WEB, How()))
    assert calls(made) == ["create_volume", "attach_disk"]
    assert made.warnings == {}


def test_a_stopped_pool_is_no_loss_of_its_files() -> None:
    host = host_with(WEB)
    DRIFTS["the pool was stopped"](host, 0)
    DRIFTS["the pool was stopped"](host, 1)
    assert plan(wanted_of(WEB, How()), host.observe()).warnings == {}


def test_a_root_volume_made_anew_replaces_the_old_one_at_a_restart() -> None:
    host, files = host_with(WEB), pool(0).path
    carry_out(host, wanted_of(edited(revision=1, seed=1), How(reboot=True)))
    assert root_file(1, 1) in host.files[files]
    assert root_file(1, 0) not in host.files[files]
    assert seed_name(1, 0) not in host.files[files]
    assert host.domains[uid("machine", 1)].live == domain_shape(edited(revision=1, seed=1), 1)


def test_a_restore_that_was_cut_short_is_finished() -> None:
    """Between the definition and the restart; that a restart was wished for is forgotten."""
    host, wish = host_with(WEB), edited(revision=1, seed=1)
    steps = plan(wanted_of(wish, How(reboot=True)), host.observe()).steps
    make(host, steps[: [step.call for step in steps].index("reboot_domain")])
    assert calls(carry_out(host, wanted_of(wish, How()))) == ["reboot_domain", "delete_volume", "delete_volume"]
    assert root_file(1, 0) not in host.files[pool(0).path]


def test_a_volume_moves_between_running_machines() -> None:
    two = {1: Machine(), 2: Machine()}
    host = host_with(Wish(two, {}, {1: (1, 2)}))
    made = carry_out(host, wanted_of(Wish(two, {}, {1: (1, 1)}), How()))
    assert calls(made) == ["detach_disk", "attach_disk"]
    assert [step.impact for step in made.steps] == [Impact.LIVE, Impact.LIVE]


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


def test_impacts() -> None:
    created = plan(wanted_of(WEB, How()), ModelHost().observe()).steps
    felt = {step.call for step in created if step.impact and step.call != "define_domain"}
    assert felt == set()
    removed = plan(wanted_of(Wish(), How(), WEB), host_with(WEB).observe()).steps
    assert {step.call: step.impact for step in removed if step.impact} == {"undefine_domain": Impact.RECREATE}


def test_steps_know_their_group_and_whether_they_are_shared() -> None:
    steps = plan(wanted_of(WEB, How()), ModelHost().observe()).steps
    groups = {step.call: step.group for step in steps}
    assert groups["define_pool"] == groups["define_network"] == groups["put_base"] == ""
    assert groups["create_volume"] == groups["define_domain"] == groups["put_seed"] == uid("machine", 1)
    assert {step.call for step in steps if step.exclusive} == {"define_pool", "define_network", "put_base"}


def test_a_removal_leaves_pools_and_what_is_not_gone() -> None:
    host = host_with(WEB)
    made = carry_out(host, wanted_of(Wish({}, {}, {1: (1, None)}), How(), WEB))
    assert calls(made) == ["undefine_domain", "delete_volume", "delete_volume", "remove_network"]
    assert data_file(1) in host.files[pool(1).path]
    assert set(host.pools) == {pool(0).id, pool(1).id}


def test_a_storage_that_goes_takes_copies_of_templates_along() -> None:
    host = host_with(WEB)
    carry_out(host, wanted_of(Wish(), How(), WEB))
    gone = HostWanted(
        "host-1", gone_pools=(pool(0).id, pool(1).id), gone_owners=frozenset({(pool(0).id, uid("template"))})
    )
    assert calls(carry_out(host, gone)) == ["delete_volume", "remove_pool", "remove_pool"]
    assert [n for n in host.files[pool(0).path] if owner_of(n)] == []
    assert plan(gone, host.observe()).steps == []


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


def test_a_machine_that_the_database_does_not_know_is_named_and_left_alone() -> None:
    made = plan(wanted_of(Wish(), How()), host_with(WEB).observe())
    assert made.steps == []
    assert made.warnings == {"": ["domain 'vm1' is not of this database and is left alone"]}
    assert plan(wanted_of(Wish(), How(complete=False)), host_with(WEB).observe()).warnings == {}


def test_a_volume_that_its_machine_leaves_behind_grows_by_itself() -> None:
    host = host_with(WEB)
    made = carry_out(host, wanted_of(Wish({}, WEB.networks, {1: (5, None)}), How(), WEB))
    (step,) = (step for step in made.steps if step.call == "resize_volume")
    assert step.args[1:] == (None, None)
