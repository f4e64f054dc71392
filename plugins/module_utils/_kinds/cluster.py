# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Cluster: hosts of one hypervisor and one processor type, between which instances may move."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ALLOCATION_STATE, DEDICATION, Kind, allocation_states

CLUSTER = Kind(
    name="cluster",
    doc="clusters, groups of like hosts",
    scope=("zone",),
    states=allocation_states(),
    fields={
        "name": Field(format="name", required=True, doc="Name of the cluster."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the cluster is in."),
        "pod": Field(ref="pod", only_one=True, immutable=True, filterable=True, doc="Pod that the cluster is in."),
        "hypervisor": Field(choices=("KVM",), default="KVM", immutable=True, doc="Hypervisor of the hosts."),
        "cpu_overcommit_ratio": Field(
            type="float",
            default=4.0,
            setting="cpu.overprovisioning.factor",
            minimum=1,
            maximum=64,
            doc="Virtual CPUs that are placed per CPU of a host.",
        ),
        "memory_overcommit_ratio": Field(
            type="float",
            default=1.0,
            setting="mem.overprovisioning.factor",
            minimum=1,
            maximum=8,
            doc="Memory that is placed per memory of a host.",
        ),
        **DEDICATION,
        "allocation_state": ALLOCATION_STATE,
    },
)
