# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Instance snapshot: all disks of an instance at one moment, and its memory if that is asked for."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ABSENT, Kind, State

INSTANCE_SNAPSHOT = Kind(
    name="instance_snapshot",
    doc="instance snapshots, all disks of an instance at one moment, with its memory or without",
    scope=("vm",),
    owned=True,
    taggable=True,
    abandonable=True,
    states={
        "present": State(doc="The snapshot exists; a new one is taken now."),
        "revert": State(
            doc="The instance becomes what the snapshot holds now, each time, and runs; what it held is lost.",
            action="revert",
        ),
        "absent": ABSENT,
    },
    notes=(
        "Each disk is kept as a M(cairn.cloud.volume_snapshot), from which volumes and templates can be made.",
        "Without O(snapshot_memory) the guest starts anew from its disks when it is reverted, and with it the guest"
        " goes on where it was.",
        "With O(snapshot_memory) the guest stands still while its memory is written; without, its file systems are"
        " held still for a moment if its agent answers.",
        "Volumes that were attached since are left as they are, unless the memory is reverted to as well, which needs"
        " the size, networks and volumes that the instance had.",
        "Snapshots go with their instance.",
    ),
    fields={
        "name": Field(format="name", required=True, aliases=("display_name",), doc="Name of the snapshot."),
        "vm": Field(ref="instance", required=True, immutable=True, filterable=True, doc="Instance that it is of."),
        "description": Field(format="line", doc="Description for people."),
        "snapshot_memory": Field(
            type="bool",
            default=False,
            immutable=True,
            filterable=True,
            doc="Whether it also holds the memory of the instance, which has to run for that.",
        ),
        "zone": Field(ref="zone", immutable=True, filterable=True, doc="Zone of the instance."),
        "storage": Field(param=False, ref="primary_storage", doc="Primary storage that has the memory."),
        "host": Field(param=False, ref="host", filterable=True, doc="Host whose storages have it."),
        "type": Field(computed=True, doc="V(Disk) or V(DiskAndMemory)."),
        "current": Field(
            type="bool", computed=True, doc="Whether it is the one that was taken or reverted to last of its instance."
        ),
        "parent": Field(computed=True, doc="Name of the snapshot that was current when this one was taken."),
        "taken": Field(type="bool", computed=True, doc="Whether it is complete."),
        "quiesced": Field(
            type="bool",
            computed=True,
            doc="Whether nothing was being written at its moment, or what was being written is in its memory.",
        ),
    },
)
