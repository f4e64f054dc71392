# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Secondary storage: where templates are kept, away from the hosts."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

SECONDARY_STORAGE = Kind(
    name="secondary_storage",
    plural="secondary_storage",
    synonyms=("image_store",),
    doc="secondary storage, where templates are kept",
    scope=("zone",),
    fields={
        "name": Field(format="name", required=True, doc="Name of the secondary storage."),
        "url": Field(
            format="directory_url",
            required=True,
            immutable=True,
            doc="Directory on the management machine, as C(file:///path).",
        ),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that the storage serves."),
    },
)
