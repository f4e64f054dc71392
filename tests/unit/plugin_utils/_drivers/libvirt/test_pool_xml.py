# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Pools and volumes that are built are read back as what they were built from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import PoolShape, VolumeSeen
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import pool_xml

names = st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=20)


sources = st.just("") | st.tuples(st.from_regex(r"[a-z][a-z0-9.]{0,9}", fullmatch=True), names).map(
    "{0[0]}:/{0[1]}".format
)


@given(st.builds(PoolShape, id=st.uuids().map(str), name=names, path=names.map("/srv/{}".format), source=sources))
def test_a_pool_comes_back_as_it_was(shape: PoolShape) -> None:
    assert pool_xml.read(pool_xml.build(shape)) == shape


@pytest.mark.parametrize("backing", [None, pool_xml.Backing("/srv/pool/template.qcow2", "qcow2")])
def test_a_volume_comes_back_as_it_was(backing: pool_xml.Backing | None) -> None:
    xml = pool_xml.build_volume("v.qcow2", "qcow2", 2**30, backing)
    assert pool_xml.read_volume(xml) == VolumeSeen("v.qcow2", 2**30, 0, "qcow2", "template.qcow2" if backing else None)


def test_files_are_for_their_owner_only() -> None:
    assert "<mode>0600</mode>" in pool_xml.build_volume("seed.iso", "raw", 0)


def test_an_existing_directory_keeps_its_mode() -> None:
    assert "permissions" not in pool_xml.build(PoolShape("i", "n", "/srv/pool"))


def test_an_export_is_mounted_by_libvirt() -> None:
    xml = pool_xml.build(PoolShape("i", "n", "/mnt/i", "nas.example.com:/export/a"))
    assert xml == (
        '<pool type="netfs"><name>n</name><uuid>i</uuid><source><host name="nas.example.com" /><dir path="/export/a" />'
        '<format type="nfs" /></source><target><path>/mnt/i</path></target></pool>'
    )
