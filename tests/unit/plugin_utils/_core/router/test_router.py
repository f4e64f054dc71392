# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A router's whole configuration and its digest."""

from __future__ import annotations

import dataclasses as dc

from hypothesis import given, settings

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router import Pass, Router, Vpn, configuration
from support.routers import KEYS, PUBLIC, routers

FILES = {
    "addresses",
    "dnsmasq.conf",
    "haproxy.cfg",
    "hosts",
    "leases",
    "links",
    "router.nft",
    "routes",
    "wireguard.conf",
}


@settings(max_examples=50, deadline=None)
@given(routers())
def test_the_files_are_lines_of_plain_text(router: Router) -> None:
    made = configuration(router)
    assert set(made.files) == FILES
    for text in made.files.values():
        assert text.isascii()
        assert text == "" or text.endswith("\n")


def test_the_digest_is_of_all_that_is_said() -> None:
    first = configuration(PUBLIC)
    assert first == configuration(dc.replace(PUBLIC))
    others = [
        dc.replace(PUBLIC, leases=frozenset()),
        dc.replace(PUBLIC, next_hop="192.0.2.2"),
        dc.replace(PUBLIC, others=frozenset({"192.0.2.12"})),
        dc.replace(PUBLIC, domain=""),
        *(
            dc.replace(PUBLIC, vpn=Vpn(public="192.0.2.10", port=1, network="10.1.2.0/24", private_key=key))
            for key in KEYS
        ),
        dc.replace(PUBLIC, ingress=frozenset({Pass("tcp", "0.0.0.0/0", 1, 1, "192.0.2.10")})),
    ]
    assert len({configuration(one).digest for one in others} | {first.digest}) == len(others) + 1
