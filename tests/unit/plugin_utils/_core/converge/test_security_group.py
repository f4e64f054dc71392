# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Security groups are filters: which cards are under which, and what these let through."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import wanted
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.security_group import ranges
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import Desired
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_name
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Allow, FilterShape
from support.wanted import H1, MAC, NET, NICS, WEB, Z1, changed, desired, ident, made, on_host

FRONT, INSIDE = ident("security_group", "front"), ident("security_group", "inside")
OFFERING = ident("network_offering", "shared")
GROUPS = [made("security_group", name, status={"hosts": [H1]}) for name in ("front", "inside")]
ANYWHERE = ["0.0.0.0/0"]


def rule(name: str, /, group: str = FRONT, **spec: t.Any) -> Resource:
    return made("security_group_rule", name, security_group=group, **{"cidr": ANYWHERE} | spec)


def state(*more: Resource, groups: t.Sequence[str] = (FRONT,), **how: t.Any) -> Desired:
    return desired(how.pop("focus", None), *GROUPS, changed(WEB, security_groups=list(groups)), *more, **how)


def filters(found: Desired) -> dict[str, FilterShape]:
    return {shape.name: shape for shape in on_host(found).filters}


def of_web(*more: Resource, **how: t.Any) -> FilterShape:
    """The filter that the card of the instance is under."""
    found = on_host(state(*more, **how))
    (card,) = found.domains[0].shape.cards
    assert card.address == "10.0.0.2"
    return next(shape for shape in found.filters if shape.name == card.filter)


def test_without_groups_a_card_is_under_the_filter_of_its_network() -> None:
    shape = of_web(groups=())
    assert (shape.name, shape.id) == (f"cairn-{NET}", NET)
    assert (shape.guard, shape.limits, shape.allows) == (True, frozenset(), frozenset())


def test_the_offering_may_let_forged_addresses_pass() -> None:
    assert not of_web(changed(OFFERING, forged_transmits=True), groups=()).guard
    assert not of_web(changed(OFFERING, forged_transmits=True)).guard


def test_a_group_without_rules_lets_nothing_in_and_everything_out() -> None:
    shape = of_web()
    assert (shape.guard, shape.limits, shape.allows, shape.resolver) == (True, {"ingress"}, frozenset(), None)


def test_with_an_egress_rule_nothing_else_goes_out() -> None:
    out = rule("out", type="egress", protocol="udp", start_port=123, end_port=123)
    shape = of_web(out, changed(NET, gateway="10.0.0.1"))
    assert shape.limits == {"ingress", "egress"}
    assert shape.allows == {Allow("egress", "udp", "0.0.0.0/0", 123, 123)}
    assert shape.resolver == "10.0.0.1"


def test_limited_guests_are_kept_from_networks_that_nobody_calls_from_outside() -> None:
    nat, routed = ({"network_offering": ident("network_offering", name)} for name in ("shared", "routed"))
    others = [
        made("network_offering", "routed", source_nat=False),
        made("network", "far", zone=Z1, cidr="10.9.0.0/24", **nat),
        made("network", "elsewhere", zone="z9", cidr="10.8.0.0/24", **nat),
        made("network", "open", zone=Z1, cidr="10.7.0.0/24", **routed),
        made("network", "wire", zone=Z1, **nat),
        made("network", "internet", zone=Z1, cidr="10.6.0.0/24", traffic_type="PUBLIC", **nat),
    ]
    assert of_web(*others).apart == {"10.9.0.0/24"}
    assert of_web(*others, groups=()).apart == frozenset()
    assert of_web(*others, changed(OFFERING, guest_ip_type="Isolated")).apart == frozenset()


def test_an_egress_rule_on_a_group_of_nobody_limits_all_the_same() -> None:
    shape = of_web(rule("out", type="egress", cidr=None, user_security_group=INSIDE))
    assert (shape.limits, shape.allows) == ({"ingress", "egress"}, frozenset())


