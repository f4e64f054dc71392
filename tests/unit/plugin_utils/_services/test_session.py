# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What documents refer to is looked up within reach of their owner."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Owner
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.session import owner_of, scope_key
from support.lab import Lab
from support.lab import document as doc


def test_owners() -> None:
    assert owner_of(doc("instance", "i")) == Owner("ROOT", "admin", "")
    assert owner_of(doc("instance", "i", domain="d", account="a", project="p")) == Owner("d", "a", "p")


def test_a_name_is_unique_within_its_scope() -> None:
    assert scope_key(KINDS["zone"], {}, Owner()) == ""
    assert scope_key(KINDS["pod"], {"zone": "z"}, Owner()) == "zone=z"
    assert scope_key(KINDS["instance"], {"zone": "z"}, Owner("d", "a", "p")) == "zone=z;owner=d/a/p"


def test_references_take_a_name_or_an_id(founded: Lab) -> None:
    ident = founded.one("network", "net1")["id"]
    founded.must(doc("instance", "one", networks=["net1", ident]))
    assert founded.one("instance", "one")["networks"] == ["net1"]


def test_an_id_of_another_kind_is_not_found(founded: Lab) -> None:
    ident = founded.one("zone", "z1")["id"]
    told = founded.refusal(doc("instance", "one", networks=[ident]))
    assert told == f"instance 'one', field networks: network '{ident}' not found; make it first, or mend the name"


def test_what_others_own_is_out_of_reach(founded: Lab) -> None:
    mine = doc("network", "mine", account="bob", network_offering="shared", cidr="10.5.0.0/24")
    founded.must(mine)
    assert "network 'mine' not found" in founded.refusal(doc("instance", "one", networks=["mine"]))
    key = doc("ssh_key", "k", account="bob", public_key="ssh-rsa AAAA")
    founded.must(key, doc("ssh_key", "k", public_key="ssh-rsa BBBB"))
    assert len(founded.read("ssh_key")) == 2


def test_what_is_in_another_zone_is_out_of_reach(founded: Lab) -> None:
    founded.must(doc("zone", "z2"))
    founded.must(doc("network", "far", zone="z2", network_offering="shared", cidr="10.5.0.0/24"))
    told = founded.refusal(doc("instance", "one", zone="z1", networks=["far"]))
    assert told == "instance 'one', field networks: network 'far' not found; make it first, or mend the name"


def test_names_that_several_have_are_to_be_told_apart(founded: Lab) -> None:
    founded.must(doc("zone", "z2"))
    for zone in ("z1", "z2"):
        founded.must(doc("physical_network", "cable", zone=zone))
    told = founded.refusal(doc("traffic_type", "Guest", physical_network="cable"))
    assert told == (
        "traffic type 'Guest', field physical_network: there are several physical networks 'cable'; name one by its id"
    )


def test_a_database_that_lost_a_row_says_so(founded: Lab) -> None:
    from ansible_collections.cairn.cloud.plugins.plugin_utils._services.session import Session
    from support.model_images import ModelKeys

    with founded.store() as store, store.reading() as tx:
        session = Session(tx, str, str, ModelKeys(), str)
        with pytest.raises(CairnError, match="names a resource nope that it does not have; restore it from a backup"):
            session.one("nope")
