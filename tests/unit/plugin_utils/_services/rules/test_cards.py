# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Network cards take addresses, keep them, and give them back."""

from __future__ import annotations

import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc


def web(name: str = "new", /, **fields: t.Any) -> Document:
    return doc("instance", name, **{"service_offering": "small", "networks": ["net1"]} | fields)


def test_addresses_run_out_and_come_back(founded: Lab) -> None:
    few = doc("network", "few", network_offering="shared", cidr="10.9.9.0/29")
    founded.must(few, *(web(f"i{n}", networks=["few"]) for n in range(5)))
    assert founded.refusal(web("i5", networks=["few"])) == (
        "instance 'i5', field networks: all 5 addresses of network 'few' are taken; add a VLAN IP range"
    )
    freed = founded.one("instance", "i2")["default_ip"]
    founded.must(web("i2", state="absent"))
    founded.must(web("i5", networks=["few"]))
    assert founded.one("instance", "i5")["default_ip"] == freed
    assert audit(founded) == []


def test_cards_that_fit_are_kept(cloud: Lab) -> None:
    before = {card["network"]: card for card in cloud.one("instance", "web2")["nic"]}
    cloud.must(doc("instance", "web2", networks=["net1"], force=True))
    (card,) = cloud.one("instance", "web2")["nic"]
    assert card == before["net1"]
    cloud.must(doc("instance", "web2", ip_address="10.1.1.77", force=True))
    (card,) = cloud.one("instance", "web2")["nic"]
    assert (card["ip_address"], card["mac_address"] != before["net1"]["mac_address"]) == ("10.1.1.77", True)
    assert audit(cloud) == []


def test_instances_exchange_their_addresses(founded: Lab) -> None:
    founded.must(web("one", ip_address="10.1.1.10"), web("two", ip_address="10.1.1.11"))
    assert "10.1.1.11 is taken by instance 'two'" in founded.refusal(doc("instance", "one", ip_address="10.1.1.11",
                                                                        force=True))  # fmt: skip
    founded.must(doc("instance", "two", ip_address="10.1.1.12", force=True))
    founded.must(doc("instance", "one", ip_address="10.1.1.11", force=True))
    assert audit(founded) == []
