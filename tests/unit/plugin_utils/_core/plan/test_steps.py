# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Steps: what a guest feels of them, and with what they stand and fall."""

from __future__ import annotations

import typing as t

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import LAST, plan
from support.drifts import DRIFTS
from support.model_host import ModelHost
from support.planned import WEB, host_with, make
from support.wishes import (
    How,
    Wish,
    uid,
    wanted_of,
    wishes,
)


def test_impacts() -> None:
    created = plan(wanted_of(WEB, How()), ModelHost().observe()).steps
    felt = {step.call for step in created if step.impact and step.call != "define_domain"}
    assert felt == set()
    removed = plan(wanted_of(Wish(), How(), WEB), host_with(WEB).observe()).steps
    assert {step.call: step.impact for step in removed if step.impact} == {"undefine_domain": Impact.RECREATE}


def test_steps_know_their_group_and_whether_they_are_shared() -> None:
    steps = plan(wanted_of(WEB, How()), ModelHost().observe()).steps
    groups = {step.call: step.group for step in steps}
    assert groups["define_pool"] == groups["define_network"] == ""
    assert groups["put_base"] in (uid("template"), uid("iso"))
    assert groups["create_volume"] == groups["define_domain"] == groups["put_seed"] == uid("machine", 1)
    assert {step.call for step in steps if step.exclusive} == {
        *("define_pool", "define_network", "define_filter", "put_base")
    }


IMAGES = (uid("template"), uid("iso"))
drifts = st.lists(st.tuples(st.sampled_from(sorted(DRIFTS)), st.integers(0, 2)), max_size=3)


@given(wishes(), wishes(), drifts, st.sets(st.sampled_from(IMAGES)))
def test_what_needs_no_image_that_cannot_be_had_is_done(old: Wish, new: Wish, drifted: t.Any, lost: set[str]) -> None:
    """The steps without it can be made alone, those that wait can be made after them, and nothing waits in vain."""
    host, new = host_with(old), new.after(old)
    for name, index in drifted:
        DRIFTS[name](host, index)
    for files in host.files.values():
        used = {file.backing for file in files.values()}
        for name in [name for name in files if name.startswith(("template-", "iso-")) and name not in used]:
            del files[name]
    made = plan(wanted_of(new, How(), old), host.observe())
    first, rest = made.split(lost)
    assert sorted(map(id, [*first, *rest])) == sorted(map(id, made.steps))
    copied = {step.resource for step in made.steps if step.call == "put_base"}
    assert [step.resource for step in first if step.call == "put_base"] == [i for i in IMAGES if i in copied - lost]
    if not copied & lost:
        assert rest == []
    groups = {step.group for step in rest} - {"", *IMAGES}
    assert groups <= {uid("machine", n) for n, one in new.machines.items() if uid("template") in lost or one.iso}
    assert {step.call for step in rest if not step.group} <= LAST
    make(host, [*first, *rest])
