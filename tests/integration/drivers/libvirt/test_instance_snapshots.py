# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""All disks of a guest at one moment, with its memory; cut short, and gone on from."""

from __future__ import annotations

import dataclasses as dc
import subprocess
from pathlib import Path

import libvirt
import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Disk,
    DomainShape,
    InstanceSnapshotWanted,
    Memory,
    PoolShape,
    SnapshotWanted,
    VolumeWanted,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import backup
from support.libvirt_objects import OWNER, Objects
from support.private_libvirt import PrivateLibvirt

GIB = 1 << 30
DISKS = ("root", "data")
FILES = ["copy-data.qcow2", "copy-root.qcow2", "memory.save"]


def wanted(pool: PoolShape, shape: DomainShape, *, memory: bool = True) -> InstanceSnapshotWanted:
    disks = tuple(SnapshotWanted(OWNER, pool.id, f"copy-{name}.qcow2", f"{name}.qcow2") for name in DISKS)
    return InstanceSnapshotWanted(OWNER, shape.id, disks, Memory(pool.id, "memory.save", 3) if memory else None)


def made(objects: Objects) -> tuple[PoolShape, DomainShape]:
    pool = objects.pool()
    objects.hypervisor.define_pool(pool)
    for name in DISKS:
        objects.hypervisor.create_volume(objects.volume(pool, f"{name}.qcow2", GIB))
    shape = objects.domain(Disk("vda", pool.name, "root.qcow2"), Disk("vdb", pool.name, "data.qcow2"))
    objects.hypervisor.define_domain(shape)
    return pool, shape


def write(pool: PoolShape, pattern: int, file: str) -> None:
    command = ["qemu-io", "-f", "qcow2", "-c", f"write -P {pattern} 0 64k", str(Path(pool.path, file))]
    subprocess.run(command, check=True, capture_output=True)


def holds(pool: PoolShape, pattern: int, file: str) -> bool:
    command = ["qemu-io", "-r", "-U", "-f", "qcow2", "-c", f"read -P {pattern} 0 64k", str(Path(pool.path, file))]
    return b"verification failed" not in subprocess.run(command, check=True, capture_output=True).stdout


def reverted(objects: Objects, pool: PoolShape, shape: DomainShape) -> DomainShape:
    """The domain on copies of what the snapshot holds."""
    disks = []
    for name, disk in zip(DISKS, shape.disks, strict=True):
        copy = VolumeWanted(OWNER, pool.id, f"{name}-r1.qcow2", capacity=GIB, source=f"copy-{name}.qcow2")
        objects.hypervisor.create_volume(copy)
        disks.append(dc.replace(disk, volume=copy.name))
    return dc.replace(shape, disks=tuple(disks), document='{"revision": 1}', title="again")


def test_disks_and_memory_are_taken_and_gone_on_from(real: Objects) -> None:
    pool, shape = made(real)
    for name in DISKS:
        write(pool, 7, f"{name}.qcow2")
    real.hypervisor.start_domain(shape.id)
    for _turn in range(2):
        assert real.hypervisor.take_instance_snapshot(wanted(pool, shape))["taken"]
    seen = real.seen()
    assert seen.domains[shape.id].active
    assert not seen.domains[shape.id].paused
    assert sorted(seen.pools[pool.id].volumes) == sorted([*FILES, "root.qcow2", "data.qcow2"])
    real.hypervisor.stop_domain(shape.id, 0)
    for name in DISKS:
        write(pool, 8, f"{name}.qcow2")
    real.hypervisor.start_domain(shape.id)
    again = reverted(real, pool, shape)
    for _turn in range(2):
        told = real.hypervisor.restore_domain(again, Memory(pool.id, "memory.save", 3))
    assert told == {"memory_number": 3}
    real.hypervisor.define_domain(again)
    domain = real.seen().domains[shape.id]
    assert domain.shape == domain.live == again
    assert all(holds(pool, 7, f"{name}-r1.qcow2") for name in DISKS)


