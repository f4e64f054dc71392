# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Addresses, network cards and room on hosts are given out once, and come back."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import Conflict, DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.record import Installation
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import SqlStore
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.tables import installation

from .conftest import Make


@pytest.fixture
def net(store: SqlStore, make: Make) -> Resource:
    """A network with the addresses 10.0.0.9 to 10.0.0.11, which text sorts otherwise than numbers do."""
    network = make("network", "net")
    with store.transaction(commit=True) as tx:
        tx.insert(network)
        tx.add_addresses(network.id, "range", ["10.0.0.11", "10.0.0.9", "10.0.0.10"])
    return network


def test_the_lowest_free_address_is_taken(store: SqlStore, net: Resource) -> None:
    with store.transaction(commit=True) as tx:
        assert tx.take_address(net.id) == "10.0.0.9"
        assert tx.take_address(net.id, "10.0.0.10") == "10.0.0.10"
        assert tx.addresses(net.id) == (3, 2)
        assert tx.take_address(net.id) == "10.0.0.11"
        assert tx.take_address(net.id) is None
        tx.release_address(net.id, "10.0.0.10")
        assert tx.take_address(net.id) == "10.0.0.10"
    with store.reading() as tx:
        assert tx.addresses(net.id) == (3, 3)
        assert tx.addresses("other") == (0, 0)


def test_a_wanted_address_is_taken_once(store: SqlStore, net: Resource) -> None:
    with store.transaction(commit=True) as tx:
        assert tx.take_address(net.id, "10.0.0.10") == "10.0.0.10"
        assert tx.take_address(net.id, "10.0.0.10") is None
        assert tx.take_address(net.id, "10.0.0.99") is None
        assert tx.take_address("other") is None
        assert tx.has_address(net.id, "10.0.0.10")
        assert not tx.has_address(net.id, "10.0.0.99")


def test_overlapping_ranges_add_nothing(store: SqlStore, net: Resource) -> None:
    with store.transaction(commit=True) as tx:
        with pytest.raises(Conflict, match=r"hands out 10\.0\.0\.11 already; give a range without it"):
            tx.add_addresses(net.id, "second", ["10.0.0.11", "10.0.0.12"])
        assert tx.addresses(net.id) == (3, 0)
        tx.add_addresses(net.id, "second", [])
        tx.add_addresses(net.id, "second", ["10.0.0.1"])
        assert tx.take_address(net.id) == "10.0.0.1"


def test_a_range_in_use_is_not_dropped(store: SqlStore, net: Resource) -> None:
    with store.transaction(commit=True) as tx:
        tx.take_address(net.id, "10.0.0.11")
        tx.take_address(net.id, "10.0.0.9")
        assert tx.drop_addresses("range") == ["10.0.0.9", "10.0.0.11"]
        assert tx.addresses(net.id) == (3, 2)
        tx.release_address(net.id, "10.0.0.11")
        tx.release_address(net.id, "10.0.0.9")
        assert tx.drop_addresses("range") == []
        assert tx.addresses(net.id) == (0, 0)


def test_addresses_end_with_their_network_or_range(store: SqlStore, net: Resource, make: Make) -> None:
    second = make("vlan_ip_range", "10.0.1.1")
    with store.transaction(commit=True) as tx:
        tx.insert(second)
        tx.add_addresses(net.id, second.id, ["10.0.1.1"])
        tx.delete(second.id)
        assert tx.addresses(net.id) == (3, 0)
        tx.delete(net.id)
        assert tx.addresses(net.id) == (0, 0)


def test_cards_have_macs_of_their_own(store: SqlStore, net: Resource, make: Make) -> None:
    one, two = make("instance", "vm1"), make("instance", "vm2")
    with store.transaction(commit=True) as tx:
        tx.insert(one)
        tx.insert(two)
        cards = [
            tx.add_nic(one.id, net.id, 0, tx.take_address(net.id)),
            tx.add_nic(one.id, "l2", 1, None),
            tx.add_nic(two.id, net.id, 0, tx.take_address(net.id)),
        ]
    with store.reading() as tx:
        assert tx.nics() == cards
        assert tx.nics([two.id]) == [cards[2]]
        assert tx.nics(network="l2") == [cards[1]]
        assert tx.nics([]) == []
    assert cards[0] == Nic(one.id, net.id, 0, cards[0].mac, "10.0.0.9")
    serials = [int(card.mac.replace(":", ""), 16) & 0xFFFFFF for card in cards]
    assert serials == [1, 2, 3]
    assert len({card.mac[:8] for card in cards}) == 1
    assert cards[0].mac.startswith("06:")


