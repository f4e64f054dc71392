# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Placement as people meet it: fields of hosts and offerings, what is told, and why."""

from __future__ import annotations

import collections
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.cloud import Earlier
from support.lab import Lab
from support.lab import document as doc
from support.sample import foundation, web

LEVELS = {"host": "h1", "cluster": "c1", "pod": "p1", "zone": "z1"}


def where(lab: Lab) -> dict[str, str]:
    return {instance["name"]: instance["host"] for instance in lab.read("instance")}


def two_racks() -> list[Document]:
    """Two pods with two hosts each; h1 and h2 are in the first."""
    given = [one for one in foundation() if one.kind.name not in ("host", "cluster")]
    racks = [doc("pod", "p2", zone="z1")]
    for number in (1, 2):
        racks.append(doc("cluster", f"c{number}", pod=f"p{number}"))
        for host in (2 * number - 1, 2 * number):
            racks.append(doc("host", f"h{host}", url=f"test:///h{host}", pod=f"p{number}", cluster=f"c{number}"))
    return [*given, *racks]


@pytest.mark.parametrize("kind", LEVELS)
def test_what_is_dedicated_is_for_its_owner_alone(founded: Lab, kind: str) -> None:
    founded.must(web("old"))
    founded.must(doc(kind, LEVELS[kind], dedicated_domain="lab", dedicated_account="bob"))
    who = "is dedicated to account 'bob' of domain 'lab'"
    what = "" if kind == "host" else f"{kind} '{LEVELS[kind]}' "
    founded.must_refuse(web("new"), f"h1: {what}{who}")
    founded.must(doc("instance", "old", root_disk_size=4))
    founded.must(doc("volume", "data", size=1, vm="old"))
    founded.must(doc(kind, LEVELS[kind], dedicated_domain="", dedicated_account=""))
    founded.must(web("new"))
    assert where(founded) == {"old": "h1", "new": "h1"}


def test_a_dedicated_host_is_preferred_by_its_owner(lab: Lab) -> None:
    lab.must(*foundation(3))
    lab.must(doc("host", "h2", dedicated_account="admin"), doc("host", "h3", dedicated_account="eve"))
    lab.must(*map(web, "abc"))
    assert where(lab) == {"a": "h2", "b": "h2", "c": "h2"}


@pytest.mark.parametrize(
    ("planner", "hosts"),
    [
        ("spread", {"h1": 1, "h2": 1, "h3": 1, "h4": 1}),
        ("pack", {"h1": 4}),
        ("FirstFitPlanner", {"h1": 4}),
        ("UserDispersingPlanner", {"h1": 1, "h2": 1, "h3": 1, "h4": 1}),
        ("UserConcentratedPodPlanner", {"h1": 2, "h2": 2}),
    ],
)
def test_the_planner_of_the_offering_decides(lab: Lab, planner: str, hosts: dict[str, int]) -> None:
    lab.must(*two_racks())
    lab.must(doc("service_offering", "small", deployment_planner=planner))
    lab.must(*map(web, "ab"))
    lab.must(*map(web, "cd"))
    assert collections.Counter(where(lab).values()) == hosts


def test_dispersing_goes_by_instances_and_not_by_memory(lab: Lab) -> None:
    lab.must(*foundation(2), doc("service_offering", "big", cpu_number=1, memory=4096))
    lab.must(web("big", service_offering="big"), *(web(name, service_offering="small", host="h2") for name in "ab"))
    lab.must(doc("service_offering", "small", deployment_planner="UserDispersingPlanner"))
    lab.must(web("c", service_offering="small"))
    assert where(lab)["c"] == "h1"


def test_a_storage_in_maintenance_takes_nothing(founded: Lab) -> None:
    founded.must(doc("primary_storage", "ps1", state="maintenance"))
    founded.must_refuse(web("new"), "h1: storage ps1 is in maintenance")


def test_why_not_is_told_in_a_few_lines(lab: Lab) -> None:
    lab.must(*foundation(12), doc("service_offering", "gpu", cpu_number=1, memory=99999, host_tags=["gpu"]))
    lab.must(*(doc("host", f"h{n}", state="maintenance") for n in range(1, 7)))
    lab.must(*(doc("host", f"h{n}", host_tags=["gpu"]) for n in (11, 12)))
    assert lab.refusal(web("new", service_offering="gpu")).endswith(
        "no host can take it (1 CPUs, 99999 MiB): "
        "6 hosts (h1, h2, h3 and 3 more): is in maintenance; "
        "4 hosts (h10, h7, h8 and 1 more): lacks host tag gpu; "
        "2 hosts (h11, h12): has too little memory free (h11: 16384 MiB of memory are free, 99999 MiB are asked for)"
    )


def test_what_is_asked_for_is_explained_alike_by_check_and_run(lab: Lab) -> None:
    lab.must(*foundation(3))
    lab.must(doc("host", "h2", state="disabled"))
    documents = (web("a"), web("b"))
    predicted, done = lab.check(*documents, explain=True), lab.apply(*documents, explain=True)
    assert predicted.placements == done.placements
    assert [(one["name"], one["host"], one["storage"]) for one in done.placements] == [
        ("a", "h1", ["ps1"]),
        ("b", "h3", ["ps1"]),
    ]
    assert done.placements[0]["not_chosen"] == {"h2": "is disabled", "h3": "as good as h1, which is first by name"}
    assert sorted(done.placements[1]["reasons"]) == [
        "h1: 15872 MiB of memory are free, 16384 MiB on h3",
        "h2: is disabled",
    ]
    assert lab.apply(*documents, explain=True).placements == []
    assert lab.apply(web("c")).placements == []


def test_later_tasks_of_a_check_run_see_what_earlier_ones_change(lab: Lab) -> None:
    lab.must(*foundation(2))
    earlier = [
        Earlier((web("a", host="h1"),)),
        Earlier((doc("host", "h2", state="maintenance"), doc("host", "h3", url="test:///h3"))),
    ]
    result = lab.check(web("b"), pending=earlier)
    (entry,) = [one for one in result.report.entries if one.name == "b"]
    assert entry.after["host"] == "h3"


def test_affinity_that_is_not_strict_gives_way(lab: Lab) -> None:
    """The host that both groups want is taken, though the other one has more memory free."""
    lab.must(*foundation(2), doc("affinity_group", "near", affinity_type="non-strict host affinity"))
    lab.must(doc("affinity_group", "far", affinity_type="non-strict host anti-affinity"))

    def put(name: str, host: str, *groups: str) -> Document:
        fields: dict[str, t.Any] = {"host": host, "affinity_groups": list(groups)}
        return web(name, **fields)

    lab.must(put("a", "h2", "near"), put("b", "h1", "far"), put("c", "h2"), put("d", "h2"))
    lab.must(web("e", affinity_groups=["near", "far"]))
    assert where(lab)["e"] == "h2"
