# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Volume: a disk of an instance."""

from __future__ import annotations

from .._schema.field import Field, Impact
from .._schema.kind import ABSENT, DEST, PRESENT, Kind, State, extracted

VOLUME = Kind(
    name="volume",
    doc="volumes, the disks of instances",
    scope=("zone",),
    owned=True,
    taggable=True,
    states={
        "present": PRESENT,
        "attached": State(doc="The volume exists and is attached to O(vm).", requires=("vm",)),
        "detached": State(doc="The volume exists and is attached to nothing.", sets={"vm": None}),
        "uploaded": State(doc="The volume exists; a new one starts as the image at O(url).", requires=("url",)),
        "extracted": extracted("What is on the volume, which no guest has open, is the file O(dest)."),
        "absent": ABSENT,
    },
    notes=(
        "A volume gets its place with its first instance, on the host of that instance.",
        "The image that a volume starts as is fetched once, checked, looked into (it must stand alone) and kept on"
        " secondary storage. The volume is a thin overlay of a copy of it on its host.",
        "V(extracted) reads a volume from its host. What a guest has open would be torn, and is refused.",
        "To extract it nevertheless, extract a template that is made from a snapshot of the volume.",
        "A file that a volume was extracted to is replaced, without O(force), when the volume was written to since.",
        "Root volumes, and data volumes that M(cairn.cloud.instance) was asked for, belong to their instance.",
    ),
    abandonable=True,
    fields={
        "name": Field(format="name", required=True, doc="Name of the volume."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the volume is in."),
        "disk_offering": Field(
            ref="disk_offering", immutable=True, filterable=True, doc="Disk offering that sizes and places the volume."
        ),
        "size": Field(
            type="int",
            minimum=1,
            maximum=65536,
            unit="GiB",
            impact=Impact.LIVE,
            doc="Size, where the offering has none; it can grow and never shrinks.",
        ),
        "snapshot": Field(
            format="name",
            immutable=True,
            doc=(
                "Name or id of a volume snapshot that a new volume starts as; it has to be there already.",
                "The volume is on the snapshot's host and storage, and at least as large.",
            ),
        ),
        "url": Field(
            format="image_url",
            immutable=True,
            doc=(
                "Where an image is fetched from that a new volume starts as, C(file:///path), C(http://) or C(https://).",
                "The volume is at least as large as the image's disk.",
            ),
        ),
        "format": Field(
            choices=("QCOW2", "RAW"), immutable=True, doc="Format of the image at O(url), V(QCOW2) when left out."
        ),
        "checksum": Field(
            format="checksum", immutable=True, doc="Checksum that the image must have, as C(sha256:digits)."
        ),
        "vm": Field(
            ref="instance", filterable=True, impact=Impact.LIVE, doc="Instance that the volume is attached to."
        ),
        "dest": DEST,
        "type": Field(param=False, default="DATADISK", filterable=True, doc="V(ROOT) or V(DATADISK)."),
        "template": Field(param=False, ref="template", doc="Template that a root volume starts from."),
        "storage": Field(param=False, ref="primary_storage", filterable=True, doc="Primary storage that has it."),
        "host": Field(param=False, ref="host", filterable=True, doc="Host whose storage has it."),
        "last_host": Field(param=False, ref="host", doc="Host that it is on its way from with its instance."),
        "last_storage": Field(param=False, ref="primary_storage", doc="Primary storage that had it there."),
        "secondary": Field(
            param=False, ref="secondary_storage", doc="Secondary storage that has the image that it started as."
        ),
        "source": Field(param=False, doc="Id of the volume snapshot that its file is a copy of."),
        "revision": Field(param=False, type="int", default=0, doc="How often it was reverted."),
        "device_id": Field(
            param=False, type="int", minimum=0, maximum=25, doc="Place on the instance, 0 being the root volume."
        ),
    },
)
