# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Pools of a directory that hosts share, on real libvirt: the directory is not made, and is told from another one."""

from __future__ import annotations

import dataclasses as dc
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import shared_mark
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import PoolShape
from support.libvirt_objects import Objects


def shared(objects: Objects) -> PoolShape:
    return dc.replace(objects.pool(), shared=True)


def test_a_directory_that_is_not_there_is_not_made(real: Objects) -> None:
    shape = shared(real)
    with pytest.raises(DriverError, match=f"see that {shape.path} is mounted on the host"):
        real.hypervisor.define_pool(shape, first=True)
    assert not Path(shape.path).exists()
    assert shape.id not in real.seen().pools


def test_the_first_host_marks_the_directory(real: Objects) -> None:
    shape = shared(real)
    Path(shape.path).mkdir()
    for first in (True, False, False):
        real.hypervisor.define_pool(shape, first=first)
        assert {*real.seen().pools[shape.id].volumes} == {shared_mark(shape.id)}


def test_a_directory_without_the_mark_gets_nothing(real: Objects) -> None:
    shape = shared(real)
    Path(shape.path).mkdir()
    with pytest.raises(DriverError, match=f"{shape.path} is not the directory that its other hosts have"):
        real.hypervisor.define_pool(shape)
    assert list(Path(shape.path).iterdir()) == []
    assert shape.id not in real.seen().pools


def test_what_another_host_made_is_seen_after_a_look(real: Objects) -> None:
    shape = shared(real)
    Path(shape.path).mkdir()
    real.hypervisor.define_pool(shape, first=True)
    file = Path(shape.path) / "volume.qcow2"
    file.touch()
    real.hypervisor.refresh_pool(shape.id)
    real.hypervisor.delete_volume(shape.id, file.name)
    assert not file.exists()


def exported(objects: Objects) -> PoolShape:
    shape = objects.pool()
    return dc.replace(shape, source="127.0.0.1:/export", shared=True)


def test_an_export_that_cannot_be_mounted_is_refused(real: Objects) -> None:
    """Whether the kernel has no NFS, the host no client or nobody serves it: nothing is put into the mount point."""
    shape = exported(real)
    with pytest.raises(DriverError, match="see that the host may mount it, and has nfs-common"):
        real.hypervisor.define_pool(shape, first=True)
    assert list(Path(shape.path).iterdir()) == []
    assert shape.id not in real.seen().pools


def test_an_export_is_seen_as_it_was_wanted(simulated: Objects) -> None:
    shape = exported(simulated)
    for _again in range(2):
        simulated.hypervisor.define_pool(shape)
        seen = simulated.seen().pools[shape.id]
        assert (seen.shape, seen.active, seen.autostart) == (shape, True, True)
    simulated.hypervisor.remove_pool(shape.id)
    assert shape.id not in simulated.seen().pools
