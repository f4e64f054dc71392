# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A database that was lost comes back from the hosts as it was."""

from __future__ import annotations

import contextlib
import dataclasses as dc
import functools
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError, DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import is_record
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.record import Installation
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Card, DomainSeen
from support import forged, routed, sample
from support.amounts import stated
from support.audit import audit
from support.clouds import clouds, edits
from support.lab import Lab
from support.lab import document as doc
from support.model_host import ModelHost

NEVER_ATTACHED = "spare"
# Of statuses: what is forgotten, learnt again, or compared otherwise.
LOST = ("digests", "quiesced", "hosts", "copied", "told")


def stored(lab: Lab) -> dict[str, t.Any]:
    """All that the database has and the hosts can tell of, secrets apart."""
    with lab.store() as store, store.reading() as tx:
        found = tx.select(removing=None)
        unplaced = {one.id for one in found if one.kind == "volume" and not one.spec.get("host")}
        resources = [one for one in found if not {one.id, one.spec.get("volume")} & unplaced]
        secret = {kind.name: [n for n, field in kind.stored.items() if field.secret] for kind in KINDS.values()}
        hosts = [one.id for one in resources if one.kind == "host"]
        return {
            "installation": tx.installation(),
            "resources": {
                one.id: (
                    one.kind,
                    one.name,
                    one.scope,
                    one.owner,
                    one.created,
                    one.applyset,
                    one.parent,
                    {name: value for name, value in one.spec.items() if name not in secret[one.kind]},
                    {k: v for k, v in one.status.items() if k not in LOST},
                )
                for one in resources
            },
            "nics": tx.nics(),
            "taken": {one.id: tx.addresses(one.id) for one in resources if one.kind == "network"},
            "usage": (tx.usage(hosts), tx.storage_usage(hosts)),
        }


def states(lab: Lab) -> dict[str, t.Any]:
    return {url: host.state() for url, host in lab.hosts.items()}


def documents() -> list[Document]:
    """Of the sample cloud, without what holds nothing yet and what is for that."""
    return [one for one in sample.cloud() if NEVER_ATTACHED not in (one.name, one.spec.get("volume"))]


def rebuilt(lab: Lab, **how: t.Any) -> t.Any:
    """The database is lost and read back; the hosts are as before."""
    before = states(lab)
    lab.forget()
    report = lab.rebuild(**how)
    assert states(lab) == before
    return report


@pytest.fixture
def lab() -> t.Iterator[Lab]:
    with Lab() as made:
        made.must(*sample.cloud())
        yield made


def test_the_sample_cloud_comes_back(lab: Lab) -> None:
    before = stored(lab)
    report = rebuilt(lab)
    assert stored(lab) == before
    assert report.changed
    assert audit(lab) == []
    drift = lab.drift()
    assert (drift.entries, drift.warnings) == ([], [])


def test_the_documents_then_change_nothing(lab: Lab) -> None:
    rebuilt(lab)
    before = {url: len(host.calls) for url, host in lab.hosts.items()}
    assert not lab.must(*documents()).changed
    # Records had a policy for the volume that was never attached.
    assert {call for url, host in lab.hosts.items() for call in host.calls[before[url] :]} == {"put_record"}
    for host in lab.hosts.values():
        host.calls.clear()
    assert not lab.must(*documents()).changed
    assert not [call for host in lab.hosts.values() for call in host.calls]


def test_an_empty_database_is_needed(lab: Lab) -> None:
    with pytest.raises(CairnError, match=r"^the database is not empty, it has affinity groups"):
        lab.rebuild()


def test_a_check_run_predicts_it_and_stores_nothing(lab: Lab) -> None:
    lab.forget()
    before = lab.path.read_bytes()
    predicted = lab.rebuild(check=True)
    assert lab.path.read_bytes() == before
    made = lab.rebuild()
    assert (predicted.counts(), predicted.warnings) == (made.counts(), made.warnings)
    assert [one.diff() for one in predicted.entries] == [one.diff() for one in made.entries]


