# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Machines: what a change takes, and that none is stopped unasked."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import plan
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Configuration, HostWanted, Told
from support.drifts import DRIFTS
from support.planned import WEB, calls, carry_out, edited, host_with, make
from support.wishes import (
    How,
    Machine,
    Wish,
    domain_shape,
    pool,
    root_file,
    seed_name,
    uid,
    wanted_of,
)


@pytest.mark.parametrize("running", [True, False])
def test_only_a_machine_that_is_to_run_starts_with_its_host(running: bool) -> None:
    wish = Wish({1: Machine(running=running)})
    for before in (Wish(), Wish({1: Machine(running=not running)})):
        host = host_with(before)
        carry_out(host, wanted_of(wish, How()))
        assert host.domains[uid("machine", 1)].autostart is running


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


def test_a_machine_that_the_database_does_not_know_is_named_and_left_alone() -> None:
    made = plan(wanted_of(Wish(), How()), host_with(WEB).observe())
    assert made.steps == []
    assert made.warnings == {"": ["domain 'vm1' is not of this database and is left alone"]}
    assert plan(wanted_of(Wish(), How(complete=False)), host_with(WEB).observe()).warnings == {}


KEYS = ("SHA256:b",)


def test_other_keys_are_told_to_the_running_guest_once() -> None:
    host = host_with(WEB)
    made = carry_out(host, wanted_of(edited(keys=KEYS), How()))
    assert calls(made) == ["let_in"]
    assert made.steps[0].impact is Impact.LIVE
    _shape, _access, gone = made.steps[0].args
    assert gone == ("SHA256:a",)
    assert calls(carry_out(host, wanted_of(edited(keys=KEYS), How()))) == []


def test_a_guest_that_does_not_run_gets_its_keys_when_it_does() -> None:
    host = host_with(edited(running=False))
    made = carry_out(host, wanted_of(edited(running=False, keys=KEYS), How()))
    assert calls(made) == []
    assert "when it runs" in made.warnings[uid("machine", 1)][0]
    assert calls(carry_out(host, wanted_of(edited(keys=KEYS), How()))) == ["autostart_domain", "start_domain", "let_in"]


def test_a_new_guest_has_its_keys_from_its_seed_and_is_told_its_password() -> None:
    host = host_with(edited(password=1))
    assert host.calls.count("let_in") == 1
    made = carry_out(host, wanted_of(edited(password=1, keys=KEYS), How()))
    assert [step.args[1].password for step in made.steps] == [None]
    made = carry_out(host, wanted_of(edited(password=2, keys=KEYS), How()))
    assert [(step.call, step.args[1].password, step.args[2]) for step in made.steps] == [("let_in", "2", ())]


def test_a_root_volume_made_anew_knows_no_password() -> None:
    host = host_with(edited(password=1))
    made = carry_out(host, wanted_of(edited(password=1, revision=1, seed=1), How(reboot=True)))
    assert calls(made).count("let_in") == 1
    assert calls(made).index("let_in") > calls(made).index("reboot_domain")


KEPT = edited(kept="memory")


@pytest.mark.parametrize("running", [True, False])
def test_a_guest_goes_on_from_memory_on_a_root_volume_made_anew(running: bool) -> None:
    host = host_with(KEPT)
    carry_out(host, wanted_of(edited(kept="memory", running=running), How()))
    wish = edited(kept="memory", revision=1)
    made = [call for call in calls(carry_out(host, wanted_of(wish, How()))) if call != "autostart_domain"]
    assert made == ["create_volume", "restore_domain", "define_domain", "delete_volume"]
    assert host.domains[uid("machine", 1)].live == domain_shape(wish, 1)
    assert plan(wanted_of(wish, How()), host.observe()).steps == []


def test_it_goes_on_once_wherever_the_run_is_cut_short() -> None:
    wish = edited(kept="memory", revision=1)
    for moment in range(5):
        host = host_with(KEPT)
        make(host, plan(wanted_of(wish, How(reboot=True)), host.observe()).steps[:moment])
        carry_out(host, wanted_of(wish, How()))
        assert host.calls.count("restore_domain") == 1
        assert not {"reboot_domain", "stop_domain"} & set(host.calls)
        assert plan(wanted_of(wish, How()), host.observe()).steps == []


