# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A volume is a file on its host's storage."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import wanted
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.volume import GIB, copy_of, revision
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import BaseWanted, VolumeWanted
from support.wanted import PS, ROOT, TINY, WEB, Z1, changed, desired, ident, made, on_host, small

DATA = ident("volume", "data")


def test_a_root_volume_lies_over_its_templates_copy() -> None:
    host, copy = on_host(desired([ROOT])), f"template-{TINY}.qcow2"
    assert host.volumes == (VolumeWanted(ROOT, PS, f"volume-{ROOT}.qcow2", base=copy),)
    assert host.bases == (BaseWanted(TINY, PS, copy, "qcow2", f"/secondary/{copy}"),)
    assert host.groups == {ROOT: WEB}


def test_a_data_volume_is_by_itself() -> None:
    host = on_host(desired([DATA]))
    assert host.volumes == (VolumeWanted(DATA, PS, f"volume-{DATA}.qcow2", capacity=3 * GIB),)
    assert host.bases == ()


def test_a_volume_of_no_instance_stands_by_itself() -> None:
    assert on_host(desired([DATA], changed(DATA, vm=None))).groups == {DATA: DATA}


def test_a_raw_template_is_a_raw_base() -> None:
    (volume,) = on_host(desired([ROOT], changed(TINY, format="RAW"))).volumes
    assert (volume.base, volume.base_format) == (f"template-{TINY}.raw", "raw")


def test_a_volume_that_starts_as_an_image_lies_over_it() -> None:
    secondary = ident("secondary_storage", "ss")
    uploaded = changed(DATA, url="file:///a", format="RAW", secondary=secondary)
    host, copy = on_host(desired([DATA], uploaded)), f"volume-{DATA}-image.raw"
    assert host.bases == (BaseWanted(DATA, PS, copy, "raw", f"/secondary/{copy}"),)
    (volume,) = host.volumes
    assert (volume.base, volume.base_format, volume.capacity) == (copy, "raw", 3 * GIB)


def test_a_volume_without_a_place_is_nowhere() -> None:
    assert wanted(desired([ident("volume", "new")], made("volume", "new", size=1))) == {}


def test_a_volume_that_goes() -> None:
    host = on_host(desired([DATA], changed(DATA, removing=True)))
    assert host.volumes == ()
    assert host.gone_owners == {("", DATA)}


@pytest.mark.parametrize(("ident_", "count"), [(ROOT, 4), (DATA, 0)])
def test_root_volumes_are_made_anew_with_their_instance(ident_: str, count: int) -> None:
    state = desired(None, changed(WEB, revision=4))
    assert revision(small()[ident_], state) == count


def test_a_copy_is_made_from_secondary_storage() -> None:
    name = f"template-{TINY}.qcow2"
    assert copy_of(small()[TINY], PS, desired()) == BaseWanted(TINY, PS, name, "qcow2", f"/secondary/{name}")
    iso = made("iso", "setup", zone=Z1, secondary=ident("secondary_storage", "ss"))
    name = f"iso-{iso.id}.iso"
    assert copy_of(iso, PS, desired(None, iso)) == BaseWanted(iso.id, PS, name, "raw", f"/secondary/{name}")
