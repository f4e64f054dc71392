# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Records say the same again when they are read, and nothing secret."""

from __future__ import annotations

import dataclasses as dc
import hashlib
import json
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import is_record
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.record import (
    DIGESTS,
    Common,
    Installation,
    Records,
    Written,
    content,
    host_of,
    learnt_fields,
    read,
    secret_text,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Owner, Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import RecordWanted
from support.wanted import H1, NICS, PS, WEB, Z1, changed, ident, made, small

CLOUD = Installation("cloud-1", 7)
NOW = Written("2026-01-01T00:00:00Z", 5)
H2 = ident("host", "h2")


def second_host() -> Resource:
    return made("host", "h2", zone=Z1, cluster="c1", url="test:///h2")


def records(*resources: Resource, digest: t.Callable[[str], str] = str.upper) -> Records:
    there = (small() | {one.id: one for one in resources}).values()
    return Records(Common(CLOUD, there, digest), there, NICS)


def of(host: str, made_: Records) -> RecordWanted:
    found = made_.of(host)
    assert found is not None
    return found


def reread(record: RecordWanted) -> t.Any:
    return read(content(record, NOW), record.name)


def test_a_record_has_what_is_on_its_host_and_what_is_on_none() -> None:
    elsewhere = made("instance", "elsewhere", zone=Z1, host=H2)
    found = reread(of(H1, records(second_host(), elsewhere)))
    assert {one.id for one in (*found.shared, *found.own)} == small().keys()
    assert all(host_of(one) == H1 for one in found.own)
    assert {one.id: one for one in found.own}[WEB] == small()[WEB]
    assert (found.host, found.installation, found.written) == (H1, CLOUD, NOW)
    assert found.nics == NICS[WEB]
    assert found.hosts == {H1: ("h1", "test:///h1"), H2: ("h2", "test:///h2")}


def test_owners_parents_and_sets_are_kept() -> None:
    owned = dc.replace(small()[WEB], owner=Owner("ROOT", "alice", "p"), applyset="s", parent=H1, created="then")
    assert {one.id: one for one in reread(of(H1, records(owned))).own}[WEB] == owned


def test_the_name_follows_from_what_is_kept_and_not_from_when() -> None:
    name = of(H1, records()).name
    assert is_record(name, H1)
    assert of(H1, records()).name == name
    assert of(H1, records(changed(WEB, power="Stopped"))).name != name
    assert of(H1, records(made("service_offering", "unused"))).name != name
    elsewhere = records(second_host(), made("instance", "elsewhere", zone=Z1, host=H2))
    assert of(H1, elsewhere).name == of(H1, records(second_host())).name


@pytest.mark.parametrize(
    ("kind", "status", "spec"),
    [
        ("primary_storage", {"hosts": {H1: {"capacity": 1}}, "marked": True}, {"zone": Z1, "storage_url": "file:///x"}),
        ("volume_snapshot", {"taken": True, "quiesced": False, "told": {"keys": [], "password": 0}}, {"host": H1}),
        ("volume", {"extracted": {"sha256": "0"}, "copied": 1}, {"host": H1}),
        ("template", {"size": 1, "physical_size": 1, "sha256": "0"}, {"source": WEB}),
    ],
)
def test_what_is_learnt_by_looking_makes_no_other_record(
    kind: str, status: dict[str, t.Any], spec: dict[str, t.Any]
) -> None:
    plain = made(kind, "one", **spec)
    assert set(learnt_fields(plain)) == status.keys()
    assert of(H1, records(plain.with_status(**status))).name == of(H1, records(plain)).name


def test_facts_of_an_image_that_was_fetched_are_kept() -> None:
    assert learnt_fields(made("template", "one", url="file:///x")) == ()


def test_of_a_secret_there_is_a_digest_until_it_is_known_again() -> None:
    secret = of(H1, records(changed(WEB, user_data="secret-word"), digest=lambda text: f"<{len(text)}>"))
    assert "secret-word" not in secret.body
    found = {one.id: one for one in reread(secret).own}[WEB]
    assert found.status == {DIGESTS: {"user_data": f"<{len(secret_text(WEB, 'user_data', 'secret-word'))}>"}}
    again = records(found, digest=lambda text: "never asked")
    assert of(H1, again).name == secret.name


def test_two_resources_with_one_secret_have_two_digests() -> None:
    assert secret_text("a", "password", "x") != secret_text("b", "password", "x")


def test_what_is_being_removed_and_what_has_no_place_is_not_kept() -> None:
    going, unplaced = changed(WEB, removing=True), made("volume", "unplaced", zone=Z1, size=1)
    assert reread(of(H1, records(going, unplaced))).nics == ()
    assert not {WEB, unplaced.id} & {one.id for one in reread(of(H1, records(going, unplaced))).own}


def test_it_is_kept_on_the_storage_that_was_there_first() -> None:
    other = dc.replace(made("primary_storage", "a", zone=Z1, storage_url="file:///a"), created="2027")
    assert of(H1, records(other)).pool == PS
    assert of(H1, records(changed(PS, removing=True), other)).pool == other.id


def test_a_host_without_storage_keeps_none() -> None:
    assert records(changed(PS, removing=True)).of(H1) is None
    assert records(changed(H1, removing=True)).of(H1) is None
    assert records().of("nobody") is None


def damaged() -> t.Iterator[tuple[str, str]]:
    record = of(H1, records())
    text = content(record, NOW)
    head, common, own = text.splitlines()
    yield "", record.name
    yield "no JSON\n" * 3, record.name
    yield "[]\n[]\n[]\n", record.name
    yield f"{head}\n{common}\n", record.name
    yield text.replace("web", "evil"), record.name
    yield text, record.name.replace(H1, H2)
    yield f"{json.dumps({'format': 1})}\n{common}\n{own}\n", record.name


@pytest.mark.parametrize(("text", "name"), list(damaged()))
def test_a_damaged_record_is_refused(text: str, name: str) -> None:
    with pytest.raises(ValueError, match="it is damaged"):
        read(text, name)


def test_a_record_of_a_later_release_is_refused() -> None:
    record = of(H1, records())
    with pytest.raises(ValueError, match="a later release wrote it"):
        read(content(record, NOW).replace('"format":1', '"format":2'), record.name)


@pytest.mark.parametrize("number", [-1, 1 << 16, 1 << 70, True, 0.5, "1"])
def test_an_installation_has_a_number_that_macs_have_room_for(number: t.Any) -> None:
    head, common, own = content(of(H1, records()), NOW).splitlines()
    parts = json.loads(common)
    parts["installation"][1] = number
    body = f"{json.dumps(parts)}\n{own}\n"
    name = f"record-{H1}-{hashlib.sha256(body.encode()).hexdigest()[:16]}.jsonl"
    with pytest.raises(ValueError, match="it is damaged"):
        read(f"{head}\n{body}", name)
