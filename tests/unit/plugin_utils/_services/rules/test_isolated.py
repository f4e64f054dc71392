# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which networks have a router, and which of them are on its host alone."""

from __future__ import annotations

import pytest

from support.lab import Lab
from support.lab import document as doc
from support.routed import ground, spanning


@pytest.mark.parametrize(("spans", "hosts"), [(False, {"h1"}), (True, {"h1", "h2"})])
def test_a_network_is_beside_its_router_unless_a_vxlan_joins_hosts(lab: Lab, spans: bool, hosts: set[str]) -> None:
    lab.must(*(spanning(2) if spans else ground(2)))
    lab.must(doc("instance", "first", networks=["inside"], host="h1"))
    lab.must(*(doc("instance", f"i{n}", networks=["inside"]) for n in range(3)))
    assert {one["host"] for one in lab.read("instance")} == hosts
    assert [(one["network"], one["host"]) for one in lab.read("router")] == [("inside", "h1")]


def test_a_network_that_is_not_isolated_has_none(lab: Lab) -> None:
    lab.must(*ground(2), doc("instance", "web", networks=["net1"]))
    assert lab.read("router") == []