def test_it_is_told_once_by_an_event(lab: Lab) -> None:
    rebuilt(lab)
    with lab.cloud() as cloud:
        (event,) = cloud.events()
    assert (event["action"], event["kind"]) == ("create", "cloud")
    assert event["message"].endswith("resources were read back from hosts")


def test_secrets_are_named_and_known_again_by_their_documents(lab: Lab) -> None:
    told = rebuilt(lab).warnings
    assert "user data 'hello': its user_data is secret and not read back; apply its document" in told
    assert "instance 'web2': its user_data is secret and not read back; apply its document" in told
    lab.must(*documents())
    with lab.store() as store, store.reading() as tx:
        (web2,) = tx.named("instance", "web2")
    assert "secret-word" in web2.spec["user_data"]
    assert "digests" not in web2.status


def test_another_secret_is_a_change(lab: Lab) -> None:
    rebuilt(lab)
    report = lab.must(doc("user_data", "hello", user_data="another"), whole=False)
    assert report.counts()["update"] == 1
    assert not lab.must(doc("user_data", "hello", user_data="another"), whole=False).changed


def test_a_guest_is_not_made_anew_without_its_user_data(lab: Lab) -> None:
    rebuilt(lab)
    for name, whose in (("web1", "user data 'hello'"), ("web2", "instance 'web2'")):
        lab.must_refuse(
            doc("instance", name, state="restored"),
            f"that of {whose} was not read back from the hosts; apply its document first",
        )
    lab.must_refuse(doc("instance", "more", user_data_name="hello", networks=["net1"], template="tiny",
                        service_offering="small"), "that of user data 'hello' was not read back")  # fmt: skip
    lab.must(doc("user_data", "hello", user_data="#cloud-config\nhostname: secret-word\n"), whole=False)
    lab.must(doc("instance", "web1", state="restored", force=True), whole=False)


def test_new_cards_and_addresses_are_nobodys(lab: Lab) -> None:
    rebuilt(lab)
    lab.must(doc("instance", "more", networks=["net1"], template="tiny", service_offering="small"), whole=False)
    with lab.store() as store, store.reading() as tx:
        nics = tx.nics()
    assert len({nic.mac for nic in nics}) == len({(nic.network, nic.ip) for nic in nics if nic.ip}) + 1 == len(nics)
    assert audit(lab) == []


def test_what_single_tasks_did_to_hosts_is_kept_at_once(lab: Lab) -> None:
    """No apply of everything has to come after them."""
    lab.must(doc("network", "late", network_offering="shared", cidr="10.9.0.0/24"), whole=False)
    lab.must(doc("instance", "late", networks=["late"], template="tiny", service_offering="small"), whole=False)
    lab.must(doc("volume", "data", state="detached"), whole=False)
    lab.must(doc("volume_snapshot", "after", volume="data"), whole=False)
    lab.must(doc("instance", "db", state="absent"), whole=False)
    before = stored(lab)
    rebuilt(lab)
    assert stored(lab) == before
    assert audit(lab) == []


def test_a_record_is_brought_up_to_date_by_the_next_apply_without_a_change(lab: Lab) -> None:
    lab.must(doc("service_offering", "unused", cpu_number=3, memory=64), whole=False)
    more = [*sample.cloud(), doc("service_offering", "unused", cpu_number=3, memory=64)]
    assert not lab.must(*more).changed
    before = stored(lab)
    rebuilt(lab)
    assert stored(lab) == before


def test_a_full_storage_keeps_nobody_from_making_room(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: t.Any) -> t.NoReturn:
        raise DriverError("no room")

    where = lab.one("instance", "web1")["host"]
    monkeypatch.setattr(ModelHost, "put_record", full)
    result = lab.apply(doc("instance", "web1", state="absent"), whole=False)
    told = f"primary storage 'ps1': cannot write down the cloud on host {where}: no room"
    assert [error.sentence for error in result.errors] == [told]
    names = {domain.name for domain in lab.host(f"test:///{where}").domains.values()}
    assert not [name for name in names if name.startswith("web1-")]


