# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Security group: what instances let in and out."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

SECURITY_GROUP = Kind(
    name="security_group",
    doc="security groups, which decide on the traffic of their instances",
    owned=True,
    taggable=True,
    notes=(
        "Rules say what may pass, see M(cairn.cloud.security_group_rule); a group without any lets nothing in.",
        "A group is removed with its rules, once no instance is in it and no other group's rule names it.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the security group."),
        "description": Field(format="line", doc="Description for people."),
    },
)
