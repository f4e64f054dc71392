# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Volume snapshot: what was on a volume at a moment."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ABSENT, Kind, State

VOLUME_SNAPSHOT = Kind(
    name="volume_snapshot",
    doc="volume snapshots, copies of volumes as they were at a moment",
    scope=("zone",),
    owned=True,
    taggable=True,
    abandonable=True,
    after=("instance_snapshot",),
    states={
        "present": State(doc="The snapshot exists; a new one is taken now."),
        "reverted": State(
            doc="The volume becomes what the snapshot holds now, each time; what it held is lost.", action="revert"
        ),
        "absent": ABSENT,
    },
    notes=(
        "A snapshot is taken while the guest runs; its file systems are held still for a moment if its agent answers.",
        "It is a copy that stands alone, beside its volume on the same storage. It stays when the volume goes.",
        "A running instance is restarted by V(reverted), which needs O(force=true).",
        "Those that M(cairn.cloud.instance_snapshot) took belong to it and go with it.",
        "A snapshot whose file is lost is never taken anew; the task says that it is lost.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the snapshot."),
        "volume": Field(
            ref="volume",
            required=True,
            immutable=True,
            filterable=True,
            doc="Volume that it is of; the root volume of instance C(web1) is C(ROOT-web1).",
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that it is in."),
        "storage": Field(param=False, ref="primary_storage", filterable=True, doc="Primary storage that has it."),
        "host": Field(param=False, ref="host", filterable=True, doc="Host whose storage has it."),
        "policy": Field(
            param=False, ref="volume_snapshot_policy", filterable=True, doc="Volume snapshot policy that made it."
        ),
        "size": Field(type="int", computed=True, unit="bytes", doc="Size of the disk that it holds."),
        "taken": Field(type="bool", computed=True, doc="Whether it is complete."),
        "quiesced": Field(
            type="bool",
            computed=True,
            doc="Whether nothing was being written at its moment: the guest's agent saw to it, or no guest ran.",
        ),
    },
)
