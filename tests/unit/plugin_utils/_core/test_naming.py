# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Files say whose they are, and what is not ours is nobody's."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import (
    image_file,
    is_image,
    is_record,
    owner_of,
    record_file,
    revision_of,
    seed_file,
    shown_url,
    volume_file,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource

idents = st.uuids().map(str)
ID = str(uuid.UUID(int=7))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://ann:hunter2@host:8443/a/b.qcow2?signature=x#y", "https://host:8443/a/b.qcow2"),
        ("file:///images/a%20b.qcow2", "file:///images/a%20b.qcow2"),
    ],
)
def test_urls_are_shown_without_what_is_private_in_them(url: str, told: str) -> None:
    assert shown_url(url) == told


cards = st.lists(st.builds(Nic, st.just("i"), st.text(), st.integers(0, 3), st.text(), st.text()), max_size=3)


def named(kind: str, ident: str, **spec: str) -> Resource:
    return Resource(ident, kind, "../../etc/passwd", spec)


@given(idents, st.integers(0, 99), st.sampled_from(("QCOW2", "RAW")), cards)
def test_owners_are_found_again(ident: str, revision: int, format_: str, nics: list[Nic]) -> None:
    for name in (
        volume_file(named("volume", ident), revision),
        image_file(named("template", ident, format=format_)),
        image_file(named("iso", ident)),
        image_file(named("volume", ident, format=format_, url="file:///a")),
        seed_file(named("instance", ident), nics),
        record_file(ident, "0a"),
    ):
        assert owner_of(name) == ident
        assert re.fullmatch(r"[0-9a-z.-]+", name)


@given(idents, cards, cards)
def test_a_seed_for_other_cards_is_another_file(ident: str, one: list[Nic], other: list[Nic]) -> None:
    instance = named("instance", ident)
    assert (seed_file(instance, one) == seed_file(instance, other)) == (one == other)


@given(idents, st.integers(0, 999), st.sampled_from(("", ".partial")))
def test_a_volumes_file_says_its_revision(ident: str, revision: int, marker: str) -> None:
    assert revision_of(volume_file(named("volume", ident), revision) + marker) == (ident, revision)
    for other in (image_file(named("volume", ident, url="file:///a")), record_file(ident, "0a"), "volume.qcow2"):
        assert revision_of(other + marker) is None


def test_a_seed_follows_the_root_volume_and_not_what_is_read_once() -> None:
    first = seed_file(named("instance", ID), [])
    assert seed_file(named("instance", ID, ssh_keys="another", user_data="#!/bin/sh"), []) == first
    assert seed_file(named("instance", ID, revision="1"), []) != first


def test_each_revision_is_another_file() -> None:
    assert len({volume_file(named("volume", ID), revision) for revision in range(5)}) == 5


@given(st.text())
def test_any_other_file_is_nobodys(name: str) -> None:
    assert owner_of(name) is None


@pytest.mark.parametrize(
    "name",
    [
        f"volume-{ID}.qcow2.bak",
        f"volume-{ID}.qcow2\n",
        f"my-volume-{ID}.qcow2",
        f"volume-{ID}.vmdk",
        f"volume-{ID.upper().replace('0', 'A')}.qcow2",
        f"volume-{ID}-../x.qcow2",
        f"disk-{ID}.qcow2",
        f".volume-{ID}.qcow2",
        "volume-.qcow2",
        "",
    ],
)
def test_names_that_only_look_like_ours(name: str) -> None:
    assert owner_of(name) is None


def test_a_record_is_of_its_host() -> None:
    record = record_file(ID, "0a")
    assert is_record(record)
    assert is_record(f"{record}.partial", ID)
    assert not is_record(record, ID[::-1])
    assert not is_record(f"volume-{ID}.qcow2")
    assert not is_record(f"record-{ID}-0a.txt")


def test_a_volume_and_the_image_that_it_started_as_are_two_files() -> None:
    uploaded = named("volume", ID, url="file:///a")
    assert (is_image(uploaded), is_image(named("volume", ID)), is_image(named("iso", ID))) == (True, False, True)
    assert volume_file(uploaded) != image_file(uploaded)
