# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A guest's tree, walked as EC2's tools do."""

from __future__ import annotations

import pytest
from guest import Card, Guest
from hypothesis import given
from hypothesis import strategies as st
from tree import VERSIONS, Directory, look_up, tree_of

MAC, SECOND = "06:00:00:00:00:01", "06:00:00:00:00:02"
GUEST = Guest(
    instance_id="1-0",
    hostname="web.example.org",
    cards=(Card(MAC, "10.0.0.2", 0, "10.0.0.0/24"), Card(SECOND, "10.9.0.2", 2, "10.9.0.0/24")),
    public_keys=("ssh-ed25519 AAAA me@home", "ssh-ed25519 BBBB"),
    user_data=b"\x00\xff",
    offering="small",
    template="tiny",
    zone="z1",
)
METADATA = {
    "": "\n".join(
        (
            *("ami-id", "hostname", "instance-id", "instance-type", "local-hostname", "local-ipv4", "mac"),
            *("network/", "placement/", "public-keys/"),
        )
    ),
    "ami-id": "tiny",
    "hostname": "web.example.org",
    "instance-id": "1-0",
    "instance-type": "small",
    "local-hostname": "web.example.org",
    "local-ipv4": "10.0.0.2",
    "mac": MAC,
    "network": "interfaces/",
    "network/interfaces": "macs/",
    "network/interfaces/macs": f"{MAC}/\n{SECOND}/",
    f"network/interfaces/macs/{SECOND}/device-number": "2",
    f"network/interfaces/macs/{SECOND}/local-ipv4s": "10.9.0.2",
    f"network/interfaces/macs/{SECOND}/subnet-ipv4-cidr-block": "10.9.0.0/24",
    "placement": "availability-zone",
    "placement/availability-zone": "z1",
    "public-keys": "0=key-0\n1=key-1",
    "public-keys/0": "openssh-key",
    "public-keys/0/openssh-key": "ssh-ed25519 AAAA me@home",
    "public-keys/1/openssh-key": "ssh-ed25519 BBBB",
}


def look(path: str, guest: Guest = GUEST) -> bytes | None:
    return look_up(tree_of(guest), [name for name in path.split("/") if name])


@pytest.mark.parametrize("version", VERSIONS)
def test_metadata(version: str) -> None:
    assert {path: look(f"{version}/meta-data/{path}") for path in METADATA} == {
        path: text.encode() for path, text in METADATA.items()
    }


def test_versions_and_user_data() -> None:
    assert look("/") == b"1.0\n2009-04-04\nlatest"
    assert look("latest") == b"meta-data\nuser-data"
    assert look("latest/user-data") == b"\x00\xff"


@pytest.mark.parametrize("path", ["2020-01-01", "latest/nothing", "latest/user-data/x", "latest/meta-data/mac/x", ".."])
def test_what_is_not_there(path: str) -> None:
    assert look(path) is None


def test_an_instance_with_little() -> None:
    little = Guest("1-0", "web", (Card(MAC, "10.0.0.2", 0, ""),))
    assert look("latest", little) == b"meta-data"
    assert look("latest/meta-data", little) == b"hostname\ninstance-id\nlocal-hostname\nlocal-ipv4\nmac\nnetwork/"
    assert look("latest/user-data", little) is None


@given(st.lists(st.text(min_size=1), max_size=3))
def test_a_listing_has_a_line_for_each_key(keys: list[str]) -> None:
    """A key may be any text: it makes no entry of its own, and two with the same comment are two."""
    node = Guest("1-0", "web", (Card(MAC, "10.0.0.2", 0, ""),), public_keys=tuple(keys))
    listed = (look("latest/meta-data/public-keys", node) or b"").decode().split("\n")
    assert [line for line in listed if line] == [f"{number}=key-{number}" for number in range(len(keys))]


def test_what_a_listing_names_is_there() -> None:
    def walk(node: Directory, path: tuple[str, ...]) -> int:
        names = node.listing().decode().split("\n")
        assert len(names) == len(node.entries)
        total = 0
        for name in names:
            plain = name.rstrip("/").partition("=")[0]
            found = node.entries[plain]
            assert look_up(tree_of(GUEST), (*path, plain)) is not None
            total += walk(found, (*path, plain)) if isinstance(found, Directory) else 1
        return total

    assert walk(tree_of(GUEST), ()) > 50