@pytest.mark.parametrize("drift", ["a memory is lost", "the machine is lost"])
def test_a_guest_without_its_memory_starts_anew(drift: str) -> None:
    host = host_with(KEPT)
    DRIFTS[drift](host, 0)
    made = carry_out(host, wanted_of(edited(kept="memory", revision=1), How()))
    assert "restore_domain" not in calls(made)
    assert {"start_domain", "reboot_domain"} & set(calls(made))


def test_a_guest_that_stands_still_goes_on_before_anything_else() -> None:
    host = host_with(WEB)
    DRIFTS["the machine was paused"](host, 0)
    made = plan(wanted_of(edited(title="two"), How()), host.observe())
    assert calls(made) == ["resume_domain", "retitle_domain", "retitle_domain"]
    assert calls(plan(wanted_of(edited(running=False), How()), host.observe()))[-1] == "stop_domain"


# What the guest had been told when its root volume was kept, what is described, and what it is told and loses then.
A, B, C = "SHA256:a", "SHA256:b", "SHA256:c"
REVERTED: list[tuple[Told | None, tuple[str, ...], int, tuple[str, ...] | None]] = [
    (Told((A,)), (A,), 0, None),
    (Told((A, B)), (A,), 0, (B,)),
    (Told((A,)), (A, B), 0, ()),
    (Told((A, B)), (C,), 0, (A, B)),
    (Told((A,), 1), (A,), 1, None),
    (Told((A,), 1), (A,), 2, ()),
    (Told(), (A,), 0, ()),
    (Told(), (), 0, None),
    (None, (B,), 0, None),
]


@pytest.mark.parametrize(("told", "keys", "password", "gone"), REVERTED)
@pytest.mark.parametrize("memory", [True, False])
@pytest.mark.parametrize("lost", [True, False])
def test_a_guest_on_a_copy_of_a_snapshot_is_told_what_it_does_not_know(
    told: Told | None, keys: tuple[str, ...], password: int, gone: tuple[str, ...] | None, memory: bool, lost: bool
) -> None:
    kept = "memory" if memory else "disks"
    host = host_with(edited(kept=kept, keys=keys, password=password))
    if lost:
        DRIFTS["the machine is lost"](host, 0)
    wanted = wanted_of(edited(kept=kept, keys=keys, password=password, revision=1), How(reboot=True))
    copied = dc.replace(wanted, domains=(dc.replace(wanted.domains[0], told=told),))
    steps = plan(copied, host.observe()).steps
    found = [step.args[2] for step in steps if step.call == "let_in"]
    assert found == ([] if gone is None else [gone])
    make(host, [step for step in steps if step.call != "let_in"])
    assert [step.args[2] for step in plan(copied, host.observe()).steps if step.call == "let_in"] == found


def configured(how: How, text: str = "rules", power: str = "Running") -> HostWanted:
    """The one machine, as a router that is to be given ``text``."""
    wanted = wanted_of(WEB, how)
    (machine,) = wanted.domains
    given = Configuration.of({"router.nft": text})
    return dc.replace(wanted, domains=(dc.replace(machine, configuration=given, power=power),))


def test_a_router_is_configured_once_and_again_when_that_changes() -> None:
    host = host_with(WEB)
    made = carry_out(host, configured(How()))
    assert calls(made) == ["configure_router"]
    assert made.steps[0].impact is Impact.LIVE
    assert calls(plan(configured(How()), host.observe())) == []
    assert calls(plan(configured(How(), "others"), host.observe())) == ["configure_router"]


def test_a_router_that_was_started_anew_is_configured_anew() -> None:
    host = host_with(WEB)
    carry_out(host, configured(How()))
    assert calls(carry_out(host, configured(How(reboot=True)))) == ["reboot_domain", "configure_router"]
    host.stop_domain(uid("machine", 1), 0)
    assert calls(carry_out(host, configured(How()))) == ["start_domain", "configure_router"]


def test_a_router_that_is_not_to_run_is_given_nothing() -> None:
    assert calls(plan(configured(How(), power="Stopped"), host_with(WEB).observe())) == [
        *("autostart_domain", "stop_domain")
    ]
