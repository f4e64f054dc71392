# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The view of hosts."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.hosts import KINDS, hosts
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.model import Leaf, Meter, Part
from support.topology import cloud, instance, place


def test_places_are_within_places() -> None:
    drawn = hosts(cloud(), 10)
    assert drawn.summary == "1 zone, 1 cluster, 2 hosts and 4 instances."
    [zone] = drawn.parts
    pod, everywhere, nowhere = zone.inside
    [cluster] = pod.inside
    titles = [part.title for part in (zone, pod, cluster, *cluster.inside)]
    assert titles == ["zone z1", "pod p1", "cluster c1", "host h1", "host h2", "primary storage wide"]
    assert everywhere == Part(
        "primary storage", "all", ("file:///srv/all",), "Enabled", (Meter("storage", 7.5, 10.0, "GiB"),)
    )
    assert nowhere == Part("on no host", leaves=(Leaf("gone", ("small", "10.2.0.3", "Destroyed"), "Destroyed"),))


def test_hosts_have_states_capacity_and_machines() -> None:
    h1, h2, _storage = hosts(cloud(), 10).parts[0].inside[0].inside[0].inside
    assert h1.meters == (
        Meter("CPU", 3.0, 16.0),
        Meter("memory", 1.5, 4.0, "GiB"),
        Meter("storage", 5.0, 50.0, "GiB"),
    )
    assert h1.leaves == (
        Leaf("hermit", ("small",), "Running"),
        Leaf("web", ("small", "10.1.1.2"), "Running"),
        Leaf("r-cell", ("router", "Stopped"), "Stopped"),
        Leaf("r-inside", ("router",), "Running"),
    )
    assert (h2.state, h2.facts) == ("Maintenance", ("Maintenance",))
    assert h2.meters == (Meter("fast", 0.0, 0.0, "GiB"),)


def test_a_large_cloud_is_grouped() -> None:
    some = cloud()
    some["host"] += [place("host", f"n{number:03}", cluster="c1") for number in range(98)]
    some["instance"] += [instance(f"n{number:04}", "h1") for number in range(1000)]
    some["pod"] += [place("pod", f"q{number}") for number in range(20)]
    zone = hosts(some, 8).parts[0]
    cluster = zone.inside[0].inside[0]
    assert cluster.inside[0].leaves[8:] == (Leaf("and 996 more", ("995 Running", "1 Stopped")),)
    assert [part.title for part in cluster.inside[8:]] == ["and 92 more hosts", "primary storage wide"]
    assert zone.inside[8] == Part("and 13 more pods", group=True)


def test_an_empty_cloud() -> None:
    drawn = hosts({kind: [] for kind in (*KINDS, "capacity")}, 5)
    assert drawn.parts == (Part("there is no zone", group=True),)
