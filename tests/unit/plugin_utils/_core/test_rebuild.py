# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the records of hosts say together, and where they contradict each other."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import LED
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.rebuild import Merged, chosen, merged
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.record import Installation, Record, Written
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource
from support.sound import PLACES, ZONE, whole
from support.wanted import ident

ONE, OTHER = Installation("one", 1), Installation("other", 2)
OLD, NEW = Written("2026-01-01T00:00:00Z", 9), Written("2026-01-01T00:00:01Z", 2)
MAC = "06:00:01:00:00:01"


def host(name: str) -> Resource:
    return whole("host", name, url=f"test:///{name}")


def record(name: str, *own: Resource, nics: t.Iterable[Nic] = (), all_: t.Iterable[str] = (), **how: t.Any) -> Record:
    here = host(name)
    hosts = {host(one).id: (one, f"test:///{one}") for one in {name, *all_}}
    plain = Record(ONE, OLD, here.id, hosts, PLACES, (here, *own), tuple(nics))
    return dc.replace(plain, **how)


def instance(name: str, on: str, **spec: t.Any) -> Resource:
    return whole("instance", name, host=host(on).id, **spec)


def refusal(call: t.Callable[[], t.Any]) -> str:
    with pytest.raises(CairnError) as refused:
        call()
    return refused.value.sentence


def test_the_latest_record_of_each_host_is_chosen() -> None:
    old, new = record("h1"), record("h1", written=NEW)
    assert chosen({"test:///h1": [new, old], "test:///h2": [record("h2")]}, None) == {
        "test:///h1": new,
        "test:///h2": record("h2"),
    }


def test_of_several_events_in_a_second_the_last_counts() -> None:
    first, second = (record("h1", written=Written(OLD.at, number)) for number in (9, 10))
    assert chosen({"test:///h1": [second, first]}, None)["test:///h1"] == second


def test_one_of_several_installations_has_to_be_said() -> None:
    found = {"test:///h1": [record("h1")], "test:///h2": [record("h2", installation=OTHER)]}
    told = refusal(lambda: chosen(found, None))
    assert told == (
        "the hosts have records of several installations: one (test:///h1); other (test:///h2); "
        "say which by installation"
    )
    assert chosen(found, "other").keys() == {"test:///h2"}
    assert "installation: no host has a record of none; there are one, other" in refusal(lambda: chosen(found, "none"))


def test_hosts_that_share_a_directory_are_told_by_their_urls() -> None:
    both = [record("h1", all_=["h2"]), record("h2", all_=["h1"])]
    assert {url: one.host for url, one in chosen({"test:///h1": both, "test:///h2": both}, None).items()} == {
        "test:///h1": host("h1").id,
        "test:///h2": host("h2").id,
    }
    assert "it has the records of several hosts (h1, h2)" in refusal(lambda: chosen({"test:///else": both}, None))


def test_a_host_that_is_named_twice_is_refused() -> None:
    found = {"test:///h1": [record("h1")], "test:///same": [record("h1")]}
    assert "test:///h1 and test:///same are one host" in refusal(lambda: chosen(found, None))


def test_no_record_at_all_is_refused() -> None:
    assert "no host has a record of a cloud" in refusal(lambda: chosen({"test:///h1": []}, None))


def test_hosts_that_are_not_named_are_refused_or_told() -> None:
    records = {"test:///h1": record("h1", all_=["h2", "h3"])}
    told = refusal(lambda: merged(records, ["test:///h3"], partial=False))
    assert told.startswith("hosts of the cloud are not named: 'h2' (test:///h2);")
    made_ = merged(records, ["test:///h3"], partial=True)
    assert made_.warnings == ["host 'h2' (test:///h2) was not named; nothing on it is read back"]


def test_what_is_on_no_host_is_as_the_latest_record_says() -> None:
    renamed, gone = dc.replace(ZONE, spec=ZONE.spec | {"dns1": "192.0.2.1"}), whole("ssh_key", "gone")
    old = record("h1", instance("a", "h1"), all_=["h2"], shared=(*PLACES, gone))
    new = record("h2", instance("b", "h2"), all_=["h1"], shared=(renamed, *PLACES[1:]), written=NEW)
    found = merged({"test:///h1": old, "test:///h2": new}, (), partial=False)
    assert found.resources[ZONE.id] == renamed
    assert gone.id not in found.resources
    assert {one.name for one in found.resources.values() if one.kind == "instance"} == {"a", "b"}


def test_what_refers_to_nothing_known_is_left_out_with_all_that_refers_to_it() -> None:
    nowhere = ident("template", "nowhere")
    lonely = instance("a", "h1", template=nowhere)
    volume = dc.replace(whole("volume", "ROOT-a", vm=lonely.id, host=host("h1").id, device_id=0), parent=lonely.id)
    nic = Nic(lonely.id, "n", 0, MAC)
    found = merged({"test:///h1": record("h1", lonely, volume, nics=[nic])}, (), partial=False)
    assert found.resources.keys() == {*(place.id for place in PLACES), host("h1").id}
    assert found.nics == []
    assert found.warnings == [
        f"instance 'a' is not read back: it refers to {nowhere}, which no host tells of",
        f"volume 'ROOT-a' is not read back: it refers to {lonely.id}, which no host tells of",
    ]


