# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""User data: what cloud-init does at an instance's first start, kept under a name."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

USER_DATA = Kind(
    name="user_data",
    plural="user_data",
    doc="user data for cloud-init, kept under a name",
    owned=True,
    notes=("User data often holds passwords: it is encrypted in the database and never shown.",),
    fields={
        "name": Field(format="name", required=True, doc="Name of the user data."),
        "user_data": Field(
            format="text", required=True, secret=True, doc="The text, C(#cloud-config) or a script, at most 64 KiB."
        ),
    },
)
