# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Steps: what a guest feels of them, and with what they stand and fall."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import plan
from support.model_host import ModelHost
from support.planned import WEB, host_with
from support.wishes import (
    How,
    Wish,
    uid,
    wanted_of,
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
    assert groups["define_pool"] == groups["define_network"] == groups["put_base"] == ""
    assert groups["create_volume"] == groups["define_domain"] == groups["put_seed"] == uid("machine", 1)
    assert {step.call for step in steps if step.exclusive} == {
        *("define_pool", "define_network", "define_filter", "put_base")
    }
