# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the port promises, on the simulated hypervisor and on real QEMU alike."""

from __future__ import annotations

import dataclasses as dc
import uuid
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import record_file
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    BaseWanted,
    Disk,
    DomainShape,
    Lease,
    PoolShape,
    RecordWanted,
    SeedWanted,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Scope
from support.libvirt_objects import OWNER, Objects

GIB = 2**30


def started_pool(objects: Objects) -> PoolShape:
    shape = objects.pool()
    objects.hypervisor.define_pool(shape)
    return shape


def template(objects: Objects, pool: PoolShape, tmp_path: Path) -> str:
    source = tmp_path / "image.raw"
    source.write_bytes(b"boot" * 2**18)
    objects.hypervisor.put_base(BaseWanted(OWNER, pool.id, "template.raw", "raw", str(source)))
    return "template.raw"


def machine(objects: Objects, pool: PoolShape) -> DomainShape:
    """A defined domain with a disk, a seed, a card and a lease."""
    network = objects.network()
    objects.hypervisor.define_network(network)
    objects.hypervisor.create_volume(objects.volume(pool, "root.qcow2"))
    objects.hypervisor.put_seed(SeedWanted(OWNER, pool.id, "seed.iso", {"meta-data": "{}", "user-data": ""}))
    disks = Disk("vda", pool.name, "root.qcow2"), Disk("hda", pool.name, "seed.iso", "raw", "cdrom")
    shape = objects.domain(*disks, network=network)
    objects.hypervisor.define_domain(shape)
    return shape


def test_a_node_says_what_it_is(objects: Objects) -> None:
    node = objects.hypervisor.node()
    assert node.hostname
    assert node.cpus > 0
    assert node.memory > 1024
    assert node.libvirt_version.count(".") == 2
    assert objects.seen().node == node


def test_a_pool_is_defined_once_and_seen_as_it_was_wanted(objects: Objects) -> None:
    shape = started_pool(objects)
    objects.hypervisor.define_pool(shape)
    seen = objects.seen().pools[shape.id]
    assert (seen.shape, seen.active, seen.autostart, seen.volumes) == (shape, True, True, {})
    assert seen.capacity >= seen.available > 0


def test_a_pool_is_renamed_and_moved(objects: Objects) -> None:
    shape = started_pool(objects)
    moved = dc.replace(shape, name=f"{shape.name}-b", path=f"{shape.path}-b")
    objects.hypervisor.define_pool(moved)
    assert objects.seen().pools[shape.id].shape == moved


def test_a_pool_of_another_is_not_taken(objects: Objects) -> None:
    shape, other = started_pool(objects), objects.pool()
    with pytest.raises(DriverError, match="a pool of that name is there"):
        objects.hypervisor.define_pool(dc.replace(other, name=shape.name))
    with pytest.raises(DriverError, match=f"'{shape.name}' has its directory"):
        objects.hypervisor.define_pool(dc.replace(other, path=shape.path))


def test_a_removed_pool_keeps_its_files(objects: Objects) -> None:
    shape = started_pool(objects)
    objects.hypervisor.create_volume(objects.volume(shape, "v.qcow2"))
    objects.hypervisor.remove_pool(shape.id)
    objects.hypervisor.remove_pool(shape.id)
    assert shape.id not in objects.seen().pools


def test_volumes_are_made_over_their_base_and_grown_but_never_shrunk(objects: Objects, tmp_path: Path) -> None:
    pool = started_pool(objects)
    base = template(objects, pool, tmp_path)
    wanted = dc.replace(objects.volume(pool, "v.qcow2", None, base), base_format="raw")
    for _turn in range(2):
        objects.hypervisor.create_volume(wanted)
    seen = objects.seen().pools[pool.id].volumes
    assert set(seen) == {base, "v.qcow2"}
    assert (seen["v.qcow2"].backing, seen["v.qcow2"].capacity) == (base, 2**20)
    assert seen["v.qcow2"].format == "qcow2"
    for capacity in (GIB, GIB, 2**20):
        objects.hypervisor.resize_volume(dc.replace(wanted, capacity=capacity), None, None)
        assert objects.seen().pools[pool.id].volumes["v.qcow2"].capacity == GIB


def test_a_volume_is_never_smaller_than_its_base(objects: Objects, tmp_path: Path) -> None:
    pool = started_pool(objects)
    base = template(objects, pool, tmp_path)
    objects.hypervisor.create_volume(dc.replace(objects.volume(pool, "v.qcow2", 512, base), base_format="raw"))
    assert objects.seen().pools[pool.id].volumes["v.qcow2"].capacity == 2**20


