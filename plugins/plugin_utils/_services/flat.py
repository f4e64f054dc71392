# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A resource as a module returns it: one level, references by name, secrets left out."""

from __future__ import annotations

import typing as t

from ...module_utils._kinds.registry import KINDS
from .._core.document import written
from .._core.resource import Nic, Resource
from .rules import rules_of


def flat(resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
    """``id``, ``name``, ``state``, owner, ``created``, and each field that has a value."""
    kind = KINDS[resource.kind]
    rules = rules_of(kind)
    shown = {name: value for name, value in written(resource, names).items() if not kind.stored[name].secret}
    computed = {
        name: value
        for name, value in rules.returned(resource, names, nics).items()
        if name in kind.all_fields and value is not None and name not in shown
    }
    result = {"id": resource.id} | shown | computed
    result["state"] = "Absent" if resource.removing else rules.state(resource)
    result["created"] = resource.created
    if not resource.id:
        del result["id"], result["created"]
    if kind.taggable:
        result["tags"] = [{"key": key, "value": value} for key, value in (resource.spec.get("tags") or {}).items()]
    if kind.owned:
        owner = resource.owner
        result |= {"domain": owner.domain, "account": owner.account}
        if owner.project:
            result["project"] = owner.project
    return result
