# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of instances: size, place, volumes, addresses."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import foundation

MOST = 64 * 1024


def web(name: str = "new", /, **fields: t.Any) -> Document:
    return doc("instance", name, **{"service_offering": "small", "networks": ["net1"]} | fields)


REFUSED: list[tuple[Document, str]] = [
    (web(service_offering="none"), "field service_offering: service offering 'none' not found; make it first, or mend"),
    (web(zone="z9"), "field zone: zone 'z9' not found; make it first, or mend the name"),
    (web(networks=["net9"]), "field networks: network 'net9' not found; make it first, or mend the name"),
    (web(host="h9"), "field host: host 'h9' not found; make it first, or mend the name"),
    (web(cpu=2), "field cpu: service offering 'small' fixes it; leave it out, or use a customized offering"),
    (web(service_offering="free", cpu=2), "field memory: it is missing; service offering 'free' is customized and"),
    (web(service_offering="free", cpu=33, memory=64), "field service_offering: no host can take it (33 CPUs, 64 MiB)"),
    (
        web(service_offering="free", cpu=1, memory=99999, host="h1"),
        "field host: no host can take it (1 CPUs, 99999 MiB): h1: 1",
    ),
    (
        web(user_data="x" * (MOST + 1)),
        "field user_data: it has",
    ),
    (web(user_data="x", user_data_name="hello"), "field user_data: it is given together with user_data_name; give one"),
    (web(disk_offering="five", disk_size=6), "field disk_size: disk offering 'five' fixes it at 5 GiB; leave it out"),
    (web(ip_address="10.1.1.4"), "field ip_address: 10.1.1.4 is not an address that network 'net1' hands out; choose"),
    (web(ip_address="10.1.1.60"), "field ip_address: 10.1.1.60 is taken by instance 'web2'; choose another one"),
    (web(networks=[], ip_address="10.1.1.61"), "field ip_address: the instance has no network; name one"),
    (web(networks=["wire"], ip_address="10.1.1.61"), "field ip_address: network 'wire' has no addresses; leave it out"),
    (
        web(networks=["wire"], ip_to_networks=[{"network": "net1", "ip": "10.1.1.61"}]),
        "field ip_to_networks: network 'net1' is not among its networks",
    ),
    (doc("instance", "db", root_disk_size=7), "field root_disk_size: 7 GiB is less than the 8 GiB it has; a volume"),
    (doc("instance", "db", disk_size=7), "field disk_size: a data disk cannot be added to an instance that has none"),
    (doc("instance", "db", memory=999999), "field service_offering: its host h1 cannot take the new size:"),
    (
        doc("instance", None, id="nope", display_name="x"),
        "field id: there is no instance with the id nope; mend the id",
    ),
    (web("third", affinity_groups=["apart"]), "anti-affinity keeps it away from this host (group 'apart')"),
    (web(template="none"), "field template: template 'none' not found"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:40] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def test_a_root_volume_is_no_smaller_than_its_template(founded: Lab) -> None:
    with founded.store() as store, store.transaction(commit=True) as tx:
        (template,) = tx.select("template")
        tx.update(template.with_status(size=3 << 30))
    assert "field root_disk_size: 2 GiB is less than the 3 GiB of template 'tiny'" in founded.refusal(
        web(root_disk_size=2)
    )


def test_an_offerings_size_is_the_root_volumes(founded: Lab) -> None:
    founded.must(doc("service_offering", "big", cpu_number=1, memory=64, root_disk_size=9))
    founded.must(web(service_offering="big"))
    assert founded.one("volume", "ROOT-new")["size"] == 9


def test_room_is_counted(founded: Lab) -> None:
    founded.must(doc("service_offering", "half", cpu_number=1, memory=8192))
    founded.must(web("one", service_offering="half"), web("two", service_offering="half"))
    assert "h1: 0 MiB of memory are free, 8192 MiB are asked for" in founded.refusal(web(service_offering="half"))
    founded.must(web("one", state="absent"))
    founded.must(web(service_offering="half"))
    assert audit(founded) == []


def test_a_resized_instance_is_counted_at_its_new_size(founded: Lab) -> None:
    founded.must(doc("service_offering", "most", cpu_number=8, memory=16000), web("one"))
    founded.must(doc("instance", "one", service_offering="most", force=True))
    assert audit(founded) == []
    assert "no host can take it" in founded.refusal(web("two"))


@pytest.mark.parametrize(
    ("how", "apart"),
    [
        ("host anti-affinity", True),
        ("non-strict host anti-affinity", True),
        ("host affinity", False),
        ("non-strict host affinity", False),
    ],
)
def test_affinity(lab: Lab, how: str, apart: bool) -> None:
    lab.must(*foundation(2), doc("affinity_group", "group", affinity_type=how))
    lab.must(*(web(name, affinity_groups=["group"]) for name in ("one", "two")))
    hosts = {instance["host"] for instance in lab.read("instance")}
    assert len(hosts) == (2 if apart else 1)
    if how == "host anti-affinity":
        assert "anti-affinity keeps it away" in lab.refusal(web("three", affinity_groups=["group"]))
    else:
        lab.must(web("three", affinity_groups=["group"]))


@pytest.mark.parametrize("kind", ["host", "cluster", "pod", "zone"])
def test_what_is_disabled_takes_no_new_instances(founded: Lab, kind: str) -> None:
    founded.must(web("old"))
    name = {"host": "h1", "cluster": "c1", "pod": "p1", "zone": "z1"}[kind]
    founded.must(doc(kind, name, state="disabled"))
    assert "is disabled" in founded.refusal(web())
    founded.must(doc("instance", "old", state="stopped"))
    founded.must(doc("instance", "old", root_disk_size=4))
    founded.must(doc(kind, name, state="enabled"), web())


def test_returned_is_what_a_play_needs(cloud: Lab) -> None:
    web2 = cloud.one("instance", "web2")
    assert (web2["state"], web2["default_ip"], web2["login_user"]) == ("Running", "10.1.1.60", "root")
    assert [(card["network"], card["ip_address"], card["is_default"]) for card in web2["nic"]] == [
        ("net1", "10.1.1.60", True),
        ("wire", None, False),
    ]
    assert "user_data" not in web2


def test_removal_keeps_volumes_of_their_own(cloud: Lab) -> None:
    cloud.must(doc("instance", "web1", state="expunged"))
    assert {volume["name"]: volume.get("vm") for volume in cloud.read("volume")} == {
        "ROOT-db": "db",
        "ROOT-web2": "web2",
        "data": None,
        "goods": "db",
        "spare": None,
    }
    cloud.must(doc("volume", "data", state="absent"))
    assert audit(cloud) == []


def test_a_destroyed_instance_comes_back_as_it_was(cloud: Lab) -> None:
    before = cloud.one("instance", "web1")
    cloud.must(doc("instance", "web1", state="destroyed"))
    assert cloud.one("instance", "web1")["state"] == "Destroyed"
    cloud.must(doc("instance", "web1"))
    assert cloud.one("instance", "web1") == before
    assert audit(cloud) == []


def machine(**fields: object) -> Document:
    return doc("instance", "web1", **fields)


def sizes(lab: Lab) -> list[tuple[int, int]]:
    """CPUs and memory of the one machine: as it is defined, and as it runs."""
    (domain,) = lab.host().domains.values()
    return [(side.vcpus, side.memory) for side in (domain.shape, domain.live) if side]


def test_a_size_changes_while_the_guest_runs(founded: Lab) -> None:
    founded.must(doc("service_offering", "large", cpu_number=2, memory=1024))
    founded.must(machine(service_offering="small", max_cpu=2, max_memory=1024))
    for offering, size in (("large", (2, 1024)), ("small", (1, 512))):
        document = machine(service_offering=offering)
        predicted = founded.check(document).report
        founded.host().calls.clear()
        report = founded.must(document)
        assert [entry.diff() for entry in report.entries] == [entry.diff() for entry in predicted.entries]
        assert report.all_warnings == []
        assert founded.host().calls == ["put_record", "retitle_domain", "scale_domain"]
        assert sizes(founded) == [size, size]
        assert audit(founded) == []
        assert not founded.must(document).changed
        assert not founded.drift().changed


def test_a_size_beyond_what_it_can_have_waits_for_force(founded: Lab) -> None:
    founded.must(doc("service_offering", "free", is_customized=True))
    founded.must(machine(service_offering="free", cpu=1, memory=256, max_cpu=2))
    report = founded.must(machine(memory=512))
    assert any("field memory: the change needs a restart and was held back" in text for text in report.all_warnings)
    assert sizes(founded) == [(1, 256), (1, 256)]
    founded.must(machine(memory=512, force=True))
    assert sizes(founded) == [(1, 512), (1, 512)]
    founded.must_refuse(machine(cpu=3, force=True), "field max_cpu: 2 is less than the 3 it has; give more")
    founded.must(machine(max_cpu=4, cpu=3, force=True))
    assert sizes(founded) == [(3, 512), (3, 512)]
    assert audit(founded) == []


def test_a_fixed_address_becomes_any_address_without_a_stop(founded: Lab) -> None:
    founded.must(machine(networks=["net1"], ip_address="10.1.1.77"))
    founded.host().calls.clear()
    document = machine(ip_address="")
    report = founded.must(document)
    assert report.changed
    assert report.all_warnings == []
    assert founded.one("instance", "web1").get("ip_address") is None
    assert founded.one("instance", "web1")["default_ip"] == "10.1.1.77"
    assert founded.host().calls == ["put_record", "retitle_domain"]
    assert not founded.must(document).changed
