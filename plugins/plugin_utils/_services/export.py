# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The cloud as documents that a person could have written, and that apply finds nothing to do with.

What follows by itself is left out: defaults, what a resource brings along (an instance's own volumes), and what
rules fill in that no task may set.
"""

from __future__ import annotations

import collections
import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import KINDS, ORDER
from ...module_utils._schema.field import Field
from ...module_utils._schema.kind import Kind
from .._core.lifecycle import initial
from .._core.resource import Owner, Resource
from .._core.settings import Settings, defaults, in_force
from .rules import rules_of


@dc.dataclass
class Exported:
    """Documents, users after what they use, and sentences on what they leave out."""

    documents: list[dict[str, t.Any]] = dc.field(default_factory=list)
    warnings: list[str] = dc.field(default_factory=list)


def exported(resources: t.Iterable[Resource], kinds: t.Container[str] = KINDS) -> Exported:
    """Documents of those of ``kinds``; ``resources`` are all that there are, since they refer to each other."""
    there = _ordered(resources)
    names, made, settings = _Names(there), Exported(), in_force(one for one in there if one.kind == "configuration")
    for resource in there:
        if resource.kind in kinds and resource.parent is None and not resource.removing:
            made.documents.append(_document(resource, names, settings))
            made.warnings += _left_out(resource)
    return made


def _ordered(resources: t.Iterable[Resource]) -> list[Resource]:
    """Users after what they use, then by names, so that it is the same for clouds that are described alike."""
    by_id = {one.id: one for one in resources}

    def key(one: Resource) -> tuple[t.Any, ...]:
        within = [by_id[one.spec[field]].name for field in KINDS[one.kind].scope if one.spec.get(field) in by_id]
        return ORDER[one.kind], one.name, one.owner.path, within, one.id

    return sorted(by_id.values(), key=key)


class _Names:
    """How references are written: by name, and by id where the name could mean another one as well."""

    def __init__(self, resources: t.Iterable[Resource]) -> None:
        self._by_id = {resource.id: resource for resource in resources}
        self._named: dict[tuple[str, str], list[Resource]] = collections.defaultdict(list)
        for resource in self._by_id.values():
            self._named[resource.kind, resource.name].append(resource)

    def of(self, ident: str, referrer: Resource) -> str:
        meant = self._by_id.get(ident)
        if meant is None:
            return ident
        zone, owned = referrer.spec.get("zone"), KINDS[meant.kind].owned
        others = [
            one
            for one in self._named[meant.kind, meant.name]
            if (not owned or one.owner == referrer.owner) and (zone is None or one.spec.get("zone") in (None, zone))
        ]
        return meant.name if others == [meant] else ident


def _document(resource: Resource, names: _Names, settings: Settings) -> dict[str, t.Any]:
    kind = KINDS[resource.kind]
    usual, spec = initial(kind) | defaults(kind, settings), resource.spec | rules_of(kind).written(resource)
    written = {
        name: _value(field, spec[name], resource, names)
        for name, field in kind.stored.items()
        if field.is_argument and not field.secret and spec.get(name) is not None and spec[name] != usual.get(name)
    }
    if kind.each:
        # What it is named after says its name.
        del written[kind.identity]
    named = {} if kind.each else {kind.identity: resource.name}
    document = {"kind": resource.kind} | named | written | _owner(resource.owner)
    state = _state(kind, resource)
    return document | ({"state": state} if state else {})


def _value(field: Field, value: t.Any, resource: Resource, names: _Names) -> t.Any:
    if field.options is not None:
        inner = field.options
        return [{key: _value(inner[key], item, resource, names) for key, item in entry.items()} for entry in value]
    if not field.ref:
        return value
    return [names.of(item, resource) for item in value] if isinstance(value, list) else names.of(value, resource)


def _owner(owner: Owner) -> dict[str, str]:
    usual = Owner()
    return {name: value for name, value in vars(owner).items() if value != getattr(usual, name)}


def _state(kind: Kind, resource: Resource) -> str | None:
    """The state that brings a new resource where this one is, unless it comes there by itself."""
    defaults = initial(kind)
    for name, state in kind.states.items():
        reached = all(resource.spec.get(field) == value for field, value in state.sets.items())
        differs = any(defaults.get(field) != value for field, value in state.sets.items())
        if reached and differs and not state.action:
            return name
    return None


def _left_out(resource: Resource) -> t.Iterator[str]:
    kind = KINDS[resource.kind]
    for name, field in kind.stored.items():
        if field.secret and field.is_argument and resource.spec.get(name) is not None:
            yield f"{resource.label}: its {name} is secret and left out; write it yourself where you need it"
