# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""ISO: an image of a CD, which an instance is installed from or has in its drive."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ABSENT, DEST, PRESENT, Kind, State, extracted

ISO = Kind(
    name="iso",
    doc="ISO images, which instances are installed from or have in their drives",
    scope=("zone",),
    owned=True,
    taggable=True,
    states={
        "present": PRESENT,
        "attached": State(doc="The ISO exists and is in the drive of O(vm).", requires=("vm",)),
        "detached": State(doc="The ISO exists and is not in the drive of O(vm).", requires=("vm",)),
        "extracted": extracted("The ISO exists, and its image is the file O(dest)."),
        "absent": ABSENT,
    },
    notes=(
        "The image is fetched once, checked, looked into (it must be ISO 9660) and kept on secondary storage.",
        "A host gets its copy with the first of its instances that has the ISO in its drive.",
        "Each instance has one drive. What is in it changes while the guest runs, unless the guest holds it.",
        "In documents of M(cairn.cloud.apply), write O(cairn.cloud.instance#module:iso) at the instance instead.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the ISO."),
        "display_text": Field(format="line", doc="Description for people."),
        "url": Field(
            format="image_url",
            required=True,
            immutable=True,
            doc="Where the image is fetched from, C(file:///path), C(http://) or C(https://).",
        ),
        "checksum": Field(
            format="checksum", immutable=True, doc="Checksum that the image must have, as C(sha256:digits)."
        ),
        "bootable": Field(type="bool", default=True, doc="Whether instances can be installed from it."),
        "os_type": Field(format="line", filterable=True, doc="Operating system that is on it, for people."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that has the ISO."),
        "vm": Field(
            ref="instance", transient=True, doc="Instance that the states V(attached) and V(detached) are about."
        ),
        "dest": DEST,
        "secondary": Field(param=False, ref="secondary_storage", filterable=True, doc="Secondary storage that has it."),
        "size": Field(type="int", computed=True, unit="bytes", doc="Size of the image."),
    },
)
