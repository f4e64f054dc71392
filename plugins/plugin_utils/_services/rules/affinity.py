# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Affinity groups, as placement wants to know them."""

from __future__ import annotations

from ..._core.place import Affinity
from ..._core.resource import Resource
from ..session import Session


def affinity(session: Session, resource: Resource) -> tuple[Affinity, ...]:
    """The instance's affinity groups, and where their other instances are."""
    found = []
    for ident in resource.spec.get("affinity_groups") or []:
        group = session.one(ident)
        kind = group.spec["affinity_type"]
        members = [m for m in session.tx.referrers(ident) if m.kind == "instance" and m.id != resource.id]
        hosts = frozenset(member.spec["host"] for member in members if member.spec.get("host"))
        found.append(Affinity(group.name, hosts, kind.endswith("anti-affinity"), not kind.startswith("non-strict")))
    return tuple(found)