def test_disks_alone_are_taken_while_the_guest_runs_and_when_it_does_not(real: Objects) -> None:
    pool, shape = made(real)
    write(pool, 7, "data.qcow2")
    real.hypervisor.start_domain(shape.id)
    told = real.hypervisor.take_instance_snapshot(wanted(pool, shape, memory=False))
    assert told == {"taken": True, "quiesced": False}
    real.hypervisor.stop_domain(shape.id, 0)
    write(pool, 8, "data.qcow2")
    assert holds(pool, 7, "copy-data.qcow2")
    real.hypervisor.delete_volume(pool.id, "copy-root.qcow2")
    told = real.hypervisor.take_instance_snapshot(wanted(pool, shape, memory=False))
    assert told == {"taken": True, "quiesced": True}
    # Of one that lacks a file, all files are made anew: they are of one moment.
    assert holds(pool, 8, "copy-data.qcow2")


def test_what_a_killed_run_began_is_made_anew(real: Objects, libvirt_host: PrivateLibvirt) -> None:
    pool, shape = made(real)
    real.hypervisor.start_domain(shape.id)
    for name in FILES:
        Path(pool.path, f"{name}.partial").touch()
        Path(pool.path, name).touch()
    connection = libvirt.open(libvirt_host.uri)
    connection.lookupByUUIDString(shape.id).suspend()
    seen = real.seen()
    assert seen.domains[shape.id].paused
    assert not set(FILES) & set(seen.pools[pool.id].volumes)
    real.hypervisor.take_instance_snapshot(wanted(pool, shape))
    seen = real.seen()
    assert not seen.domains[shape.id].paused
    assert set(FILES) <= set(seen.pools[pool.id].volumes)
    connection.lookupByUUIDString(shape.id).suspend()
    connection.close()
    for _turn in range(2):
        real.hypervisor.resume_domain(shape.id)
    assert not real.seen().domains[shape.id].paused


def test_there_is_no_memory_of_a_guest_that_does_not_run(real: Objects) -> None:
    pool, shape = made(real)
    with pytest.raises(DriverError, match="it does not run; start it, and apply again"):
        real.hypervisor.take_instance_snapshot(wanted(pool, shape))
    assert sorted(real.seen().pools[pool.id].volumes) == ["data.qcow2", "root.qcow2"]


def test_a_simulated_guest_goes_on_with_other_disks(simulated: Objects) -> None:
    pool, shape = made(simulated)
    simulated.hypervisor.start_domain(shape.id)
    assert simulated.hypervisor.take_instance_snapshot(wanted(pool, shape)) == {"taken": True, "quiesced": True}
    again = reverted(simulated, pool, shape)
    simulated.hypervisor.restore_domain(again, Memory(pool.id, "memory.save", 1))
    domain = simulated.seen().domains[shape.id]
    assert (domain.active, domain.live) == (True, again)


def test_a_copy_that_makes_no_headway_is_given_up_and_the_guest_goes_on(
    real: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, shape = made(real)
    real.hypervisor.start_domain(shape.id)
    with monkeypatch.context() as stuck:
        stuck.setattr(backup, "_STALLED", 0.3)
        job = {"type": libvirt.VIR_DOMAIN_JOB_UNBOUNDED, "disk_processed": 7}
        stuck.setattr(libvirt.virDomain, "jobStats", lambda domain, flags=0: job)
        # It has come to its end meanwhile, and there is nothing to break off.
        stuck.setattr(backup, "abort_ours", lambda domain, path: None)
        with pytest.raises(DriverError, match="the copy makes no headway; look at the host's disks, apply it again"):
            real.hypervisor.take_instance_snapshot(wanted(pool, shape))
    seen = real.seen()
    assert (seen.domains[shape.id].active, seen.domains[shape.id].paused) == (True, False)
    assert sorted(seen.pools[pool.id].volumes) == ["data.qcow2", "root.qcow2"]
    assert real.hypervisor.take_instance_snapshot(wanted(pool, shape))["taken"]