def test_files_are_deleted_once(objects: Objects) -> None:
    pool = started_pool(objects)
    objects.hypervisor.create_volume(objects.volume(pool, "v.qcow2"))
    for _turn in range(2):
        objects.hypervisor.delete_volume(pool.id, "v.qcow2")
    assert objects.seen().pools[pool.id].volumes == {}
    objects.hypervisor.remove_pool(pool.id)
    objects.hypervisor.delete_volume(pool.id, "v.qcow2")


def content_of(objects: Objects, pool: PoolShape, name: str) -> str:
    pieces: list[bytes] = []
    objects.hypervisor.read_file(pool.id, name, pieces.append)
    return b"".join(pieces).decode()


def test_a_record_is_written_once_and_read_and_takes_the_place_of_older_ones(objects: Objects) -> None:
    pool, mine, other = started_pool(objects), str(uuid.uuid4()), str(uuid.uuid4())
    theirs = RecordWanted(other, pool.id, record_file(other, "a"), "", "theirs")
    older, newer = (RecordWanted(mine, pool.id, record_file(mine, digest), "", digest) for digest in ("0a", "0b"))
    for record in (theirs, older, newer, newer):
        objects.hypervisor.put_record(record)
    assert objects.seen().pools[pool.id].volumes.keys() == {theirs.name, newer.name}
    assert [content_of(objects, pool, one.name) for one in (theirs, newer)] == ["theirs", "0b"]


def test_a_volume_needs_its_pool(objects: Objects) -> None:
    with pytest.raises(DriverError, match="it is not there; apply its primary storage"):
        objects.hypervisor.create_volume(objects.volume(objects.pool(), "v.qcow2"))


@pytest.mark.parametrize("mode", ["nat", "route", "isolated"])
def test_a_network_is_defined_once_and_seen_as_it_was_wanted(objects: Objects, mode: str) -> None:
    shape = objects.network(mode=mode, forwarders=("9.9.9.9",))
    for _turn in range(2):
        objects.hypervisor.define_network(shape)
        objects.hypervisor.start_network(shape.id)
    seen = objects.seen().networks[shape.id]
    assert (seen.shape, seen.active, seen.autostart, seen.owned, seen.bridge_up) == (shape, True, True, True, True)


def test_a_network_may_be_defined_without_being_started(objects: Objects) -> None:
    shape = objects.network()
    objects.hypervisor.define_network(shape, start=False)
    seen = objects.seen().networks[shape.id]
    assert (seen.active, seen.autostart) == (False, False)
    objects.hypervisor.start_network(shape.id)
    assert objects.seen().networks[shape.id].active


@pytest.mark.parametrize("change", [{"domain": "other.example"}, {"document": "{}"}, {"mode": "route"}])
def test_a_network_that_differs_is_redefined(objects: Objects, change: dict[str, str]) -> None:
    shape = objects.network()
    objects.hypervisor.define_network(shape)
    changed = dc.replace(shape, leases=frozenset({lease_in(shape.gateway)}), **change)  # type: ignore[arg-type]
    objects.hypervisor.define_network(changed)
    seen = objects.seen().networks[shape.id]
    assert (seen.shape, seen.active) == (changed, True)


def test_a_network_is_renamed(objects: Objects) -> None:
    shape = objects.network()
    objects.hypervisor.define_network(shape)
    renamed = dc.replace(shape, name=f"{shape.name}-b")
    objects.hypervisor.define_network(renamed)
    seen = objects.seen().networks[shape.id]
    assert (seen.shape, seen.active) == (renamed, True)


def lease_in(gateway: str | None, number: int = 2, name: str = "web1") -> Lease:
    return Lease(f"02:00:00:00:00:{number:02x}", f"{str(gateway).rpartition('.')[0]}.{number}", name)


@pytest.mark.parametrize("start", [True, False])
def test_leases_come_change_and_go(objects: Objects, start: bool) -> None:
    shape = objects.network()
    objects.hypervisor.define_network(shape, start=start)
    first, second = lease_in(shape.gateway, 2, "a"), lease_in(shape.gateway, 3, "b")
    renamed, successor = dc.replace(first, hostname="c"), dc.replace(second, mac="02:00:00:00:00:99", hostname="d")
    for lease, expected in (
        (first, {first}),
        (first, {first}),
        (second, {first, second}),
        (renamed, {renamed, second}),
        (successor, {renamed, successor}),
    ):
        objects.hypervisor.set_lease(shape.id, lease)
        assert objects.seen().networks[shape.id].shape.leases == expected
    for _turn in range(2):
        objects.hypervisor.drop_lease(shape.id, renamed)
        objects.hypervisor.drop_lease(shape.id, successor)
    assert objects.seen().networks[shape.id].shape == shape


