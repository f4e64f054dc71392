# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Primary storage: where the volumes of running instances are."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ALLOCATION_STATE, Kind, allocation_states

PRIMARY_STORAGE = Kind(
    name="primary_storage",
    plural="primary_storage",
    synonyms=("storage_pool",),
    doc="primary storage, where the volumes of instances are",
    scope=("zone",),
    states=allocation_states(maintenance=True),
    notes=(
        "Each host that uses a directory (C(file://)) has one of its own; hosts of another storage share one.",
        "Files in it that are not the cloud's stay untouched.",
    ),
    abandonable=True,
    fields={
        "name": Field(format="name", required=True, doc="Name of the primary storage."),
        "storage_url": Field(
            format="storage_url",
            required=True,
            immutable=True,
            doc=(
                "Directory on each of its hosts, as C(file:///path).",
                "C(SharedMountPoint:///path) is one that its hosts share, and that is mounted there on each of them."
                " C(nfs://server/path) is one that its hosts mount by themselves, below C(/mnt).",
                "Instances on what is shared move while they run without their disks being copied.",
                "It has to be a file system on which locks of files hold between hosts.",
            ),
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the storage is in."),
        "cluster": Field(
            ref="cluster",
            immutable=True,
            filterable=True,
            doc="Only hosts of this cluster have it, not all of the zone.",
        ),
        "host": Field(ref="host", immutable=True, filterable=True, doc="Only this host has it, not all of the zone."),
        "storage_tags": Field(
            type="list", elements="str", default=[], doc="Tags that offerings ask for to have volumes placed here."
        ),
        "over_provisioning_ratio": Field(
            type="float",
            default=2.0,
            setting="storage.overprovisioning.factor",
            minimum=1,
            maximum=100,
            doc="Sizes of thin volumes that are placed here per capacity.",
        ),
        "allocation_state": ALLOCATION_STATE,
    },
)
