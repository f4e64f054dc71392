# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the cloud writes is sound, and what it cannot have written is not."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import ROUTED
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.record import PLACED
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Owner, Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.soundness import is_card, misplaced, unsound
from support.sound import PLACES, ZONE, whole
from support.wanted import ident

MAC = "06:00:01:00:00:01"


def changed(one: Resource, **changes: t.Any) -> Resource:
    """With some of its spec and status changed, or left out where the value is an ellipsis."""
    for part in ("spec", "status"):
        if part in changes:
            values = getattr(one, part) | changes[part]
            changes[part] = {name: value for name, value in values.items() if value is not ...}
    return dc.replace(one, **changes)


@pytest.mark.parametrize("kind", [*PLACED, *(one.kind for one in PLACES), "ssh_key", "user_data", "network", *ROUTED])
def test_what_the_cloud_writes_is_sound(kind: str) -> None:
    assert unsound(whole(kind)) is None


@pytest.mark.parametrize("kind", PLACED)
def test_each_thing_that_it_must_have_is_missed(kind: str) -> None:
    one = whole(kind)
    fields = KINDS[kind].stored
    for name in one.spec:
        without = unsound(changed(one, spec={name: ...}))
        if fields[name].required or fields[name].only_one or name in ("host", "storage"):
            assert without in (f"its {name} is missing", "its name is another one than it says")
    for name in one.status:
        assert unsound(changed(one, status={name: ...})) == f"its {name} is missing"


