# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Disk offering: the size and place of a data volume."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

DISK_OFFERING = Kind(
    name="disk_offering",
    doc="disk offerings, the sizes of data volumes",
    fields={
        "name": Field(format="name", required=True, doc="Name of the disk offering."),
        "display_text": Field(format="line", doc="Description for people."),
        "disk_size": Field(
            type="int",
            minimum=1,
            maximum=65536,
            unit="GiB",
            immutable=True,
            doc="Size; a volume of an offering without one names its own.",
        ),
        "storage_tags": Field(
            type="list", elements="str", default=[], doc="Volumes are placed on storage that has all of these tags."
        ),
    },
)