def test_the_last_of_several_writes_what_all_have_stored(lab: Lab) -> None:
    """Another process stores something between the moment when this one plans its record and writes it."""

    def interfere(call: str) -> None:
        if call == "put_record" and not more:
            more.append(call)
            lab.must(doc("instance", "db", display_name="meanwhile"), whole=False)

    more: list[str] = []
    for host in lab.hosts.values():
        host.watch = interfere
    lab.must(doc("volume_snapshot", "later", volume="data"), whole=False)
    assert more
    before = stored(lab)
    rebuilt(lab)
    assert stored(lab) == before


def test_hosts_that_are_missing_are_refused_or_left_out(lab: Lab) -> None:
    lab.forget()
    with pytest.raises(CairnError, match=r"^hosts of the cloud are not named: 'h2' \(test:///h2\);"):
        lab.rebuild("test:///h1")
    report = lab.rebuild("test:///h1", partial=True)
    assert "host 'h2' (test:///h2) was not named; nothing on it is read back" in report.warnings
    assert {one["host"] for one in lab.read("instance")} == {"h1"}
    # Groups had the addresses of their instances on the other host.
    assert {entry.kind for entry in lab.drift().entries} == {"security_group"}


def test_a_host_that_does_not_answer_is_named(lab: Lab) -> None:
    lab.forget()
    lab.lost.add("test:///h2")
    with pytest.raises(CairnError, match="host test:///h2 does not answer"):
        lab.rebuild()


def test_foreign_objects_are_ignored_and_unknown_ones_of_ours_named(lab: Lab) -> None:
    host = lab.host("test:///h1")
    host.domains["f"] = DomainSeen("f", "foreign", owned=False, active=True)
    shape = next(one.shape for one in host.domains.values() if one.shape is not None)
    stray = dc.replace(shape, id="s", name="stray", cards=(Card("06:ff:ff:00:00:01", "x"),))
    host.domains["s"] = DomainSeen("s", "stray", owned=True, active=False, shape=stray)
    told = rebuilt(lab).warnings
    assert "host test:///h1: domain 'stray' is not in its record and is left alone" in told
    assert not [one for one in told if "foreign" in one]


def damage(host: ModelHost) -> None:
    host.texts = dict.fromkeys(host.texts, "damaged")


def lose(host: ModelHost) -> None:
    for files in host.files.values():
        for name in [name for name in files if is_record(name)]:
            del files[name]


def stop(host: ModelHost) -> None:
    host.pools = {ident: dc.replace(pool, active=False) for ident, pool in host.pools.items()}


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (damage, "in pool 'ps1-.*' cannot be read: it is damaged; bring it back from a backup"),
        (lose, "it has objects of a cloud and no record of it; see that its pools are started"),
        (stop, "it has objects of a cloud and no record of it; see that its pools are started"),
    ],
)
def test_a_host_without_its_record_is_named(lab: Lab, spoil: t.Callable[[ModelHost], None], sentence: str) -> None:
    lab.forget()
    spoil(lab.host("test:///h2"))
    with pytest.raises(CairnError, match=f"^host test:///h2: .*{sentence}"):
        lab.rebuild()


def test_an_empty_host_of_the_cloud_is_no_obstacle() -> None:
    with Lab() as lab:
        elsewhere = [doc("zone", "z2"), doc("pod", "p2", zone="z2"), doc("cluster", "c2", zone="z2")]
        bare = doc("host", "bare", url="test:///bare", zone="z2", pod="p2", cluster="c2")
        lab.must(*(dc.replace(one, spec={"zone": "z1"} | one.spec) if "zone" in one.kind.stored else one
                   for one in sample.foundation()), *elsewhere, bare)  # fmt: skip
        lab.host("test:///bare")
        assert "host test:///bare: it has nothing of this cloud" in rebuilt(lab).warnings


