# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The view of networks."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.model import Diagram, Leaf, Part
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.networks import KINDS, networks
from support.topology import cloud, instance, network


def tree(part: Part) -> t.Any:
    """The titles of parts, with those below and inside."""
    return {part.title: [*map(tree, part.below), *map(tree, part.inside)]} if part.below or part.inside else part.title


def found(drawn: Diagram, title: str) -> Part:
    def those(parts: tuple[Part, ...]) -> t.Iterator[Part]:
        for part in parts:
            yield part
            yield from those(part.below + part.inside)

    [one] = [part for part in those(drawn.parts) if part.title == title]
    return one


def test_what_hangs_below_what() -> None:
    [zone] = networks(cloud(), 10).parts
    routed = {"public network outside": [{"router r-inside": ["network inside"]}]}
    world = {"the world": [routed, "network lan", "network later"]}
    apart = ["network cage", {"router r-cell": ["network cell"]}, "network wire", "on no network"]
    assert tree(zone) == {"zone z1": [world, *apart]}


def test_what_is_said() -> None:
    drawn = networks(cloud(), 10)
    assert drawn.summary == "1 zone, 7 networks, 2 routers and 4 instances."
    assert found(drawn, "public network outside").facts == ("192.0.2.0/24", "hands out 192.0.2.8 to 192.0.2.99")
    addresses = ("192.0.2.20 (source NAT)", "192.0.2.9 (for web)", "192.0.2.10")
    assert found(drawn, "router r-inside").facts == (*addresses, "on h1")
    assert found(drawn, "router r-cell").facts == ("on h1", "Stopped")
    assert found(drawn, "network wire").facts == ("L2", "VNI 4096", "on cabling")
    assert found(drawn, "network later").facts == ("Isolated", "10.1.1.0/24", "no instances")


def test_instances_are_on_each_of_their_networks() -> None:
    drawn = networks(cloud(), 10)
    assert found(drawn, "network inside").leaves == (
        Leaf("db", ("10.1.1.3", "on h2", "Stopped"), "Stopped"),
        Leaf("web", ("10.1.1.2", "on h1"), "Running"),
    )
    assert found(drawn, "network wire").leaves == (Leaf("web", ("on h1",), "Running"),)
    assert found(drawn, "network lan").leaves[1] == Leaf("gone", ("10.2.0.3", "Destroyed"), "Destroyed")
    assert found(drawn, "on no network").leaves == (Leaf("hermit", ("on h1",), "Running"),)


@pytest.mark.parametrize(
    ("only", "shown"),
    [
        ("inside", {"the world": [{"public network outside": [{"router r-inside": ["network inside"]}]}]}),
        ("outside", {"the world": [{"public network outside": [{"router r-inside": ["network inside"]}]}]}),
        ("lan", {"the world": ["network lan"]}),
        ("cell", {"router r-cell": ["network cell"]}),
        ("wire", "network wire"),
    ],
)
def test_one_network_is_shown_with_what_is_before_it(only: str, shown: t.Any) -> None:
    drawn = networks(cloud(), 10, only=f"id-{only}")
    assert tree(drawn.parts[0]) == {"zone z1": [shown]}
    assert drawn.summary == f"Network {only} of zone z1."


def test_another_router_of_a_public_network_is_left_out() -> None:
    some = cloud()
    some["router"].append({**some["router"][0], "name": "r-later", "network": "later"})
    below = found(networks(some, 10, only="id-later"), "public network outside").below
    assert [part.title for part in below] == ["router r-later"]


def test_a_large_cloud_is_grouped() -> None:
    some = cloud()
    some["instance"] += [
        instance(f"n{number:04}", lan=f"10.2.{number // 250}.{number % 250}") for number in range(1000)
    ]
    some["network"] += [network(f"net{number:04}", "shared") for number in range(1000)]
    some["router"] += [{**some["router"][0], "name": f"s{number}", "network": f"x{number}"} for number in range(20)]
    some["ip_address"] += [{**some["ip_address"][0], "ip_address": f"192.0.2.{number}"} for number in range(30, 90)]
    drawn = networks(some, 5)
    assert found(drawn, "network lan").leaves[5:] == (Leaf("and 997 more", ("997 Running",)),)
    assert found(drawn, "the world").below[-1] == Part("and 997 more networks", group=True)
    assert found(drawn, "public network outside").below[-1] == Part("and 16 more routers", group=True)
    assert found(drawn, "router r-inside").facts[5] == "and 58 more addresses"


def test_an_empty_cloud() -> None:
    drawn = networks({kind: [] for kind in KINDS}, 5)
    assert drawn.parts == (Part("there is no zone", group=True),)
