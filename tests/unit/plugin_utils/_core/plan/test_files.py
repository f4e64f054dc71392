# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Files and pools: what is missing is made, what is lost is named."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import owner_of, record_file
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import plan
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.units import GIB
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    HostWanted,
    RecordWanted,
    VolumeSeen,
)
from support.drifts import DRIFTS
from support.planned import WEB, calls, carry_out, edited, host_with
from support.wishes import (
    How,
    Wish,
    data_file,
    memory_of,
    pool,
    uid,
    wanted_of,
)

HOST = uid("host")


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


def test_a_record_is_written_before_what_it_describes_and_again_when_it_is_outdated() -> None:
    host, told = host_with(Wish()), []
    for digest in ("0a", "0b"):
        record = RecordWanted(HOST, pool(0).id, record_file(HOST, digest), "", digest)
        wanted = dc.replace(wanted_of(WEB, How()), record=record)
        made = carry_out(host, wanted)
        told.append((made.steps[0].call, made.steps[0].before, made.steps[0].routine, made.steps[0].group))
        assert plan(wanted, host.observe()).steps == []
    assert told == [("put_record", "absent", False, HOST), ("put_record", "outdated", True, HOST)]


def test_what_is_left_of_older_records_is_outdated() -> None:
    host, record = host_with(WEB), RecordWanted(HOST, pool(0).id, record_file(HOST, "0a"), "")
    wanted = dc.replace(wanted_of(WEB, How()), record=record)
    carry_out(host, wanted)
    marker = f"{record_file(HOST, '0b')}.partial"
    host.files[pool(0).path][marker] = VolumeSeen(marker, 0, 0, "raw")
    assert calls(carry_out(host, wanted)) == ["put_record"]
    assert marker not in host.files[pool(0).path]


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


def test_a_removal_leaves_pools_and_what_is_not_gone() -> None:
    host = host_with(WEB)
    made = carry_out(host, wanted_of(Wish({}, {}, {1: (1, None)}), How(), WEB))
    assert calls(made) == ["undefine_domain", "delete_volume", "delete_volume", "remove_filter", "remove_network"]
    assert data_file(1) in host.files[pool(1).path]
    assert set(host.pools) == {pool(0).id, pool(1).id}


def test_a_storage_that_goes_takes_copies_of_images_along() -> None:
    host = host_with(WEB)
    carry_out(host, wanted_of(Wish(), How(), WEB))
    gone = HostWanted(
        "host-1",
        gone_pools=(pool(0).id, pool(1).id),
        gone_owners=frozenset({(pool(0).id, uid("template")), (pool(0).id, uid("iso"))}),
    )
    assert calls(carry_out(host, gone)) == ["delete_volume", "delete_volume", "remove_pool", "remove_pool"]
    assert [n for n in host.files[pool(0).path] if owner_of(n)] == []
    assert plan(gone, host.observe()).steps == []


def test_a_volume_that_its_machine_leaves_behind_grows_by_itself() -> None:
    host = host_with(WEB)
    made = carry_out(host, wanted_of(Wish({}, WEB.networks, {1: (5, None)}), How(), WEB))
    (step,) = (step for step in made.steps if step.call == "resize_volume")
    assert step.args[1:] == (None, None)


@pytest.mark.parametrize("kept", ["disks", "memory"])
def test_a_machine_is_kept_once_as_the_run_leaves_it(kept: str) -> None:
    wanted = wanted_of(edited(kept=kept), How())
    made = carry_out(host_with(edited(running=False)), wanted)
    assert calls(made) == ["autostart_domain", "start_domain", "take_instance_snapshot"]
    host = host_with(WEB)
    (step,) = carry_out(host, wanted).steps
    assert (step.call, step.group, step.exclusive, step.impact) == (
        "take_instance_snapshot",
        uid("machine", 1),
        True,
        Impact.LIVE,
    )
    assert plan(wanted, host.observe()).steps == []


def test_a_machine_that_does_not_run_has_no_memory() -> None:
    made = plan(wanted_of(edited(running=False, kept="memory"), How()), host_with(edited(running=False)).observe())
    assert made.steps == []
    (sentence,) = made.warnings[uid("kept", 1)]
    assert sentence == "its instance does not run and has no memory to keep; start it, apply again"


def test_one_of_which_a_file_is_lost_is_taken_anew_only_where_it_was_never_complete() -> None:
    host, wanted = host_with(edited(kept="memory")), wanted_of(edited(kept="memory"), How())
    del host.files[pool(0).path][memory_of(1).name]
    assert calls(plan(wanted, host.observe())) == ["take_instance_snapshot"]
    (one,) = wanted.instance_snapshots
    made = plan(dc.replace(wanted, instance_snapshots=(dc.replace(one, taken=True),)), host.observe())
    assert (made.steps, made.warnings) == (
        [],
        {uid("kept", 1): ["a file of it is gone, and with it what it held; remove it"]},
    )


def test_one_whose_volume_is_gone_is_not_taken() -> None:
    host, wanted = host_with(WEB), wanted_of(edited(kept="disks"), How())
    (one,) = wanted.instance_snapshots
    lacking = dc.replace(one, disks=(dc.replace(one.disks[0], volume=None),))
    made = plan(dc.replace(wanted, instance_snapshots=(lacking,)), host.observe())
    assert (made.steps, list(made.warnings)) == ([], [uid("kept", 1)])
