# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Template: an image that instances start from."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import ABSENT, DEST, PRESENT, Kind, extracted

TEMPLATE = Kind(
    name="template",
    doc="templates, the images that instances start from",
    scope=("zone",),
    owned=True,
    taggable=True,
    aside={"is_routing": True},
    states={
        "present": PRESENT,
        "extracted": extracted("The template exists, and its image is the file O(dest)."),
        "absent": ABSENT,
    },
    notes=(
        "The image is fetched once, checked, looked into (it must stand alone) and kept on secondary storage.",
        "A host gets its copy with its first instance; instances are thin overlays of that copy.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the template."),
        "display_text": Field(format="line", doc="Description for people."),
        "url": Field(
            format="image_url",
            immutable=True,
            doc=(
                "Where the image is fetched from, C(file:///path), C(http://) or C(https://).",
                "A new template needs it, or O(snapshot).",
            ),
        ),
        "snapshot": Field(
            format="name",
            immutable=True,
            doc="Name or id of a volume snapshot that the template is made from; it has to be there already.",
        ),
        "format": Field(choices=("QCOW2", "RAW"), default="QCOW2", immutable=True, doc="Format of the image."),
        "checksum": Field(
            format="checksum", immutable=True, doc="Checksum that the image must have, as C(sha256:digits)."
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that has the template."),
        "is_routing": Field(
            type="bool",
            default=False,
            immutable=True,
            filterable=True,
            doc=(
                "Whether virtual routers run it, and no instance by default; role P(cairn.cloud.router_image#role) "
                "builds one.",
                "New routers run the newest one of their zone.",
            ),
        ),
        "login_user": Field(
            format="user",
            default="root",
            doc="User that the image's cloud-init gives SSH keys to; the inventory logs in as this user.",
        ),
        "dest": DEST,
        "source": Field(param=False, doc="Id of the volume snapshot that the image is a copy of."),
        "secondary": Field(param=False, ref="secondary_storage", filterable=True, doc="Secondary storage that has it."),
        "size": Field(type="int", computed=True, unit="bytes", doc="Size of the disk that guests see."),
        "physical_size": Field(type="int", computed=True, unit="bytes", doc="Size of the image's file."),
    },
)