UNSOUND: list[tuple[str, dict[str, t.Any], str]] = [
    ("host", {"id": "../../etc/passwd"}, "it has no id"),
    ("host", {"id": ["x"]}, "it has no id"),
    ("host", {"name": "other"}, "its name is another one than it says"),
    ("host", {"created": "yesterday"}, "its time of creation is not valid"),
    ("host", {"created": "2026-01-01T00:00:00"}, "its time of creation is not valid"),
    ("host", {"applyset": "a\nb"}, "its set is not valid"),
    ("host", {"parent": ZONE.id}, "its parent is not valid"),
    ("volume", {"parent": "none"}, "its parent is not valid"),
    ("instance", {"owner": Owner("", "admin")}, "its owner is not valid"),
    ("instance", {"owner": Owner(project="a\nb")}, "its project is not valid"),
    ("host", {"spec": {"url": "qemu+ssh://h1/system?command=/bin/sh"}}, "its url is not valid: "),
    ("host", {"spec": {"url": "no URL"}}, "its url is not valid: "),
    ("host", {"spec": {"zone": None}}, "its zone is missing"),
    ("host", {"spec": {"zone": "elsewhere"}}, "its zone is not valid"),
    ("host", {"spec": {"more": 1}}, "its more is not valid"),
    ("host", {"spec": {"host_tags": "no list"}}, "its host_tags is not valid"),
    ("host", {"spec": {"cpu_model": ["a"]}}, "its cpu_model is not valid"),
    ("host", {"status": {"cpus": "many"}}, "its cpus is not valid"),
    ("host", {"status": {"cpus": True}}, "its cpus is not valid"),
    ("host", {"status": {"cpus": 2**63}}, "its cpus is not valid"),
    ("host", {"status": {"size": 1}}, "its size is not valid"),
    ("host", {"status": {"digests": {"user_data": "x"}}}, "its digests is not valid"),
    ("instance", {"status": {"digests": {"user_data": 1}}}, "its digests is not valid"),
    ("instance", {"spec": {"cpu": 1.0}}, "its cpu is not valid"),
    ("instance", {"spec": {"networks": ["x"]}}, "its networks is not valid"),
    ("instance", {"spec": {"memory_from": "../x"}}, "it has no id"),
    ("volume", {"spec": {"source": "../x"}}, "it has no id"),
    ("volume", {"spec": {"device_id": 2**31}}, "its device_id is not valid: "),
    ("volume", {"spec": {"vm": ident("instance", "one")}}, "its device_id is missing"),
    ("volume", {"spec": {"url": "https://example.org/x"}}, "its secondary is missing"),
    ("instance_snapshot", {"status": {"machine": {}}}, "its machine is not valid"),
    ("instance_snapshot", {"status": {"machine": {"size": [1, 64]}}}, "its machine is not valid"),
    ("instance_snapshot", {"status": {"machine": {"size": [1, 64, 1, "x"]}}}, "its machine is not valid"),
    ("instance_snapshot", {"status": {"machine": {"size": [1, 64, 1, 64], "x": 1}}}, "its machine is not valid"),
    ("volume_snapshot", {"status": {"size": "large"}}, "its size is not valid"),
    ("volume_snapshot", {"status": {"keys": "SHA256:a"}}, "its keys is not valid"),
    ("volume_snapshot", {"status": {"keys": [1]}}, "its keys is not valid"),
    ("api_key", {"status": {"digest": 1}}, "its digest is not valid"),
    ("volume", {"status": {"told": []}}, "its told is not valid"),
    ("volume", {"status": {"told": {}}}, "its told is not valid"),
    ("volume", {"status": {"told": {"keys": ["a"], "password": "b"}}}, "its told is not valid"),
    ("volume", {"status": {"told": {"keys": [], "more": 1}}}, "its told is not valid"),
    ("network", {"spec": {"netmask": "255.255.0.0"}}, "netmask 255.255.0.0 is not that of 10.0.0.0/24"),
    ("network", {"spec": {"gateway": ...}}, "its gateway is missing"),
    ("network", {"spec": {"start_ip": "0.0.0.1", "end_ip": "255.255.255.254"}}, "0.0.0.1 is not a host's address"),
    ("router", {"spec": {"template": ...}}, "its template is missing"),
    ("router", {"spec": {"network": "inside"}}, "its network is not valid"),
    ("service_offering", {"spec": {"memory": ...}}, "its memory is missing"),
    ("security_group_rule", {"spec": {"start_port": 9, "end_port": 8}}, "its end_port is less than its start_port"),
    ("firewall", {"spec": {"start_port": 9, "end_port": 8}}, "its end_port is less than its start_port"),
    ("firewall", {"spec": {"start_port": 9}}, "its end_port is missing"),
    ("firewall", {"spec": {"protocol": "icmp"}}, "its icmp_code is missing"),
    ("firewall", {"spec": {"protocol": "all"}}, "its protocol is not valid"),
    ("firewall", {"spec": {"ip_address": ...}}, "its ip_address is missing"),
    ("firewall", {"spec": {"type": "egress"}}, "its ip_address is not valid"),
    ("firewall", {"spec": {"cidrs": ["2001:db8::/32"]}}, "its cidrs is not valid"),
    ("firewall", {"spec": {"cidrs": ["10.0.0.0/8; accept"]}}, "its cidrs is not valid: "),
    ("ip_address", {"spec": {"public_network": ...}}, "its public_network is missing"),
    ("ip_address", {"name": "1.2.3.4 ", "spec": {"ip_address": "1.2.3.4 "}}, "its ip_address is not valid"),
    ("loadbalancer_rule", {"spec": {"public_port": ...}}, "its public_port is missing"),
    ("loadbalancer_rule", {"spec": {"private_port": 0}}, "its private_port is not valid: "),
    ("loadbalancer_rule", {"spec": {"cidr": "2001:db8::/32"}}, "its cidr is not valid"),
    ("loadbalancer_rule", {"spec": {"algorithm": "static"}}, "its algorithm is not valid: "),
    ("loadbalancer_rule", {"spec": {"interval_time": 0}}, "its interval_time is not valid: "),
    ("loadbalancer_rule_member", {"spec": {"vms": []}}, "its vms is not valid"),
    ("loadbalancer_rule_member", {"spec": {"vms": [ZONE.id, ZONE.id]}}, "its vms is not valid"),
    ("loadbalancer_rule_member", {"spec": {"name": ...}}, "its name is missing"),
    ("portforward", {"spec": {"public_end_port": 79}}, "its public_end_port is less than its public_port"),
    ("portforward", {"spec": {"private_end_port": 8090}}, "it leads to another number of ports"),
    ("portforward", {"spec": {"private_end_port": 65536}}, "its private_end_port is not valid: "),
    ("portforward", {"spec": {"vm": ...}}, "its vm is missing"),
    ("static_nat", {"spec": {"network": ...}}, "its network is missing"),
    ("remote_access_vpn", {"spec": {"listen_port": 0}}, "its listen_port is not valid: "),
    ("remote_access_vpn", {"spec": {"client_cidr": "10.1.2.0/30"}}, "its client_cidr is not valid: "),
    ("remote_access_vpn", {"spec": {"private_key": "x"}}, "its private_key is not valid: "),
    ("remote_access_vpn", {"status": {"public_key": ...}}, "its public_key is missing"),
    ("vpn_user", {"spec": {"public_key": "x\nListenPort = 1"}}, "its public_key is not valid: "),
    ("vpn_user", {"spec": {"public_key": ...}}, "its public_key is missing"),
    ("vpn_user", {"spec": {"ip_address": "10.1.2.2/24"}}, "its ip_address is not valid: "),
    ("vpn_user", {"spec": {"public_ip": ...}}, "its public_ip is missing"),
]