def test_two_clouds_are_told_apart(lab: Lab) -> None:
    """One machine has a host of each of two clouds."""
    with Lab() as other:
        with other.store() as store, store.transaction(commit=True) as tx:
            tx.restore(Installation("another", 9), [], [])
        other.must(*sample.foundation())
        theirs, host = other.host(), lab.host("test:///h1")
        path = "/var/lib/other"
        for ident, pool in theirs.pools.items():
            host.pools[f"x{ident}"] = dc.replace(pool, shape=dc.replace(pool.shape, id=f"x{ident}", path=path))
        host.files[path] = next(iter(theirs.files.values()))
        host.texts |= theirs.texts
    before = stored(lab)
    lab.forget()
    with pytest.raises(CairnError, match=r"^the hosts have records of several installations: .*another \(test:///h1\)"):
        lab.rebuild()
    lab.rebuild(installation=before["installation"].id)
    assert stored(lab) == before


@given(data=st.data())
@settings(max_examples=stated(300), suppress_health_check=[HealthCheck.too_slow])
def test_random_clouds_come_back(data: st.DataObject) -> None:
    with Lab() as lab:
        wish = data.draw(clouds())
        lab.must(*wish.documents(), applyset="all")
        if data.draw(st.booleans()):
            lab.must(*data.draw(edits(wish)).documents(), removing=True, applyset="all")
        before = stored(lab)
        rebuilt(lab)
        assert stored(lab) == before
        assert audit(lab) == []
        assert not lab.drift().changed


def test_an_instance_that_has_moved_is_on_its_way_no_more() -> None:
    """Its new host's record was written when it set out."""
    with Lab() as lab:
        lab.must(*sample.foundation(2), sample.web(host="h1"), doc("volume", "data", size=3, vm="web1"))
        lab.must(doc("instance", "web1", host="h2"))
        before = stored(lab)
        rebuilt(lab)
        assert stored(lab) == before
        assert audit(lab) == []
        assert not lab.drift().changed


def test_a_guest_is_not_set_back_to_memory_that_it_went_on_from(lab: Lab) -> None:
    """Whether it has done so is not in the record, and it is not stopped to find out."""
    lab.must(doc("instance_snapshot", "warm", vm="web1", snapshot_memory=True), whole=False)
    lab.must(doc("instance_snapshot", "warm", vm="web1", state="revert", force=True), whole=False)
    before = stored(lab)
    rebuilt(lab)
    assert stored(lab) == before
    assert audit(lab) == []
    assert not lab.drift().changed


@functools.cache
def kept() -> Lab:
    """A cloud that has something of everything, with its records."""
    made = Lab()
    made.must(*sample.cloud())
    made.must(doc("instance_snapshot", "warm", vm="web1", snapshot_memory=True), whole=False)
    made.must(*sample.cloud())
    return made


@given(data=st.data())
@settings(max_examples=stated(400), suppress_health_check=[HealthCheck.too_slow])
def test_a_record_that_no_cloud_wrote_is_refused_in_a_sentence(data: st.DataObject) -> None:
    """Or it is a cloud that the engine can work with."""
    with kept().copy() as lab:
        lab.forget()
        host = lab.hosts[data.draw(st.sampled_from(sorted(lab.hosts)))]
        name = data.draw(st.sampled_from(sorted(host.texts)))
        forged.put(host, name, data.draw(forged.changes(forged.read(host, name))))
        with contextlib.suppress(CairnError):
            lab.rebuild()
            lab.drift()


def test_isolated_networks_come_back_with_their_routers() -> None:
    with Lab() as made:
        made.must(*routed.routed())
        before = stored(made)
        rebuilt(made)
        after = stored(made)
        # What holds a public address, or that of a client, is no machine's card, and gets another MAC.
        held = {one.id for one in _addresses(made)}
        for one in (before, after):
            one["nics"] = [dc.replace(nic, mac="") if nic.instance in held else nic for nic in one["nics"]]
        assert after == before
        assert not made.must(*routed.routed()).changed
        assert not made.drift().changed


def _addresses(lab: Lab) -> list[t.Any]:
    with lab.store() as store, store.reading() as tx:
        return tx.select("ip_address", "vpn_user")
