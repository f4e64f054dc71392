# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What follows for a host from an isolated network, its router and its rules."""

from __future__ import annotations

import dataclasses as dc
from collections.abc import Iterator

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.router import size_of
from support.lab import Lab
from support.lab import document as doc
from support.model_images import VPN_KEYS
from support.routed import LAPTOP, SOURCE, SPARE, ground, routed
from support.wanted import made


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as empty:
        yield empty


def files(lab: Lab) -> dict[str, str]:
    """The configuration of the only router."""
    (found,) = lab.host().configurations.values()
    return dict(found.files)


def test_a_router_is_a_machine_with_a_fixed_disk_and_two_cards(lab: Lab) -> None:
    lab.must(*routed())
    host = lab.host()
    (router,) = [one for one in host.domains.values() if one.name.startswith("r-inside-")]
    assert router.shape is not None
    (disk,) = router.shape.disks
    assert (disk.target, disk.fixed, disk.format) == ("vda", True, "raw")
    assert [card.network.rpartition("-")[0] for card in router.shape.cards] == ["inside", "outside"]
    assert [card.filter for card in router.shape.cards] == ["", ""]
    assert router.active
    assert router.configured


def test_the_host_has_no_part_in_an_isolated_network(lab: Lab) -> None:
    lab.must(*routed())
    shapes = {one.shape.name.rpartition("-")[0]: one.shape for one in lab.host().networks.values()}
    assert (shapes["inside"].mode, shapes["inside"].gateway) == ("isolated", None)
    assert (shapes["outside"].mode, shapes["outside"].gateway) == ("nat", "192.0.2.1")
    # libvirt refuses leases where the host has no DHCP.
    assert shapes["inside"].leases == frozenset()
    assert shapes["inside"].user_data is shapes["outside"].user_data is False


def test_a_public_network_uses_the_bridge_of_public_traffic(lab: Lab) -> None:
    cabling = [doc("physical_network", "cabling"), doc("traffic_type", "Public", kvm_networklabel="br-ext")]
    documents = [one for one in routed() if one.name != "outside"]
    outside = doc("network", "outside", network_offering="public", cidr="192.0.2.0/24", start_ip=SOURCE,
                  end_ip="192.0.2.20", physical_network="cabling")  # fmt: skip
    lab.must(*documents, *cabling, outside)
    shapes = {one.shape.name.rpartition("-")[0]: one.shape for one in lab.host().networks.values()}
    assert (shapes["outside"].mode, shapes["outside"].bridge) == ("bridge", "br-ext")


def test_rules_become_what_the_router_is_given(lab: Lab) -> None:
    lab.must(*routed())
    found = files(lab)
    assert found["addresses"].splitlines() == [
        "guest 10.1.1.1/24",
        f"public {SOURCE}/24",
        f"public {SPARE}/32",
        "vpn 10.1.2.1/24",
    ]
    assert [line.split(",")[1:] for line in found["leases"].splitlines()] == [
        ["10.1.1.2", "web"],
        ["10.1.1.3", "db"],
        ["10.1.1.4", "app"],
    ]
    for rule in (
        f"ip daddr {SOURCE} tcp dport 80 dnat ip to 10.1.1.2:8080",
        f"ip daddr {SOURCE} ip saddr 0.0.0.0/0 tcp dport 80 accept",
        f"ip daddr {SPARE} dnat ip to 10.1.1.3",
        f"ip daddr {SPARE} ip saddr 0.0.0.0/0 icmp type 8 accept",
        "ip saddr 0.0.0.0/0 tcp dport 25 drop",
        f"ip daddr {SOURCE} tcp dport 443 accept",
        f"ip daddr {SOURCE} ip saddr 0.0.0.0/0 tcp dport 443 accept",
        f"ip daddr {SOURCE} udp dport 51820 accept",
        f"ip daddr {SOURCE} ip saddr 0.0.0.0/0 udp dport 51820 accept",
    ):
        assert rule in found["router.nft"]
    assert f"bind {SOURCE}:443\n" in found["haproxy.cfg"]
    assert "server 10.1.1.4 10.1.1.4:8443\n" in found["haproxy.cfg"]
    assert found["wireguard.conf"].endswith(f"PublicKey = {LAPTOP}\nAllowedIPs = 10.1.2.2/32\n")
    assert f"PrivateKey = {VPN_KEYS[0]}\nListenPort = 51820\n" in found["wireguard.conf"]


def test_a_forward_may_open_the_firewall_itself(lab: Lab) -> None:
    lab.must(*ground(), doc("instance", "web", networks=["inside"]))
    lab.must(doc("portforward", ip_address=SOURCE, public_port=22, vm="web", open_firewall=True), whole=False)
    assert f"ip daddr {SOURCE} ip saddr 0.0.0.0/0 tcp dport 22 accept" in files(lab)["router.nft"]


def test_an_instance_that_goes_is_forgotten_by_the_router(lab: Lab) -> None:
    lab.must(*ground(), *(doc("instance", name, networks=["inside"]) for name in ("web", "db")))
    lab.must(doc("instance", "db", state="absent"), whole=False)
    assert files(lab)["hosts"] == "10.1.1.2 web\n"


def test_a_network_takes_its_router_along(lab: Lab) -> None:
    lab.must(*ground(), doc("instance", "web", networks=["inside"]))
    lab.must(doc("instance", "web", state="absent"), doc("network", "inside", state="absent"), whole=False)
    assert not lab.host().domains
    assert lab.read("router") == lab.read("ip_address") == []
    # Its address is free again.
    lab.must(*ground(), doc("instance", "web", networks=["inside"]))
    assert [one["ip_address"] for one in lab.read("ip_address")] == [SOURCE]


@pytest.mark.parametrize("state", ["stopped", "started"])
def test_the_power_of_a_router(lab: Lab, state: str) -> None:
    lab.must(*ground(), doc("instance", "web", networks=["inside"]))
    lab.must(doc("router", "r-inside", state=state), whole=False)
    (router,) = [one for one in lab.host().domains.values() if one.name.startswith("r-inside-")]
    assert router.active is (state == "started")
    lab.must(doc("router", "r-inside", state="started"), whole=False)


def test_sizes() -> None:
    assert size_of(None) == (1, 128)
    assert size_of(made("service_offering", "large", cpu_number=2, memory=256)) == (2, 256)


def test_a_rule_that_no_router_can_follow_is_named(lab: Lab) -> None:
    lab.must(*routed())
    lab.must(doc("portforward", ip_address=SOURCE, public_port=22, vm="web"), whole=False)
    with lab.store() as store, store.transaction(commit=True) as tx:
        rule = next(one for one in tx.select("portforward") if one.spec["public_port"] == 22)
        tx.update(dc.replace(rule, spec=rule.spec | {"public_end_port": 21}))
    with lab.cloud() as cloud, pytest.raises(CairnError, match=r"r-inside.*22-21 are not ports; mend the rules of"):
        cloud.drift()