@pytest.mark.parametrize(("kind", "changes", "problem"), UNSOUND)
def test_what_it_cannot_have_written_is_not(kind: str, changes: dict[str, t.Any], problem: str) -> None:
    told = unsound(changed(whole(kind), **changes))
    assert told is not None
    assert told.startswith(problem)


def there(*more: Resource) -> dict[str, Resource]:
    return {one.id: one for one in (*PLACES, whole("host"), whole("instance"), whole("network"), *more)}


RANGE = whole("vlan_ip_range", start_ip="10.0.0.10", end_ip="10.0.0.20")


def test_what_it_refers_to_is_of_the_right_kind() -> None:
    for one in there().values():
        assert misplaced(one, there()) is None
    volume = whole("volume", vm=ident("instance", "one"), device_id=0)
    assert misplaced(dc.replace(volume, parent=ident("instance", "one")), there()) is None
    assert misplaced(dc.replace(volume, parent=ZONE.id), there()) == "its parent is zone 'one'"
    for name, field in (("vm", "vm"), ("storage", "storage"), ("source", "source")):
        assert misplaced(volume.with_spec(**{name: ZONE.id}), there()) == f"its {field} is zone 'one'"
    assert misplaced(volume.with_spec(source=ident("volume_snapshot", "gone")), there()) is None
    assert misplaced(whole("instance", networks=[ZONE.id]), there()) == "its networks is zone 'one'"


def test_a_range_is_one_of_its_network() -> None:
    assert misplaced(RANGE, there()) is None
    assert "is not a host's address of 10.0.0.0/24" in str(misplaced(RANGE.with_spec(end_ip="10.0.1.1"), there()))
    bare = whole("network", cidr=None)
    assert misplaced(RANGE, there(bare)) == "its network has no addresses"


