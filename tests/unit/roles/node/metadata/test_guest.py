# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program reads what the engine writes: domains, networks and seeds built by its own drivers."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import guest
import pytest
import seed

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import domain_xml, network_xml
from support.wanted import MAC, NET, WEB, changed, desired, ident, on_host

PORT, ADDRESS = "vnet3", "10.0.0.2"
OFFERING = ident("network_offering", "shared")


def running(*changes: Resource) -> tuple[str, str, dict[str, bytes]]:
    """The XML of a running domain, that of its network, and the files of its seed."""
    host = on_host(desired(None, *changes))
    (domain,), (network,), (wanted,) = host.domains, host.networks, host.seeds
    root = ET.fromstring(domain_xml.build(domain.shape))
    card = root.find("devices/interface")
    assert card is not None
    ET.SubElement(card, "target", dev=PORT)
    xml = ET.tostring(root, encoding="unicode")
    return xml, network_xml.build(network), seed.files(build_seed(wanted.files))


def known(*changes: Resource) -> guest.Guest:
    xml, network, files = running(*changes)
    found = guest.domain(xml)
    assert found is not None
    return guest.guest(found, files, {NET: guest.subnet(network)})


def test_what_is_known_of_an_instance() -> None:
    found = known(changed(WEB, user_data="#!/bin/sh\necho ä\n"))
    assert found == guest.Guest(
        instance_id=f"{WEB}-0",
        hostname="web.example.org",
        cards=(guest.Card(MAC, ADDRESS, 0, "10.0.0.0/24"),),
        public_keys=("ssh-ed25519 AAAA",),
        user_data="#!/bin/sh\necho ä\n".encode(),
        offering="small",
        template="tiny",
        zone="z1",
    )


def test_an_instance_without_user_data_has_none() -> None:
    assert known().user_data is None


@pytest.mark.parametrize(("port", "mac"), [("vnet33", MAC), ("vnet", MAC), (PORT, "06:00:00:00:00:09")])
def test_a_card_has_both_port_and_mac(port: str, mac: str) -> None:
    xml, _network, _files = running()
    assert guest.network_at(xml, PORT, MAC) == "net-" + NET[:8]
    assert guest.network_at(xml, port, mac) is None


def test_a_domain_that_is_not_ours_or_has_another_cd_is_none() -> None:
    xml, _network, _files = running()
    assert guest.domain(xml.replace("https://cairn.cloud/", "https://example.com/")) is None
    assert guest.domain(xml.replace(f"seed-{WEB}", f"seed-{NET}")) is None
    assert guest.domain(xml.replace('dev="hda"', 'dev="hdb"')) is None


def test_a_network_serves_a_leased_address_on_its_bridge() -> None:
    _xml, network, _files = running()
    bridge = network_xml.read(network).bridge
    assert guest.serves(network, bridge, MAC, ADDRESS)
    assert not guest.serves(network, "virbr0", MAC, ADDRESS)
    assert not guest.serves(network, bridge, MAC, "10.0.0.3")
    assert not guest.serves(network, bridge, "06:00:00:00:00:09", ADDRESS)
    assert not guest.serves(network.replace("https://cairn.cloud/", "https://example.com/"), bridge, MAC, ADDRESS)


@pytest.mark.parametrize("value", [False, None])
def test_a_network_whose_offering_has_it_not_serves_nobody(value: bool | None) -> None:
    _xml, network, _files = running(changed(OFFERING, user_data=value))
    assert not guest.serves(network, network_xml.read(network).bridge, MAC, ADDRESS)
