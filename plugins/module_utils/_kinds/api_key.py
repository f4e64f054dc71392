# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""API key: lets whoever has it ask the management daemon."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

API_KEY = Kind(
    name="api_key",
    doc="API keys, which let programs and people ask the management daemon",
    once={"api_key": "The key itself."},
    notes=(
        "The key is returned this once, when it is made. The cloud keeps a digest of it, from which it cannot be had.",
        "A key that is removed is refused from then on. Whoever has a key may do everything.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the API key, which events show as the user."),
        "description": Field(format="line", doc="Description for people."),
        "hint": Field(computed=True, doc="How the key begins, by which it is told from others."),
    },
)