INSIDE, OUTSIDE = ident("network", "inside"), ident("network", "outside")
ISOLATED = whole("network_offering", "isolated", guest_ip_type="Isolated")
ROUTABLE = (
    ISOLATED,
    whole("network", "inside", network_offering=ISOLATED.id),
    whole("network", "other", network_offering=ISOLATED.id),
    whole("network", "outside", traffic_type="PUBLIC"),
    whole("template", "router", is_routing=True),
    whole("template", "plain"),
    whole("ip_address", "192.0.2.9", ip_address="192.0.2.9", network=INSIDE),
    whole("ip_address", "192.0.2.8", ip_address="192.0.2.8", network=ident("network", "other")),
)
ROUTER = dc.replace(
    whole("router", network=INSIDE, public_network=OUTSIDE, template=ident("template", "router")), parent=INSIDE
)
SOURCE = dc.replace(ROUTABLE[-2].with_spec(is_source_nat=True), parent=INSIDE)
_OF = {"network": INSIDE, "ip_address": ident("ip_address", "192.0.2.9")}
LED = (
    *(whole(kind, **_OF) for kind in ("portforward", "static_nat", "firewall", "loadbalancer_rule")),
    whole("remote_access_vpn", **_OF, client_cidr="10.9.0.0/24"),
    whole("loadbalancer_rule_member", name=ident("loadbalancer_rule", "one"), **_OF),
)
BALANCED = whole("loadbalancer_rule", **_OF)
VPN = LED[-2]
USER = whole("vpn_user", vpn=VPN.id, network=INSIDE, public_ip=_OF["ip_address"])


@pytest.mark.parametrize("one", [ROUTER, SOURCE, *LED], ids=lambda one: one.kind)
def test_what_a_router_is_about_is_of_one_isolated_network(one: Resource) -> None:
    assert misplaced(one, there(*ROUTABLE, BALANCED)) is None
    told = misplaced(one.with_spec(network=ident("network", "one")), there(*ROUTABLE, BALANCED))
    assert told == "its network is network 'one', which is not isolated"


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        *((led.with_spec(ip_address=ident("ip_address", "192.0.2.8")), "its ip_address is of network 'other'")
          for led in LED),
        (ROUTER.with_spec(public_network=INSIDE), "its public_network is network 'inside', which is not public"),
        (ROUTER.with_spec(template=ident("template", "plain")), "its template is template 'plain', which is of no"),
        (dc.replace(ROUTER, parent=OUTSIDE), "its parent is not valid"),
        (dc.replace(ROUTER, parent=None), "its parent is not valid"),
        (dc.replace(SOURCE, parent=None), "its parent is not valid"),
        (SOURCE.with_spec(is_source_nat=False), "its parent is not valid"),
        (SOURCE.with_spec(public_network=INSIDE), "its public_network is network 'inside', which is not public"),
    ],
)  # fmt: skip
def test_what_no_router_can_be_about(one: Resource, problem: str) -> None:
    told = misplaced(one, there(*ROUTABLE, BALANCED))
    assert told is not None
    assert told.startswith(problem)


@pytest.mark.parametrize(
    "changes", [{"mac": "no MAC"}, {"mac": None}, {"ip": "no address"}, {"ip": "010.0.0.1"}, {"position": -1}]
)
def test_a_card_is_none(changes: dict[str, t.Any]) -> None:
    good = Nic("i", "n", 0, MAC, "10.0.0.1")
    assert is_card(good)
    assert not is_card(dc.replace(good, **changes))


def test_a_member_is_of_the_address_of_its_rule() -> None:
    rule = BALANCED.with_spec(ip_address=ident("ip_address", "192.0.2.7"))
    spare = whole("ip_address", "192.0.2.7", ip_address="192.0.2.7", network=INSIDE)
    told = misplaced(LED[-1], there(*ROUTABLE, spare, rule))
    assert told == "its ip_address is not that of loadbalancer rule 'one'"


def test_a_vpn_and_its_users_are_of_one_network() -> None:
    assert misplaced(USER, there(*ROUTABLE, VPN)) is None
    for changes in ({"network": ident("network", "other")}, {"public_ip": ident("ip_address", "192.0.2.8")}):
        told = misplaced(USER.with_spec(**changes), there(*ROUTABLE, VPN))
        assert told == "its network and public_ip are not those of remote access vpn 'one'"
    told = misplaced(VPN.with_spec(client_cidr="10.0.0.128/25"), there(*ROUTABLE))
    assert told == "its client_cidr overlaps network 'inside'"
