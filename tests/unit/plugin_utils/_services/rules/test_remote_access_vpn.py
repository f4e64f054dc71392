# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Remote access VPNs and their users."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError, DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Scope
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc
from support.model_images import VPN_KEYS, ModelKeys
from support.routed import LAPTOP, PHONE, SOURCE, SPARE, routed

SPARE2 = "192.0.2.12"
OTHER = f"{'other':a<42}A="


def user(name: str = "phone", key: str = PHONE, **more: t.Any) -> Document:
    return doc("vpn_user", name, vpn=SOURCE, public_key=key, **more)


def vpn(address: str = SOURCE, **more: t.Any) -> Document:
    return doc("remote_access_vpn", ip_address=address, **more)


@pytest.fixture
def site(lab: Lab) -> Lab:
    lab.must(*routed(), doc("ip_address", SPARE2, network="inside"))
    return lab


def served(site: Lab) -> dict[str, str]:
    """The clients that the router was told of: address to key."""
    (given,) = site.host().configurations.values()
    words = [line.split(" = ") for line in given.files["wireguard.conf"].splitlines()]
    keys = [word[1] for word in words if word[0] == "PublicKey"]
    return dict(zip((word[1] for word in words if word[0] == "AllowedIPs"), keys, strict=True))


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            vpn(SPARE2),
            "field ip_address: remote access vpn '192.0.2.10' is that of network 'inside'; a network has one",
        ),
        (vpn(SPARE), "field ip_address: static nat '192.0.2.11' has all of its ports; remove that first"),
        (vpn(listen_port=53), "field listen_port: the router answers UDP port 53 itself; give another one"),
        (vpn(client_cidr="10.9.0.0/24"), "field client_cidr: it cannot change once the remote access vpn exists"),
        (
            doc("portforward", ip_address=SOURCE, public_port=51000, public_end_port=52000, protocol="udp", vm="web"),
            "field public_port: remote access vpn '192.0.2.10' has it already; give other ports",
        ),
        (doc("vpn_user", "phone", vpn=SOURCE), "field public_key: it is missing; give what wg pubkey prints"),
        (user(key=LAPTOP), "field public_key: vpn user 'laptop' has it already; each client has one of its own"),
        (user(key=VPN_KEYS[1]), "field public_key: it is that of remote access vpn '192.0.2.10' itself"),
        (user(ip_address="10.1.2.2"), "field ip_address: 10.1.2.2 is taken by vpn user 'laptop'; choose another one"),
        (user(ip_address="10.1.2.1"), "field ip_address: 10.1.2.1 is no address that a client of remote access vpn"),
        (user(ip_address="10.1.3.7"), "choose one of 10.1.2.0/24, of which the first is the router's"),
        (user("laptop", LAPTOP, ip_address="10.1.2.9"), "field ip_address: it cannot change once the vpn user exists"),
        (doc("ip_address", SOURCE, state="absent"), "it belongs to network 'inside'; remove that"),
    ],
)
def test_refusals(site: Lab, document: Document, sentence: str) -> None:
    site.must_refuse(document, sentence)


@pytest.mark.parametrize(
    ("cidr", "other"),
    [("10.1.0.0/16", "network 'inside' (10.1.1.0/24)"), ("192.0.2.0/25", "network 'outside' (192.0.2.0/24)")],
)
def test_addresses_of_clients_are_nobody_elses(site: Lab, cidr: str, other: str) -> None:
    site.must(vpn(state="absent"))
    site.must_refuse(vpn(client_cidr=cidr), f"field client_cidr: {cidr} overlaps {other}; use another one")


@pytest.mark.parametrize("key", ["", "short=", f"{LAPTOP}\n", f"{LAPTOP[:-1]}a", f"{'x':b<42}B=", "#" * 44])
def test_a_key_is_one(key: str) -> None:
    with pytest.raises(CairnError, match="field public_key: it is not a WireGuard key; give the 44 characters"):
        user(key=key)


def test_a_port_of_the_other_protocol_is_another_port(site: Lab) -> None:
    site.must(doc("portforward", ip_address=SOURCE, public_port=51820, protocol="tcp", vm="web"))


