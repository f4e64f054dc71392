# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What has still to become what a snapshot holds: as long as anything has, the snapshot has to stay."""

from __future__ import annotations

from .resource import Resource

# In a volume's status: the revision that is known to be a copy of the snapshot that it was to become.
COPIED = "copied"


def awaits(one: Resource) -> str | None:
    """The id of the snapshot that a volume, a template or an instance needs, until its copy is known to be made."""
    spec, status = one.spec, one.status
    if one.kind == "volume":
        done = status.get(COPIED) == (spec.get("revision") or 0)
        return None if done else spec.get("source")
    if one.kind == "template":
        return None if status.get("sha256") else spec.get("source")
    if one.kind == "instance":
        done = status.get("memory_number", 0) >= (spec.get("memory_number") or 0)
        return None if done else spec.get("memory_from")
    return None
