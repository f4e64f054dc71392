# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What shapes tell of themselves."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    InstanceSnapshotWanted,
    Memory,
    SnapshotWanted,
)

DISKS = (SnapshotWanted("a", "p1", "a.qcow2", "root"), SnapshotWanted("b", "p2", "b.qcow2", "data"))


def test_an_instance_snapshot_is_made_of_its_disks_and_its_memory() -> None:
    files = (("p1", "a.qcow2"), ("p2", "b.qcow2"))
    assert InstanceSnapshotWanted("s", "vm", DISKS).files == files
    assert InstanceSnapshotWanted("s", "vm", DISKS, Memory("p1", "m.save")).files == (*files, ("p1", "m.save"))
