# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An instance is a machine with volumes, a seed, cards and leases."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import wanted
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge.instance import seed_of, size_of
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import object_name
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import VXLAN_MTU, Card, Disk, Lease
from support.wanted import H1, KEY, MAC, NET, PS, ROOT, WEB, Z1, changed, desired, ident, made, on_host, small

LEASE = Lease(MAC, "10.0.0.2", "web")
DATA = ident("volume", "data")


def test_a_machine_as_described() -> None:
    host = on_host(desired([WEB]))
    (domain,), (seed,) = host.domains, host.seeds
    shape = domain.shape
    assert (shape.id, shape.name, shape.title) == (WEB, object_name(small()[WEB]), "web")
    assert (shape.vcpus, shape.memory, shape.virt_type, shape.cpu_model) == (2, 512, "kvm", None)
    assert [(disk.target, disk.volume, disk.device) for disk in shape.disks] == [
        ("vda", f"volume-{ROOT}.qcow2", "disk"),
        ("vdb", f"volume-{DATA}.qcow2", "disk"),
        ("hda", seed.name, "cdrom"),
        ("hdc", "", "cdrom"),
    ]
    assert shape.cards == (Card(MAC, object_name(small()[NET]), f"cairn-{NET}", "10.0.0.2"),)
    assert json.loads(shape.document)["id"] == WEB
    assert (domain.power, domain.may_restart, domain.reboot) == ("Running", False, False)


def test_a_card_in_a_vxlan_leaves_room_for_its_headers() -> None:
    numbered = changed(NET, vlan=4711)
    assert [card.mtu for card in on_host(desired([WEB], numbered)).domains[0].shape.cards] == [VXLAN_MTU]
    assert [card.mtu for card in on_host(desired([WEB])).domains[0].shape.cards] == [None]


def test_a_machine_has_its_iso_in_the_drive() -> None:
    iso = made("iso", "setup", zone=Z1, secondary=ident("secondary_storage", "ss"))
    host = on_host(desired([WEB], changed(WEB, iso=iso.id), iso))
    (copy,) = (base for base in host.bases if base.owner == iso.id)
    assert (copy.pool, copy.name, copy.format) == (PS, f"iso-{iso.id}.iso", "raw")
    drive = host.domains[0].shape.disks[-1]
    assert drive == Disk("hdc", object_name(small()[PS]), copy.name, "raw", "cdrom")


def test_a_machine_brings_what_it_needs() -> None:
    host = on_host(desired([WEB]))
    assert [pool.id for pool in host.pools] == [PS]
    assert [(shape.id, *shape.leases) for shape in host.networks] == [(NET, LEASE)]
    assert {volume.owner for volume in host.volumes} == {ROOT, DATA}
    assert [seed.pool for seed in host.seeds] == [PS]
    assert host.groups == {WEB: WEB, ROOT: WEB, DATA: WEB}


@pytest.mark.parametrize(
    ("spec", "runs", "wanted_"),
    [
        ({"virt_type": "auto"}, "kvm", ("kvm", None)),
        ({"virt_type": "auto"}, "qemu", ("qemu", "qemu64")),
        ({"virt_type": "qemu"}, "kvm", ("qemu", "qemu64")),
        ({"virt_type": "kvm", "cpu_model": "Nehalem"}, "qemu", ("kvm", "Nehalem")),
    ],
)
def test_how_processors_are_run(spec: dict[str, t.Any], runs: str, wanted_: tuple[str, str | None]) -> None:
    host = changed(H1, **spec).with_status(runs=runs)
    (domain,) = on_host(desired([WEB], host)).domains
    assert (domain.shape.virt_type, domain.shape.cpu_model) == wanted_


@pytest.mark.parametrize("how", ["restart", "reboot"])
def test_stops_that_are_allowed_or_asked_for(how: str) -> None:
    allowed: dict[str, t.Any] = {how: frozenset({WEB})}
    (domain,) = on_host(desired([WEB], **allowed)).domains
    assert (domain.may_restart, domain.reboot) == (how == "restart", how == "reboot")


def test_sizes() -> None:
    small_ = made("service_offering", "small", cpu_number=2, memory=512)
    assert size_of(made("instance", "i"), small_) == (2, 512)
    assert size_of(made("instance", "i", cpu=4, memory=64), made("service_offering", "free")) == (4, 64)
    assert size_of(made("instance", "i"), None) == (0, 0)


def test_a_machine_that_goes_leaves_nothing() -> None:
    host = on_host(desired([WEB], changed(WEB, removing=True)))
    assert (host.domains, host.seeds) == ((), ())
    assert host.gone_domains == (WEB,)
    assert host.gone_leases == ((NET, LEASE),)
    assert ("", WEB) in host.gone_owners


def test_leases_of_a_network_that_goes_too_go_with_it() -> None:
    host = on_host(desired([WEB], changed(WEB, removing=True), changed(NET, removing=True)))
    assert host.gone_leases == ()


def test_a_destroyed_machine_keeps_its_volumes_and_addresses() -> None:
    host = on_host(desired([WEB], changed(WEB, power="Destroyed")))
    assert (host.domains, host.gone_domains, host.gone_leases) == ((), (WEB,), ())
    assert {volume.owner for volume in host.volumes} == {ROOT, DATA}
    assert host.gone_owners == {("", WEB)}


def test_a_machine_without_a_place_is_nowhere() -> None:
    assert wanted(desired([WEB], changed(WEB, host=None))) == {}


def test_keys_and_user_data_come_from_where_they_are_kept() -> None:
    kept = made("user_data", "kept", user_data="#cloud-config\nkept: 1\n")
    state = desired(None, kept, changed(WEB, user_data_name=kept.id), changed(KEY, public_key="ssh-rsa BBBB"))
    files = seed_of(state.resources[WEB], state)
    assert files["user-data"] == "#cloud-config\nkept: 1\n"
    assert json.loads(files["meta-data"])["public-keys"] == ["ssh-rsa BBBB"]
    own = desired(None, changed(WEB, user_data="#!/bin/sh\n"))
    assert seed_of(own.resources[WEB], own)["user-data"] == "#!/bin/sh\n"
    generated = json.loads(seed_of(small()[WEB], desired())["meta-data"])
    assert generated["public-keys"] == ["ssh-ed25519 AAAA"]
