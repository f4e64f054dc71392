# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From decisions and plans to the report that a person reads."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Impact
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.report import Entry, Report
from support.drifts import DRIFTS
from support.lab import Lab
from support.lab import document as doc
from support.sample import web


def entry(report: Report, label: str) -> Entry:
    (found,) = [one for one in report.entries if one.label == label]
    return found


def test_a_created_resource_shows_what_was_decided(founded: Lab) -> None:
    one = entry(founded.must(web("one")), "instance 'one'")
    assert (one.action, one.before, one.impact) == ("create", {}, Impact.NONE)
    assert one.after["host"] == "h1"
    assert one.after["addresses"] == ["10.1.1.2"]
    assert one.after["networks"] == ["net1"]


def test_steps_count_for_what_they_belong_to(founded: Lab) -> None:
    report = founded.must(web("one"))
    assert {one.label for one in report.entries} == {"instance 'one'", "network 'net1'", "template 'tiny'"}
    assert "make a volume on host h1" in entry(report, "instance 'one'").steps


def test_an_update_shows_both_sides(founded: Lab) -> None:
    founded.must(web("one"))
    one = entry(founded.must(doc("instance", "one", display_name="One")), "instance 'one'")
    assert (one.action, one.impact) == ("update", Impact.LIVE)
    assert ("display_name" in one.before, one.after["display_name"]) == (False, "One")


def test_secrets_are_hidden_and_their_change_is_told(founded: Lab) -> None:
    founded.must(doc("user_data", "u", user_data="one"))
    changed = entry(founded.must(doc("user_data", "u", user_data="two")), "user data 'u'")
    assert (changed.before["user_data"], changed.after["user_data"]) == ("(hidden)", "(hidden, changed)")


def test_a_removal_shows_what_is_lost(founded: Lab) -> None:
    founded.must(web("one"))
    one = entry(founded.must(doc("instance", "one", state="absent")), "instance 'one'")
    assert (one.action, one.after, one.impact) == ("remove", {}, Impact.RECREATE)
    assert one.before["host"] == "h1"


def test_what_was_mended_is_named_with_its_host(founded: Lab) -> None:
    founded.must(web("one"))
    DRIFTS["the machine crashed"](founded.host(), 0)
    one = entry(founded.must(), "instance 'one'")
    assert (one.action, one.observed) == ("mend", {"power on h1": ("Stopped", "Running")})


def test_what_was_held_back_is_a_warning_and_no_change(founded: Lab) -> None:
    founded.must(web("one"))
    founded.must(doc("service_offering", "large", cpu_number=2, memory=1024))
    report = founded.must(doc("instance", "one", service_offering="large"))
    assert not report.changed
    assert report.all_warnings == [
        "instance 'one', field service_offering: "
        "the change needs a restart and was held back; say force: true to allow it"
    ]


def test_a_restart_is_a_change_each_time(founded: Lab) -> None:
    founded.must(web("one"))
    for _time in range(2):
        one = entry(founded.must(doc("instance", "one", state="restarted")), "instance 'one'")
        assert (one.action, one.impact, one.steps) == ("update", Impact.RESTART, ["restart the machine on host h1"])