def test_a_dropped_card_frees_its_address_and_not_its_mac(store: SqlStore, net: Resource, make: Make) -> None:
    instance = make("instance", "vm")
    with store.transaction(commit=True) as tx:
        tx.insert(instance)
        first = tx.add_nic(instance.id, net.id, 0, tx.take_address(net.id))
        tx.drop_nic(first)
        assert tx.addresses(net.id) == (3, 0)
        second = tx.add_nic(instance.id, net.id, 0, tx.take_address(net.id))
        assert second.ip == first.ip
        assert second.mac != first.mac
        tx.mark_removing(instance.id)
        assert tx.addresses(net.id) == (3, 1)
        tx.delete(instance.id)
        assert tx.addresses(net.id) == (3, 0)
        assert tx.nics() == []


def test_the_last_mac(store: SqlStore, make: Make) -> None:
    instance = make("instance", "vm")
    with store.transaction(commit=True) as tx:
        tx.insert(instance)
        tx._connection.execute(update(installation).values(cards=(1 << 24) - 2))
        assert tx.add_nic(instance.id, "n", 0, None).mac.endswith(":ff:ff:ff")
        with pytest.raises(DriverError, match=r"beyond the 16777215 .*; move to a new installation"):
            tx.add_nic(instance.id, "n", 1, None)


def test_room_is_counted_by_host_and_storage(store: SqlStore, make: Make) -> None:
    one, two, volume = make("instance", "vm1"), make("instance", "vm2"), make("volume", "root")
    with store.transaction(commit=True) as tx:
        for resource in (one, two, volume):
            tx.insert(resource)
        tx.allocate(one.id, "h1", cpus=2, memory=1024)
        tx.allocate(two.id, "h1", cpus=1, memory=512)
        tx.allocate(volume.id, "h2", "s1", size=1 << 40)
        assert tx.usage() == {"h1": (3, 1536), "h2": (0, 0)}
        assert tx.usage(["h1", "h3"]) == {"h1": (3, 1536)}
        assert tx.storage_usage() == {("h2", "s1"): 1 << 40}
        assert tx.storage_usage(["h1"]) == {}
        tx.allocate(one.id, "h2", cpus=4, memory=2048)
        assert tx.usage() == {"h1": (1, 512), "h2": (4, 2048)}
        tx.delete(one.id)
        tx.delete(volume.id)
        assert tx.usage() == {"h1": (1, 512)}
        assert all(isinstance(cpus, int) for cpus, _memory in tx.usage().values())


def test_what_check_mode_foretells_is_what_is_taken(store: SqlStore, net: Resource, make: Make) -> None:
    instance = make("instance", "vm")

    def run(commit: bool) -> Nic:
        with store.transaction(commit=commit) as tx:
            tx.insert(instance)
            return tx.add_nic(instance.id, net.id, 0, tx.take_address(net.id))

    foretold = run(False)
    assert run(False) == foretold
    assert run(True) == foretold


def test_a_database_becomes_that_of_another_installation(store: SqlStore, net: Resource, make: Make) -> None:
    known, instance = Installation("cloud-1", 7), make("instance", "web")
    card = Nic(instance.id, net.id, 0, "06:00:07:00:00:05", "10.0.0.9")
    foreign = ["06:00:07:00:00:06", "06:00:08:00:00:99", "52:54:00:00:00:ff"]
    with store.transaction(commit=True) as tx:
        assert tx.installation() != known
        tx.insert(instance)
    with store.transaction(commit=True) as tx:
        tx.restore(known, [card], foreign)
    with store.transaction(commit=True) as tx:
        assert tx.installation() == known
        assert tx.nics() == [card]
        assert tx.add_nic(instance.id, net.id, 1, None).mac == "06:00:07:00:00:07"