@pytest.mark.parametrize(
    ("mac", "ip", "claim"), [(MAC, "10.0.0.3", MAC), ("06:00:01:00:00:02", "10.0.0.2", "10.0.0.2")]
)
def test_two_that_claim_the_same_are_refused(mac: str, ip: str, claim: str) -> None:
    one, two, network = instance("a", "h1"), instance("b", "h2"), whole("network", "n")
    first = record(
        "h1", one, nics=[Nic(one.id, network.id, 0, MAC, "10.0.0.2")], all_=["h2"], shared=(*PLACES, network)
    )
    other = record("h2", two, nics=[Nic(two.id, network.id, 0, mac, ip)], all_=["h1"], shared=(*PLACES, network))
    told = refusal(lambda: merged({"test:///h1": first, "test:///h2": other}, (), partial=False))
    assert told == f"instance 'a' and instance 'b' both have {claim}; remove one of them from its host by hand"


def test_secrets_are_named_that_are_not_read_back() -> None:
    quiet = instance("a", "h1").with_status(digests={"user_data": "x"})
    found = merged({"test:///h1": record("h1", quiet)}, (), partial=False)
    assert found.warnings == ["instance 'a': its user_data is secret and not read back; apply its document"]


def test_one_resource_of_each_record_that_is_not_to_be_trusted_is_named() -> None:
    bad, worse = (whole(kind, "x", zone="none") for kind in ("pod", "cluster"))
    first, other = record("h1", bad, worse, all_=["h2"]), record("h2", worse, all_=["h1"])
    assert refusal(lambda: merged({"u1": first, "u2": other}, (), partial=False)) == (
        "host u1: its record is not to be trusted: pod 'x': its zone is not valid; "
        "host u2: its record is not to be trusted: cluster 'x': its zone is not valid"
    )


def test_what_refers_to_another_kind_is_not_trusted() -> None:
    bad = record("h1", instance("a", "h1", service_offering=ZONE.id))
    told = refusal(lambda: merged({"u": bad}, (), partial=False))
    assert told == "instance 'a': its service_offering is zone 'one'; see its host's record"


def test_a_card_is_not_trusted() -> None:
    one, network = instance("a", "h1"), whole("network", "n")
    for mac, ip in (("no MAC", None), (MAC, "no address"), (MAC, "010.0.0.1"), (None, None)):
        bad = record("h1", one, nics=[Nic(one.id, network.id, 0, mac, ip)], shared=(*PLACES, network))  # type: ignore[arg-type]
        assert "its network card is not valid" in refusal(lambda bad=bad: merged({"u": bad}, (), partial=False))  # type: ignore[misc]


def isolated(*cards: tuple[str, str], routers: t.Iterable[str] = ("r",), leads: t.Iterable[str] = ()) -> Record:
    """A host with an instance in an isolated network; cards are of a machine in a network."""
    offering = whole("network_offering", "isolated", guest_ip_type="Isolated")
    inside = whole("network", "inside", network_offering=offering.id)
    kept = whole("secondary_storage")
    template = whole("template", "routing", is_routing=True, secondary=kept.id)
    outside = whole("network", "outside", traffic_type="PUBLIC")
    address = whole("ip_address", network=inside.id, public_network=outside.id)
    of = {"network": inside.id, "ip_address": address.id, "vm": ident("instance", "web")}
    rule = whole("loadbalancer_rule", network=inside.id, ip_address=address.id)
    member = {"network": inside.id, "ip_address": address.id, "name": rule.id, "vms": [of["vm"]]}
    led = [whole(kind, kind, **(member if kind == "loadbalancer_rule_member" else of)) for kind in leads]
    machines = [
        dc.replace(
            whole(
                "router", name, host=host("h1").id, network=inside.id, template=template.id, public_network=outside.id
            ),
            parent=inside.id,
        )
        for name in routers
    ]
    nics = [
        Nic(
            ident("instance" if machine == "web" else "router", machine),
            ident("network", network),
            at,
            f"{MAC[:-1]}{at}",
        )
        for at, (machine, network) in enumerate(cards)
    ]
    one = record("h1", *machines, instance("web", "h1"), nics=nics)
    return dc.replace(one, shared=(*PLACES, offering, inside, outside, kept, template, address, rule, *led))


def read(one: Record) -> Merged:
    return merged({"test:///h1": one}, (), partial=False)


CARDS = (("r", "inside"), ("r", "outside"), ("web", "inside"))


def test_a_router_has_its_cards_and_what_leads_to_an_instance_finds_one() -> None:
    assert len(read(isolated(*CARDS, leads=LED)).nics) == 3
    for missing, owner, where in (
        (CARDS[0], "router 'r': router 'r'", "inside"),
        (CARDS[1], "router 'r': router 'r'", "outside"),
        (CARDS[2], "portforward 'portforward': instance 'web'", "inside"),
        (CARDS[2], "loadbalancer rule member 'loadbalancer_rule_member': instance 'web'", "inside"),
    ):
        leads = [owner.partition("'")[2].partition("'")[0]] if missing == CARDS[2] else []
        forged = isolated(*(card for card in CARDS if card != missing), leads=leads)
        assert f"{owner} has no card in network '{where}'" in refusal(lambda forged=forged: read(forged))


def test_a_network_has_one_router() -> None:
    forged = isolated(*CARDS, routers=("r", "s"))
    assert "router 's' and router 'r' serve one network" in refusal(lambda: read(forged))
