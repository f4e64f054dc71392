# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Cards, addresses and the way outside."""

from __future__ import annotations

import dataclasses as dc

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.cards import addresses, links, routes
from support.routers import MACS, PUBLIC, SMALL


def test_a_router_without_an_outside() -> None:
    assert links(SMALL) == f"guest {MACS[0]}\n"
    assert addresses(SMALL) == "guest 10.1.1.1/24\n"
    assert routes(SMALL) == ""


def test_a_router_with_public_addresses() -> None:
    router = dc.replace(PUBLIC, others=frozenset({"192.0.2.12", "192.0.2.9", "192.0.2.10"}))
    assert links(router) == f"guest {MACS[0]}\npublic {MACS[1]}\n"
    assert addresses(router).splitlines() == [
        "guest 10.1.1.1/24",
        "public 192.0.2.10/24",
        "public 192.0.2.9/32",
        "public 192.0.2.12/32",
    ]
    assert routes(router) == "default 192.0.2.1 public\n"
