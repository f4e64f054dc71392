# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Seeds: JSON that is YAML, in which hostile values stay inside."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.seed import (
    DEFAULT_USER_DATA,
    SeedNetwork,
    seed_files,
)

SHARED, L2 = SeedNetwork("10.0.0.1", "255.255.255.0", "example.org"), SeedNetwork(None, None, None)
MAC = "06:00:00:00:00:01"
WEB = Resource("id-1", "instance", "web1", {"revision": 2})

texts = st.text(st.characters(exclude_categories=["Cs"]))


def both(text: str) -> object:
    """What it is as JSON, and as YAML."""
    value = json.loads(text)
    assert yaml.safe_load(text) == value
    return value


@given(texts, st.lists(texts), texts)
@example("web", ["ssh-ed25519 AAAA \U0001f600\x7f\x85\u2028"], "")
def test_hostile_values_stay_inside(name: str, keys: list[str], domain: str) -> None:
    instance = Resource("id-1", "instance", name, {})
    networks = {"n": SeedNetwork("10.0.0.1", "255.255.255.0", domain)}
    files = seed_files(instance, keys, None, [Nic("id-1", "n", 0, MAC, "10.0.0.2")], networks)
    assert both(files["meta-data"]) == {
        "instance-id": "id-1-0",
        "local-hostname": f"{name}.{domain}" if domain else name,
        "public-keys": keys,
    }
    both(files["network-config"])


def test_user_data_is_as_it_was_given() -> None:
    assert seed_files(WEB, [], "#!/bin/sh\n", [], {})["user-data"] == "#!/bin/sh\n"
    for nothing in (None, ""):
        assert seed_files(WEB, [], nothing, [], {})["user-data"] == DEFAULT_USER_DATA
    assert yaml.safe_load(DEFAULT_USER_DATA) == {}


def test_a_root_volume_made_anew_is_another_instance_to_cloud_init() -> None:
    assert json.loads(seed_files(WEB, [], None, [], {})["meta-data"])["instance-id"] == "id-1-2"


@pytest.mark.parametrize(
    ("nic", "network", "card"),
    [
        (Nic("i", "n", 0, MAC, "10.0.0.2"), SHARED, {"dhcp4": True}),
        (Nic("i", "n", 1, MAC, "10.0.0.2"), SHARED, {"dhcp4": True, "dhcp4-overrides": {"use-routes": False}}),
        (Nic("i", "n", 0, MAC), L2, {"dhcp4": False, "optional": True}),
    ],
)
def test_cards(nic: Nic, network: SeedNetwork, card: dict[str, object]) -> None:
    config = both(seed_files(WEB, [], None, [nic], {"n": network})["network-config"])
    assert config == {
        "version": 2,
        "ethernets": {f"nic{nic.position}": {"match": {"macaddress": MAC}} | card},
    }


def test_the_first_domain_is_the_hosts() -> None:
    nics = [Nic("i", "l2", 0, MAC), Nic("i", "n", 1, MAC, "10.0.0.2")]
    meta = seed_files(WEB, [], None, nics, {"l2": L2, "n": SHARED})["meta-data"]
    assert json.loads(meta)["local-hostname"] == "web1.example.org"
