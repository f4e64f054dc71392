# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a transaction keeps of resources is what it gives back, and names are unique where they should be."""

from __future__ import annotations

import dataclasses as dc

import pytest
import sqlalchemy as sa

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import Conflict, DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Owner
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore

from .conftest import Make, Open

OTHER_KEY = b"ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="


def test_a_resource_comes_back_as_it_was(store: SqlStore, make: Make) -> None:
    whole = make(
        "instance",
        "web1",
        spec={"display_name": "ünïcode \u2028 'quotes\"", "cpu": 4, "networks": ["n1"], "tags": {}, "host": None},
        status={"ratio": 1.5, "deep": {"list": [1, None, True]}},
        owner=Owner("ROOT/dev", "ann", "blue"),
        scope="zone",
        created="2026-01-01T00:00:00Z",
        applyset="demo",
        parent="p",
    )
    with store.transaction(commit=True) as tx:
        tx.insert(whole)
        assert tx.get(whole.id) == whole
    with store.reading() as tx:
        assert tx.get(whole.id) == whole
        assert tx.find("instance", "zone", "web1") == whole
        assert tx.named("instance", "web1") == [whole]
        assert tx.get("nobody") is None
        assert tx.find("instance", "other", "web1") is None
        assert tx.find("volume", "zone", "web1") is None


def test_a_name_is_taken_within_its_kind_and_scope(store: SqlStore, make: Make) -> None:
    with store.transaction(commit=True) as tx:
        tx.insert(make("network", "net", scope="a"))
        tx.insert(make("network", "net", scope="b"))
        tx.insert(make("instance", "net", scope="a"))
        with pytest.raises(Conflict, match="network 'net' exists already; choose another name"):
            tx.insert(make("network", "net", scope="a"))
        # The refusal did not end the transaction.
        assert [one.scope for one in tx.named("network", "net")] == ["a", "b"]
    with store.reading() as tx:
        assert len(tx.select()) == 3


def test_the_name_of_one_that_is_being_removed_is_free_at_once(store: SqlStore, make: Make) -> None:
    first, second, third = (make("zone", "z") for _number in range(3))
    with store.transaction(commit=True) as tx:
        for one in (first, second):
            tx.insert(one)
            tx.mark_removing(one.id)
        tx.insert(third)
        assert tx.find("zone", "", "z") == third
        assert tx.select("zone") == [third]
        assert [one.id for one in tx.select("zone", removing=True)] == [first.id, second.id]
        assert len(tx.select("zone", removing=None)) == 3
        assert tx.get(first.id) == dc.replace(first, removing=True)
        tx.delete(first.id)
        assert tx.get(first.id) is None


def test_select_filters_and_sorts(store: SqlStore, make: Make) -> None:
    ours = [make("volume", name, scope="z", parent="p", applyset="s") for name in ("Zeta", "alpha", "ROOT-1")]
    with store.transaction(commit=True) as tx:
        tx.insert(make("zone", "z"))
        for one in ours:
            tx.insert(one)
    with store.reading() as tx:
        assert [one.name for one in tx.select("volume")] == ["ROOT-1", "Zeta", "alpha"]
        assert [one.kind for one in tx.select()] == ["volume", "volume", "volume", "zone"]
        assert len(tx.select(parent="p")) == len(tx.select(applyset="s")) == 3
        assert tx.select("zone", parent="p") == []
        assert tx.select(ids=[]) == []
        many = [one.id for one in ours[:2]] * 2 + [f"missing-{number}" for number in range(40_000)]
        assert {one.id for one in tx.select(ids=many)} == {ours[0].id, ours[1].id}


def test_update_changes_all_but_the_id(store: SqlStore, make: Make) -> None:
    before = make("host", "h1", spec={"url": "a"}, scope="z")
    after = dc.replace(before, name="h2", spec={"url": "b"}, status={"up": True}, scope="y", owner=Owner("D"))
    with store.transaction(commit=True) as tx:
        tx.insert(before)
        tx.update(after)
    with store.reading() as tx:
        assert tx.select() == [after]