def test_a_removed_network_is_gone(objects: Objects) -> None:
    shape = objects.network()
    objects.hypervisor.define_network(shape)
    for _turn in range(2):
        objects.hypervisor.remove_network(shape.id)
        objects.hypervisor.drop_lease(shape.id, lease_in(shape.gateway))
    assert shape.id not in objects.seen().networks
    with pytest.raises(DriverError, match="it is not there; apply the network"):
        objects.hypervisor.start_network(shape.id)


def test_a_domain_is_defined_once_and_runs_as_it_was_wanted(objects: Objects) -> None:
    shape = machine(objects, started_pool(objects))
    stopped = objects.seen().domains[shape.id]
    assert (stopped.shape, stopped.live, stopped.active, stopped.autostart) == (shape, None, False, False)
    for _turn in range(2):
        objects.hypervisor.define_domain(shape)
        objects.hypervisor.start_domain(shape.id)
        objects.hypervisor.autostart_domain(shape.id, True)
    running = objects.seen().domains[shape.id]
    assert (running.shape, running.live, running.active, running.autostart) == (shape, shape, True, True)
    assert running.owned


def test_a_running_domain_is_redefined_and_feels_it_when_it_is_rebooted(objects: Objects) -> None:
    shape = machine(objects, started_pool(objects))
    objects.hypervisor.start_domain(shape.id)
    bigger = dc.replace(shape, memory=64, vcpus=2, document='{"b":2}')
    objects.hypervisor.define_domain(bigger)
    seen = objects.seen().domains[shape.id]
    assert (seen.shape, seen.live) == (bigger, shape)
    objects.hypervisor.reboot_domain(shape.id, 0)
    seen = objects.seen().domains[shape.id]
    assert (seen.shape, seen.live) == (bigger, bigger)


def test_title_and_document_change_while_a_domain_runs(objects: Objects) -> None:
    shape = machine(objects, started_pool(objects))
    objects.hypervisor.start_domain(shape.id)
    for title in ("<new> & é", ""):
        changed = dc.replace(shape, title=title, document='{"text": "<&>"}')
        objects.hypervisor.retitle_domain(changed)
        seen = objects.seen().domains[shape.id]
        assert (seen.shape, seen.live) == (changed, changed)


def test_a_domain_is_stopped_and_undefined_once(objects: Objects) -> None:
    shape = machine(objects, started_pool(objects))
    objects.hypervisor.start_domain(shape.id)
    for _turn in range(2):
        objects.hypervisor.stop_domain(shape.id, 1)
        assert not objects.seen().domains[shape.id].active
    objects.hypervisor.start_domain(shape.id)
    for _turn in range(2):
        objects.hypervisor.undefine_domain(shape.id)
    assert shape.id not in objects.seen().domains
    with pytest.raises(DriverError, match="it is not there; apply the instance"):
        objects.hypervisor.start_domain(shape.id)


def test_disks_are_plugged_into_the_definition_once(objects: Objects) -> None:
    pool = started_pool(objects)
    shape = machine(objects, pool)
    objects.hypervisor.create_volume(objects.volume(pool, "data.qcow2"))
    disk = Disk("vdb", pool.name, "data.qcow2")
    for _turn in range(2):
        objects.hypervisor.attach_disk(shape.id, disk)
    seen = objects.seen().domains[shape.id].shape
    assert seen is not None
    assert set(seen.disks) == {*shape.disks, disk}
    for _turn in range(2):
        objects.hypervisor.detach_disk(shape.id, disk)
    assert objects.seen().domains[shape.id].shape == shape


def test_only_what_is_in_scope_is_looked_at(objects: Objects) -> None:
    pool = started_pool(objects)
    shape = machine(objects, pool)
    nothing: frozenset[str] = frozenset()
    seen = objects.hypervisor.observe(Scope(frozenset({shape.id, objects.domain().id}), nothing, nothing))
    assert (set(seen.domains), set(seen.networks), set(seen.pools)) == ({shape.id}, set(), set())
    seen = objects.hypervisor.observe(Scope(nothing, None, frozenset({pool.id, objects.pool().id})))
    assert (set(seen.domains), set(seen.pools)) == (set(), {pool.id})
    assert len(seen.networks) >= 1


def test_a_start_that_fails_names_domain_and_host(objects: Objects) -> None:
    shape = objects.domain(network=objects.network())
    objects.hypervisor.define_domain(shape)
    if "run" not in objects.hypervisor.node().features:
        return
    with pytest.raises(DriverError, match=rf"^domain '{shape.name}' on qemu\S+: Network not found.*; apply again"):
        objects.hypervisor.start_domain(shape.id)
