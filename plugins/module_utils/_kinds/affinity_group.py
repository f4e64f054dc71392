# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Affinity group: instances that belong together on a host, or apart."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

AFFINITY_GROUP = Kind(
    name="affinity_group",
    doc="affinity groups, which keep instances together or apart",
    owned=True,
    fields={
        "name": Field(format="name", required=True, doc="Name of the affinity group."),
        "description": Field(format="line", doc="Description for people."),
        "affinity_type": Field(
            choices=(
                "host anti-affinity",
                "host affinity",
                "non-strict host anti-affinity",
                "non-strict host affinity",
            ),
            default="host anti-affinity",
            immutable=True,
            filterable=True,
            doc=(
                "V(host anti-affinity) puts each instance on a host of its own, V(host affinity) all on one.",
                "The V(non-strict) ones do so as far as hosts have room.",
            ),
        ),
    },
)
