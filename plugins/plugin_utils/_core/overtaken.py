# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Instances, volumes and routers that another run has changed since a run read what it works by."""

from __future__ import annotations

import typing as t

from .resource import MACHINES, Resource

# What is wanted of instances, volumes and routers, by id, by the machine that they belong to or are.
Members = t.Mapping[str, t.Mapping[str, t.Mapping[str, t.Any]]]


def members(resources: t.Iterable[Resource]) -> Members:
    """Each instance with its volumes; routers, and volumes of none, stand for themselves. What is being removed is in
    none."""
    found: dict[str, dict[str, t.Mapping[str, t.Any]]] = {}
    for one in resources:
        if one.kind in (*MACHINES, "volume") and not one.removing:
            found.setdefault(one.spec.get("vm") or one.id, {})[one.id] = one.spec
    return found


def overtaken(known: Members, current: t.Iterable[Resource], groups: t.Iterable[str]) -> set[str]:
    """Those of ``groups`` that are other ones by now, or have other volumes. Removals are never taken back."""
    now = members(current)
    return {group for group in groups if known.get(group, {}) != now.get(group, {})}
