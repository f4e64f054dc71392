# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Service offering: the processors and memory of an instance."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import Kind

SERVICE_OFFERING = Kind(
    name="service_offering",
    doc="service offerings, the sizes of instances",
    notes=("An offering in use keeps its size; make another one and give it to the instances that are to change.",),
    fields={
        "name": Field(format="name", required=True, doc="Name of the service offering."),
        "display_text": Field(format="line", doc="Description for people."),
        "cpu_number": Field(
            type="int", minimum=1, maximum=512, immutable=True, impact=Impact.RESTART, doc="Number of virtual CPUs."
        ),
        "memory": Field(
            type="int", minimum=16, maximum=16777216, unit="MiB", immutable=True, impact=Impact.RESTART, doc="Memory."
        ),
        "is_customized": Field(
            type="bool", default=False, immutable=True, doc="Whether each instance names its own CPUs and memory."
        ),
        "host_tags": Field(
            type="list", elements="str", default=[], doc="Instances are placed on hosts that have all of these tags."
        ),
        "storage_tags": Field(
            type="list",
            elements="str",
            default=[],
            doc="Root volumes are placed on storage that has all of these tags.",
        ),
        "deployment_planner": Field(
            choices=("spread", "pack", "FirstFitPlanner", "UserDispersingPlanner", "UserConcentratedPodPlanner"),
            default="spread",
            doc=(
                "Which of the hosts that have room a new instance is placed on.",
                "V(spread) takes the one with the most free memory, V(pack) the fullest one.",
                "V(FirstFitPlanner) takes the first one by name.",
                "V(UserDispersingPlanner) takes the one with the fewest instances of the owner, "
                "V(UserConcentratedPodPlanner) one of the pod that has the most; then as V(spread).",
                "A change holds for instances that are made from then on.",
            ),
        ),
        "root_disk_size": Field(
            type="int",
            minimum=1,
            maximum=65536,
            unit="GiB",
            immutable=True,
            doc="Size of the root volume, the template's by default.",
        ),
    },
)
