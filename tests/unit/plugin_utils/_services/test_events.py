# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the engine keeps of its own doings, and what it says of the room that is left."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from support import sample
from support.drifts import DRIFTS
from support.lab import Lab
from support.lab import document as doc


def events(lab: Lab, **filters: t.Any) -> list[dict[str, t.Any]]:
    with lab.cloud() as cloud:
        return cloud.events(**filters)


def summary(lab: Lab, **filters: t.Any) -> list[tuple[str, str, str]]:
    return [(one["action"], one["kind"], one["name"]) for one in events(lab, **filters)]


def test_each_change_is_an_event_and_nothing_else_is(cloud: Lab) -> None:
    made = len(events(cloud))
    assert made == len(sample.cloud())
    cloud.must(*sample.cloud())
    cloud.check(sample.web("web1", tags={"role": "db"}))
    cloud.drift()
    assert len(events(cloud)) == made


def test_an_event_says_what_changed(cloud: Lab) -> None:
    cloud.must(sample.web("web1", tags={"role": "db"}), whole=False)
    (event,) = events(cloud, limit=1)
    assert (event["action"], event["before"], event["after"]) == (
        "update",
        {"tags": {"role": "web"}},
        {"tags": {"role": "db"}},
    )


def test_a_removal_is_an_event(cloud: Lab) -> None:
    cloud.must(doc("volume", "spare", state="absent"), whole=False)
    (event,) = events(cloud, name="spare", action="remove")
    assert (event["before"]["disk_offering"], event["after"]) == ("five", {})


def test_secrets_are_in_no_event(cloud: Lab) -> None:
    assert "secret-word" not in json.dumps(events(cloud))


def crash(cloud: Lab) -> None:
    host = cloud.host("test:///h1")
    running = [index for index, ident in enumerate(sorted(host.domains)) if host.domains[ident].active]
    DRIFTS["the machine crashed"](host, running[0])


def test_what_was_mended_is_an_event(cloud: Lab) -> None:
    crash(cloud)
    cloud.must()
    (event,) = events(cloud, action="mend")
    assert event["kind"] == "instance"
    assert list(event["after"].values()) == ["Running"]


def test_what_failed_is_an_event(cloud: Lab) -> None:
    def watch(call: str) -> None:
        if call == "start_domain":
            raise DriverError("the disk is broken")

    crash(cloud)
    cloud.watch(watch)
    assert cloud.apply().errors
    assert {action for action, _kind, _name in summary(cloud)} == {"create", "fail"}
    (event,) = events(cloud, action="fail")
    assert "the disk is broken" in event["message"]


def test_what_was_refused_leaves_no_event(cloud: Lab) -> None:
    before = events(cloud)
    cloud.refusal(sample.web("web9", service_offering="small", template="none"))
    assert events(cloud) == before


def test_capacity_counts_what_was_given(lab: Lab) -> None:
    lab.must(*sample.foundation(2))
    lab.must(sample.web("web1", root_disk_size=10, service_offering="small"))
    with lab.cloud() as cloud:
        found = {(one["type"], one["name"]): one for one in cloud.capacity()}
    assert {kind for kind, _name in found} == {"zone", "pod", "cluster", "host", "primary_storage"}
    hosts = [found["host", name] for name in ("h1", "h2")]
    assert sorted(host["memory"]["used"] for host in hosts) == [0, 512]
    assert found["zone", "z1"]["memory"] == {"total": 32768, "used": 512, "free": 32256}
    assert found["zone", "z1"]["cpu"]["used"] == 1
    assert found["primary_storage", "ps1"]["storage"]["used"] == 10
