# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Copies of volumes that stand alone: of guests that run and that do not, cut short, and read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import libvirt
import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Disk,
    DomainShape,
    PoolShape,
    SnapshotWanted,
    VolumeWanted,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt import backup
from support.libvirt_objects import OWNER, Objects
from support.private_libvirt import PrivateLibvirt

GIB = 1 << 30


def wanted(pool: PoolShape, name: str = "copy.qcow2") -> SnapshotWanted:
    return SnapshotWanted(OWNER, pool.id, name, "disk.qcow2")


def made(objects: Objects) -> PoolShape:
    pool = objects.pool()
    objects.hypervisor.define_pool(pool)
    objects.hypervisor.create_volume(objects.volume(pool, "disk.qcow2", GIB))
    return pool


def write(pool: PoolShape, pattern: int, file: str = "disk.qcow2") -> None:
    command = ["qemu-io", "-f", "qcow2", "-c", f"write -P {pattern} 0 64k", str(Path(pool.path, file))]
    subprocess.run(command, check=True, capture_output=True)


def holds(pool: PoolShape, pattern: int, file: str = "copy.qcow2") -> bool:
    command = ["qemu-io", "-r", "-f", "qcow2", "-c", f"read -P {pattern} 0 64k", str(Path(pool.path, file))]
    return b"verification failed" not in subprocess.run(command, check=True, capture_output=True).stdout


def running(real: Objects, pool: PoolShape) -> DomainShape:
    shape = real.domain(Disk("vda", pool.name, "disk.qcow2"))
    real.hypervisor.define_domain(shape)
    real.hypervisor.start_domain(shape.id)
    return shape


def test_a_volume_at_rest_is_copied_whole(objects: Objects) -> None:
    pool = made(objects)
    for _turn in range(2):
        told = objects.hypervisor.take_snapshot(wanted(pool), None, None)
    assert told == {"taken": True}
    seen = objects.seen().pools[pool.id].volumes
    assert sorted(seen) == ["copy.qcow2", "disk.qcow2"]
    assert (seen["copy.qcow2"].capacity, seen["copy.qcow2"].backing) == (GIB, None)


def test_a_new_volume_is_a_copy_that_may_be_larger(objects: Objects) -> None:
    pool = made(objects)
    objects.hypervisor.create_volume(VolumeWanted(OWNER, pool.id, "new.qcow2", capacity=2 * GIB, source="disk.qcow2"))
    assert objects.seen().pools[pool.id].volumes["new.qcow2"].capacity == 2 * GIB


def test_what_it_lies_over_is_copied_too(real: Objects) -> None:
    pool = made(real)
    write(pool, 7)
    real.hypervisor.create_volume(real.volume(pool, "over.qcow2", GIB, base="disk.qcow2"))
    over = SnapshotWanted(OWNER, pool.id, "copy.qcow2", "over.qcow2")
    assert real.hypervisor.take_snapshot(over, None, None) == {"taken": True, "quiesced": True}
    assert holds(pool, 7)
    assert real.seen().pools[pool.id].volumes["copy.qcow2"].backing is None


def test_a_guest_without_an_agent_is_copied_while_it_runs(real: Objects) -> None:
    pool = made(real)
    write(pool, 7)
    shape = running(real, pool)
    assert real.hypervisor.take_snapshot(wanted(pool), shape.id, "vda") == {"taken": True, "quiesced": False}
    assert real.seen().domains[shape.id].active
    real.hypervisor.stop_domain(shape.id, 0)
    write(pool, 8)
    assert holds(pool, 7)
    assert real.seen().pools[pool.id].volumes["copy.qcow2"].capacity == GIB


def test_a_copy_that_a_killed_run_began_is_made_anew(real: Objects, libvirt_host: PrivateLibvirt) -> None:
    pool = made(real)
    write(pool, 7)
    shape = running(real, pool)
    Path(pool.path, "copy.qcow2.partial").touch()
    connection = libvirt.open(libvirt_host.uri)
    domain, path = connection.lookupByUUIDString(shape.id), str(Path(pool.path, "copy.qcow2"))
    domain.setBlockIoTune("vda", {"total_bytes_sec": 1})
    domain.backupBegin(backup.describe(domain, {"vda": path}), None, 0)
    assert "copy.qcow2" not in real.seen().pools[pool.id].volumes
    domain.setBlockIoTune("vda", {"total_bytes_sec": 0})
    real.hypervisor.take_snapshot(wanted(pool), shape.id, "vda")
    connection.close()
    assert sorted(real.seen().pools[pool.id].volumes) == ["copy.qcow2", "disk.qcow2"]
    real.hypervisor.stop_domain(shape.id, 0)
    assert holds(pool, 7)


def test_a_copy_that_does_not_come_about_leaves_nothing(real: Objects) -> None:
    pool = made(real)
    with pytest.raises(DriverError, match=r"volume snapshot 'copy.qcow2' on .*none.qcow2"):
        real.hypervisor.take_snapshot(SnapshotWanted(OWNER, pool.id, "copy.qcow2", "none.qcow2"), None, None)
    assert sorted(real.seen().pools[pool.id].volumes) == ["disk.qcow2"]


def test_a_file_is_read_byte_by_byte(real: Objects) -> None:
    pool = made(real)
    write(pool, 7)
    found: list[bytes] = []
    real.hypervisor.read_file(pool.id, "disk.qcow2", found.append)
    assert b"".join(found) == Path(pool.path, "disk.qcow2").read_bytes()


def test_a_simulated_host_has_no_contents(simulated: Objects) -> None:
    with pytest.raises(DriverError, match="a simulated host has no contents; use a real one"):
        simulated.hypervisor.read_file(made(simulated).id, "disk.qcow2", print)
