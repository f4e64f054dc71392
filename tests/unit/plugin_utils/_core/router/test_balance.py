# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Load balancing of a router, as text; tests/e2e/test_router.py has HAProxy read it."""

from __future__ import annotations

import dataclasses as dc

from hypothesis import given, settings

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router import Balancer, Router
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.balance import haproxy
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router.filters import ruleset
from support.routers import PUBLIC, SMALL, routers

RULE = Balancer(
    public="192.0.2.10",
    port=443,
    private=frozenset({"10.1.1.10", "10.1.1.9"}),
    private_port=8443,
    algorithm="leastconn",
    interval=5,
    fall=4,
    rise=1,
)


def listens(router: Router) -> list[str]:
    """What follows the head of the file, which is always the same."""
    return haproxy(router).removeprefix(haproxy(SMALL)).splitlines()


def test_a_rule_is_one_listen_with_its_guests_in_order() -> None:
    assert listens(dc.replace(PUBLIC, balancers=frozenset({RULE}))) == [
        "listen 192.0.2.10:443",
        "  bind 192.0.2.10:443",
        "  balance leastconn",
        "  default-server check inter 5s fall 4 rise 1",
        "  server 10.1.1.9 10.1.1.9:8443",
        "  server 10.1.1.10 10.1.1.10:8443",
    ]


def test_callers_keep_their_guest_when_another_one_comes() -> None:
    by_source = dc.replace(RULE, algorithm="source")
    assert "  hash-type consistent" in listens(dc.replace(PUBLIC, balancers=frozenset({by_source})))


def test_without_a_rule_there_is_nothing_to_listen_for() -> None:
    assert "listen" not in haproxy(SMALL)


@settings(max_examples=50, deadline=None)
@given(routers())
def test_what_is_listened_for_is_let_in_and_nothing_else(router: Router) -> None:
    bound = {line.split()[1] for line in haproxy(router).splitlines() if line.startswith("  bind ")}
    assert bound == {f"{one.public}:{one.port}" for one in router.balancers}
    inside = ruleset(router).partition("chain input {")[2].partition("}\n")[0]
    for one in router.balancers:
        assert f"ip daddr {one.public} tcp dport {one.port} accept" in inside