def test_update_of_one_that_is_gone_or_to_a_taken_name(store: SqlStore, make: Make) -> None:
    first, second = make("zone", "z1"), make("zone", "z2")
    with store.transaction(commit=True) as tx:
        tx.insert(first)
        with pytest.raises(Conflict, match="zone 'z2' is gone, it was removed meanwhile; run the task again"):
            tx.update(second)
        tx.insert(second)
    with pytest.raises(Conflict, match="zone 'z1' exists already"), store.transaction(commit=True) as tx:
        tx.update(dc.replace(second, name="z1"))


def test_references_follow_the_spec(store: SqlStore, make: Make) -> None:
    spec = {
        "zone": "z",
        "networks": ["n1", "n2"],
        "ip_to_networks": [{"network": "n3", "ip": "10.0.0.2"}],
        "display_name": "n4",
        "host": None,
    }
    instance = make("instance", "vm", spec=spec)
    with store.transaction(commit=True) as tx:
        tx.insert(instance)
        assert tx.referred([instance.id]) == {"z", "n1", "n2", "n3"}
        assert tx.referrers("n3") == [instance]
        assert tx.referrers("n4") == []
        changed = instance.with_spec(networks=["n2", "n5"], ip_to_networks=None)
        tx.update(changed)
        assert tx.referred([instance.id]) == {"z", "n2", "n5"}
        assert tx.referrers("n1") == []
        assert tx.referrers("n5") == [changed]
        tx.mark_removing(instance.id)
        assert tx.referrers("n5") == []
        tx.delete(instance.id)
        assert tx.referred([instance.id]) == set()


def stored_specs(url: str) -> str:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        return str(connection.execute(sa.text("SELECT CAST(spec AS TEXT) FROM resource ORDER BY id")).all())


def test_secrets_are_encrypted_in_the_database(store: SqlStore, open_: Open, url: str, make: Make) -> None:
    secret = make("user_data", "u", spec={"user_data": "password: hunter2"})
    with store.transaction(commit=True) as tx:
        tx.insert(secret)
        tx.insert(make("instance", "vm", spec={"display_name": "plain", "user_data": None}))
        assert tx.get(secret.id) == secret
        tx.update(secret.with_spec(user_data="password: hunter3"))
    assert "hunter" not in stored_specs(url)
    assert "plain" in stored_specs(url)
    with open_().reading() as tx:
        assert tx.select("user_data")[0].spec == {"user_data": "password: hunter3"}


def test_secrets_need_their_key(store: SqlStore, open_: Open, make: Make) -> None:
    with store.transaction(commit=True) as tx:
        tx.insert(make("user_data", "u", spec={"user_data": "x"}))
    without, other, broken = open_(secret_key=None), open_(secret_key=OTHER_KEY), open_(secret_key=b"short")
    another = make("user_data", "v", spec={"user_data": "y"})
    for keyless, problem in (
        (without, "no key was given; set secret_key_file"),
        (other, "encrypted with another key"),
        (broken, "not 32 bytes"),
    ):
        with pytest.raises(DriverError, match=problem), keyless.reading() as tx:
            tx.select("user_data")
        with pytest.raises(DriverError, match=problem), keyless.transaction(commit=True) as tx:
            tx.insert(another)
        with keyless.reading() as tx:
            assert tx.select("zone") == []


def test_a_key_is_found_by_its_digest(store: SqlStore, make: Make) -> None:
    keys = [make("api_key", name, status={"digest": name * 64}) for name in "ab"]
    with store.transaction(commit=True) as tx:
        for one in (*keys, make("zone", "c", status={"digest": "c" * 64})):
            tx.insert(one)
    with store.reading() as tx:
        assert [tx.api_key(name * 64) for name in "abc"] == [*keys, None]
    with store.transaction(commit=True) as tx:
        tx.mark_removing(keys[0].id)
    with store.reading() as tx:
        assert tx.api_key("a" * 64) is None