@pytest.mark.parametrize(
    ("spec", "allows"),
    [
        ({"start_port": 22, "end_port": 22}, [Allow("ingress", "tcp", "0.0.0.0/0", 22, 22)]),
        ({"protocol": "udp"}, [Allow("ingress", "udp", "0.0.0.0/0")]),
        ({"protocol": "icmp", "icmp_type": 8, "icmp_code": 0}, [Allow("ingress", "icmp", "0.0.0.0/0", 8, 0)]),
        ({"protocol": "icmp", "icmp_type": -1, "icmp_code": -1}, [Allow("ingress", "icmp", "0.0.0.0/0")]),
        (
            {"protocol": "all", "cidr": ["10.0.0.0/8", "192.0.2.1/32"]},
            [Allow("ingress", "all", "10.0.0.0/8"), Allow("ingress", "all", "192.0.2.1/32")],
        ),
    ],
)
def test_what_a_rule_allows(spec: dict[str, t.Any], allows: list[Allow]) -> None:
    assert of_web(rule("one", **spec)).allows == frozenset(allows)


def test_ipv6_matters_where_it_can_pass() -> None:
    assert of_web(rule("one", cidr=["::/0"])).allows == frozenset()
    open_ = changed(OFFERING, forged_transmits=True)
    assert of_web(rule("one", cidr=["::/0"]), open_).allows == {Allow("ingress", "tcp", "::/0")}


def test_a_group_stands_for_the_addresses_of_its_instances() -> None:
    others = [changed(WEB, security_groups=[INSIDE])]
    others += [made("instance", f"i{n}", host="h9", security_groups=[INSIDE]) for n in (3, 4, 7)]
    nics: dict[str, t.Any] = {
        ident("instance", f"i{n}"): (Nic(ident("instance", f"i{n}"), NET, 0, f"{MAC[:-1]}{n}", f"10.0.0.{n}"),)
        for n in (3, 4, 7)
    }
    found = desired(None, *GROUPS, *others, rule("in", group=INSIDE, cidr=None, user_security_group=INSIDE),
                    nics=NICS | nics)  # fmt: skip
    shape = filters(found)[filter_name(NET, [INSIDE])]
    assert {allow.peer for allow in shape.allows} == {"10.0.0.2-10.0.0.4", "10.0.0.7"}


def test_cards_of_the_same_groups_share_a_filter_with_the_rules_of_all() -> None:
    one = of_web(rule("a", start_port=1, end_port=1), rule("b", group=INSIDE, start_port=2, end_port=2),
                 groups=[INSIDE, FRONT])  # fmt: skip
    assert {allow.first for allow in one.allows} == {1, 2}
    assert one.name == of_web(groups=[FRONT, INSIDE]).name != of_web(groups=[FRONT]).name


def test_a_wire_filters_nothing_without_groups() -> None:
    wire, sort = changed(NET, cidr=None, gateway=None), changed(OFFERING, guest_ip_type="L2")
    nics = {WEB: (Nic(WEB, NET, 0, MAC, None),)}
    found = on_host(state(wire, sort, groups=(), nics=nics))
    assert (found.domains[0].shape.cards[0].filter, found.filters) == ("", ())
    shape = next(iter(filters(state(wire, sort, nics=nics)).values()))
    assert (shape.guard, shape.limits) == (False, {"ingress"})


def test_a_group_has_its_filters_drawn_where_its_instances_are() -> None:
    found = wanted(state(focus=[FRONT]))
    assert {shape.name for shape in found[H1].filters} == {filter_name(NET, [FRONT])}
    assert (found[H1].domains, found[H1].filter_owners) == ((), {FRONT})


def test_a_destroyed_instance_is_under_no_filter() -> None:
    found = wanted(state(changed(WEB, security_groups=[FRONT], power="Destroyed"), focus=[FRONT]))
    assert found[H1].filters == ()


def test_groups_that_an_instance_left_are_settled_on_its_host() -> None:
    found = on_host(state(groups=[FRONT], focus=[WEB], settled=frozenset({FRONT, INSIDE})))
    assert found.filter_owners == {FRONT, INSIDE}


def test_runs_of_addresses() -> None:
    assert ranges({"10.0.0.9", "10.0.0.255", "10.0.1.0", "10.0.1.1"}) == ["10.0.0.9", "10.0.0.255-10.0.1.1"]
    assert ranges([]) == []
