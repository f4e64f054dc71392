# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Desired state by kind and reference, and drafts that become what is wanted."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import Draft, Drafts
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Lease, NetworkShape
from support.wanted import ROOT, WEB, changed, desired, ident, made, small

DATA = ident("volume", "data")


def test_resources_by_kind() -> None:
    assert [one.name for one in desired().of("volume")] == ["ROOT-web", "data"]
    assert desired().of("vpc") == []


def test_disks_stand_in_the_order_of_their_devices() -> None:
    late = made("volume", "early", vm=WEB, device_id=7)
    loose = made("volume", "loose")
    found = desired(None, late, loose, changed(DATA, device_id=3)).disks
    assert {vm: [disk.name for disk in disks] for vm, disks in found.items()} == {WEB: ["ROOT-web", "data", "early"]}


def test_a_volume_that_goes_is_no_disk() -> None:
    assert [disk.id for disk in desired(None, changed(DATA, removing=True)).disks[WEB]] == [ROOT]


def test_references() -> None:
    state = desired()
    assert state.ref(small()[WEB], "template") == small()[ident("template", "tiny")]
    assert state.ref(small()[WEB], "disk_offering") is None
    assert state.ref(changed(WEB, template="gone"), "template") is None


def test_a_draft_gathers_leases_into_their_networks() -> None:
    shape, lease = NetworkShape("n", "net", "nat", "cn"), Lease("m", "10.0.0.2", "web")
    draft = Draft(networks={"n": shape}, leases={"n": {lease}, "other": {lease}})
    draft.gone_domains |= {"b", "a"}
    wanted = draft.finish("h", complete=True)
    assert [one.leases for one in wanted.networks] == [frozenset({lease})]
    assert (wanted.id, wanted.complete, wanted.gone_domains) == ("h", True, ("a", "b"))


def test_drafts_are_made_when_asked_for() -> None:
    drafts = Drafts()
    assert drafts["h"] is drafts["h"]
    assert list(drafts) == ["h"]