def test_an_address_with_a_vpn_stands_for_no_instance(site: Lab) -> None:
    site.must(vpn(state="absent"), vpn(SPARE2))
    site.must_refuse(doc("static_nat", ip_address=SPARE2, vm="web"), "remote access vpn '192.0.2.12' leads from it")


def test_what_a_client_needs_is_returned(site: Lab) -> None:
    server = site.one("remote_access_vpn", SOURCE)
    told = {"endpoint": f"{SOURCE}:51820", "allowed_networks": ["10.1.1.0/24"]}
    assert {name: server[name] for name in told} == told
    assert (server["public_key"], server["client_cidr"], server["network"]) == (VPN_KEYS[1], "10.1.2.0/24", "inside")
    client = site.one("vpn_user", "laptop")
    assert {name: client[name] for name in told} == told
    assert (client["server_public_key"], client["public_key"]) == (VPN_KEYS[1], LAPTOP)
    assert (client["ip_address"], client["public_ip"], client["vpn"]) == ("10.1.2.2", SOURCE, SOURCE)


def test_a_task_returns_it_at_once(site: Lab) -> None:
    for run in (site.check, site.apply):
        (made,) = run(user()).resources
        assert (made["ip_address"], made["endpoint"]) == ("10.1.2.3", f"{SOURCE}:51820")


def test_a_vpn_with_a_name_of_its_own_is_called_by_its_address(site: Lab) -> None:
    site.must(vpn(state="absent"), vpn(SPARE2, name="staff"), doc("vpn_user", "phone", vpn="staff", public_key=PHONE))
    assert site.one("vpn_user", "phone")["endpoint"] == f"{SPARE2}:51820"


def test_users_come_and_go_one_by_one(site: Lab) -> None:
    assert served(site) == {"10.1.2.2/32": LAPTOP}
    site.must(user(), whole=False)
    site.must(user("tablet", OTHER, ip_address="10.1.2.77"), whole=False)
    assert served(site) == {"10.1.2.2/32": LAPTOP, "10.1.2.3/32": PHONE, "10.1.2.77/32": OTHER}
    assert not site.must(user(), whole=False).changed
    site.must(doc("vpn_user", "laptop", vpn=SOURCE, state="absent"), whole=False)
    assert served(site) == {"10.1.2.3/32": PHONE, "10.1.2.77/32": OTHER}
    site.must(user("again", LAPTOP), whole=False)
    assert site.one("vpn_user", "again")["ip_address"] == "10.1.2.2"


def test_another_key_takes_the_place_of_the_one_before(site: Lab) -> None:
    assert site.must(user("laptop", OTHER), whole=False).changed
    assert served(site) == {"10.1.2.2/32": OTHER}


def test_when_all_addresses_are_taken_that_is_said(site: Lab) -> None:
    site.must(vpn(state="absent"), vpn(SPARE2, client_cidr="10.8.0.0/29"))
    keys = [f"{'n':a<41}{n}A=" for n in range(6)]
    site.must(*(doc("vpn_user", f"u{n}", vpn=SPARE2, public_key=keys[n]) for n in range(5)))
    site.must_refuse(
        doc("vpn_user", "late", vpn=SPARE2, public_key=keys[5]),
        "field ip_address: all 5 addresses of remote access vpn '192.0.2.12' are taken; remove a user of it",
    )


def test_a_check_predicts_what_is_done(site: Lab) -> None:
    for document in (user(), user("laptop", OTHER), vpn(listen_port=443), vpn(open_firewall=False), vpn(state="absent"),
                     vpn(SPARE2)):  # fmt: skip
        predicted = site.check(document).report
        done = site.must(document)
        assert done.changed
        assert [one.diff() for one in done.entries] == [one.diff() for one in predicted.entries]
        assert not site.must(document).changed


def test_its_port_is_open_to_all_unless_rules_are_to_say_so(site: Lab) -> None:
    def let_in() -> list[str]:
        (given,) = site.host().configurations.values()
        ingress = given.files["router.nft"].partition("chain ingress")[2].partition("}")[0]
        return [line.strip() for line in ingress.splitlines() if "udp" in line]

    assert let_in() == [f"ip daddr {SOURCE} ip saddr 0.0.0.0/0 udp dport 51820 accept"]
    site.must(vpn(open_firewall=False), whole=False)
    assert let_in() == []


