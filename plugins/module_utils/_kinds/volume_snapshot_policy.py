# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Volume snapshot policy: when a volume's snapshots are taken, and how many are kept."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

VOLUME_SNAPSHOT_POLICY = Kind(
    name="volume_snapshot_policy",
    doc="policies by which snapshots of volumes are taken regularly",
    identity="interval_type",
    scope=("volume",),
    owned=True,
    taggable=True,
    plural="volume_snapshot_policies",
    synonyms=("snapshot_policy",),
    notes=(
        "A volume has at most one policy of each interval. Policies go with their volume.",
        "Snapshots are taken by C(cairn snapshots), which the timer of role P(cairn.cloud.management#role) runs.",
        "A new snapshot is complete before the oldest one goes, so that storage needs room for one more.",
        "Of moments that were missed, the last one is made up for. Snapshots that other tasks took are never removed.",
        "When a policy is removed, the snapshots that it made stay, as if others had taken them.",
    ),
    fields={
        "interval_type": Field(
            choices=("hourly", "daily", "weekly", "monthly"),
            required=True,
            aliases=("interval",),
            doc="How often a snapshot is taken.",
        ),
        "volume": Field(ref="volume", required=True, immutable=True, filterable=True, doc="Volume that it is for."),
        "vm": Field(ref="instance", transient=True, doc="Instance whose volume it is for, instead of O(volume)."),
        "device_id": Field(
            type="int",
            minimum=0,
            transient=True,
            doc="Which volume of O(vm), V(0) being the root volume and the default.",
        ),
        "schedule": Field(
            format="line",
            required=True,
            doc=(
                "When a snapshot is taken, as V(MM) hourly, V(MM:HH) daily, V(MM:HH:D) weekly and V(MM:HH:DD) monthly.",
                "A week begins with day V(1), the Sunday; days of a month are V(1) to V(28), which each one has.",
            ),
        ),
        "max_snaps": Field(
            type="int",
            default=8,
            minimum=1,
            maximum=1000,
            aliases=("max",),
            doc="How many of its snapshots are kept; older ones are removed.",
        ),
        "time_zone": Field(
            format="line",
            default="UTC",
            aliases=("timezone",),
            doc="Time zone of O(schedule), by its name in the IANA database, such as V(Europe/Vienna).",
        ),
        "zone": Field(param=False, ref="zone", filterable=True, doc="Zone of the volume."),
        "last": Field(computed=True, doc="When its last snapshot was taken, in UTC."),
    },
)
