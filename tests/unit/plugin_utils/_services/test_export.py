# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is exported is what a person would write, and apply finds nothing to do with it."""

from __future__ import annotations

import typing as t

from hypothesis import given, settings

from ansible_collections.cairn.cloud.plugins.plugin_utils._documents import parse
from support import clouds, routed
from support.amounts import stated
from support.lab import Lab
from support.lab import document as doc


def export(lab: Lab) -> list[dict[str, t.Any]]:
    with lab.cloud() as cloud:
        return cloud.export().documents


def again(lab: Lab) -> bool:
    """Whether applying what is exported would change anything."""
    database = lab.path.read_bytes()
    report = lab.must(*parse(export(lab), "exported"))
    return report.changed or lab.path.read_bytes() != database


def test_the_sample_cloud_comes_back_as_it_is(cloud: Lab) -> None:
    assert not again(cloud)


def test_another_cloud_is_made_from_it(cloud: Lab) -> None:
    written = [one | ({"user_data": "#!"} if one["kind"] == "user_data" else {}) for one in export(cloud)]
    with Lab() as other:
        other.must(*parse(written, "exported"))
        assert export(other) == export(cloud)


@settings(max_examples=stated(200))
@given(clouds.clouds())
def test_any_cloud_comes_back_as_it_is(wish: clouds.Wish) -> None:
    with Lab() as lab:
        lab.must(*wish.documents())
        assert not again(lab)
        with Lab() as other:
            other.must(*parse(export(lab), "exported"))
            assert export(other) == export(lab)


def test_what_goes_without_saying_is_not_said(lab: Lab) -> None:
    lab.must(doc("zone", "z1"), doc("pod", "p1", zone="z1"), doc("zone", "z2", state="disabled"))
    assert export(lab) == [
        {"kind": "zone", "name": "z1"},
        {"kind": "zone", "name": "z2", "state": "disabled"},
        {"kind": "pod", "name": "p1", "zone": "z1"},
    ]


def test_a_name_that_another_zone_has_too_is_found_in_its_own(lab: Lab) -> None:
    both = [doc("zone", name) for name in ("z1", "z2")]
    lab.must(*both, *(doc("pod", "p", zone=name) for name in ("z1", "z2")), doc("cluster", "c", zone="z1", pod="p"))
    (cluster,) = (one for one in export(lab) if one["kind"] == "cluster")
    assert cluster == {"kind": "cluster", "name": "c", "zone": "z1", "pod": "p"}
    assert not again(lab)


def test_secrets_are_left_out_and_named(lab: Lab) -> None:
    lab.must(doc("user_data", "hello", user_data="#cloud-config\nsecret: hush"))
    with lab.cloud() as cloud:
        made = cloud.export()
    assert made.documents == [{"kind": "user_data", "name": "hello"}]
    assert made.warnings == [
        "user data 'hello': its user_data is secret and left out; write it yourself where you need it"
    ]
    assert not again(lab)


def test_a_generated_key_is_exported_as_a_given_one(lab: Lab) -> None:
    lab.must(doc("ssh_key", "mine"))
    (key,) = export(lab)
    assert key["public_key"].startswith("ssh-")
    assert not again(lab)


def test_an_isolated_network_comes_back_without_what_is_its_routers(lab: Lab) -> None:
    lab.must(*routed.routed())
    assert not again(lab)
    kinds = [document["kind"] for document in export(lab)]
    assert "router" not in kinds
    assert kinds.count("ip_address") == 1


def test_a_member_is_named_by_its_list_alone(lab: Lab) -> None:
    lab.must(*routed.routed())
    (member,) = [one for one in export(lab) if one["kind"] == "loadbalancer_rule_member"]
    assert member == {
        "kind": "loadbalancer_rule_member",
        "name": "https",
        "ip_address": routed.SOURCE,
        "zone": "z1",
        "vms": ["app"],
    }


def test_an_isolated_network_has_the_same_addresses_elsewhere(lab: Lab) -> None:
    first = doc("network", "first", network_offering="isolated")
    lab.must(*routed.ground(), first, doc("instance", "a", networks=["first"]))
    lab.must(*routed.routed(source="192.0.2.11", spare="192.0.2.12"))
    assert not again(lab)
    with Lab() as other:
        other.must(*parse(export(lab), "exported"))
        assert export(other) == export(lab)