def test_a_vpn_takes_its_users_along(site: Lab) -> None:
    site.must(vpn(state="absent"), whole=False)
    assert site.read("remote_access_vpn") == site.read("vpn_user") == []
    (given,) = site.host().configurations.values()
    assert given.files["wireguard.conf"] == ""
    assert "vpn" not in given.files["router.nft"] + given.files["addresses"]


def test_a_removal_that_was_cut_short_is_finished(site: Lab) -> None:
    site.watch(Fuse(1))
    with pytest.raises(Interrupted):
        site.apply(vpn(state="absent"), whole=False)
    site.watch(lambda _call: None)
    site.must(vpn(state="absent"), whole=False)
    with site.store() as store, store.reading() as tx:
        assert tx.select("remote_access_vpn", "vpn_user", removing=None) == []


def test_a_user_that_has_another_name_by_now_keeps_its_key(lab: Lab) -> None:
    documents = [one for one in routed() if one.kind.name != "vpn_user"]
    lab.must(*documents, user("laptop", LAPTOP), applyset="all", removing=True)
    lab.must(*documents, user("notebook", LAPTOP), applyset="all", removing=True)
    assert [one["name"] for one in lab.read("vpn_user")] == ["notebook"]
    assert served(lab) == {"10.1.2.3/32": LAPTOP}


def test_what_a_router_cannot_be_told_is_not_stored(site: Lab) -> None:
    before = site.path.read_bytes()
    site.lost.add("test:///h1")
    for document in (user(), vpn(state="absent"), doc("vpn_user", "laptop", vpn=SOURCE, state="absent")):
        with pytest.raises(DriverError, match="host test:///h1 does not answer"):
            site.apply(document, whole=False)
    assert site.path.read_bytes() == before


def test_its_private_key_is_in_the_routers_configuration_and_nowhere_else(site: Lab) -> None:
    private = VPN_KEYS[0]
    (given,) = site.host().configurations.values()
    assert f"PrivateKey = {private}" in given.files["wireguard.conf"].splitlines()
    assert private not in repr(given)
    told = [site.check(vpn(SPARE2), vpn(state="absent")), site.apply(vpn(listen_port=443)), site.apply(user())]
    assert private not in repr([(one.report, one.resources, [*map(str, one.errors)]) for one in told])
    host = site.host()
    with site.cloud() as cloud:
        shown = [cloud.events(), cloud.export(), cloud.drift().report, site.read("remote_access_vpn")]
        assert private not in repr(shown)
    assert "(hidden)" in json.dumps(shown[0])
    assert private.encode() not in site.path.read_bytes()
    assert private not in repr(host.observe(Scope()))
    records = "".join(host.texts.values())
    assert VPN_KEYS[1] in records
    assert private not in records


def test_a_database_that_is_read_back_has_new_keys_and_the_same_users(
    site: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.must(user("phone", PHONE, ip_address="10.1.2.50"))
    site.forget()
    pair = (f"{'private':b<42}A=", f"{'public':b<42}A=")
    monkeypatch.setattr(ModelKeys, "exchange", lambda _self: pair)
    warnings = site.rebuild().warnings
    told = f"remote access vpn '{SOURCE}': it has new keys from the next apply on; tell its clients its new public_key"
    assert [one for one in warnings if "vpn" in one] == [told]
    assert served(site) == {"10.1.2.2/32": LAPTOP, "10.1.2.50/32": PHONE}
    assert site.one("vpn_user", "phone")["server_public_key"] == pair[1]
    site.must()
    (given,) = site.host().configurations.values()
    assert f"PrivateKey = {pair[0]}" in given.files["wireguard.conf"]
    assert not site.must().changed
    site.must_refuse(user("more", OTHER, ip_address="10.1.2.50"), "10.1.2.50 is taken by vpn user 'phone'")
    site.must(user("more", OTHER))
    assert site.one("vpn_user", "more")["ip_address"] == "10.1.2.3"
