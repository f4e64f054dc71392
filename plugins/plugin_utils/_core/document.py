# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A resource as a document: as people write it, as objects on hosts carry it, as modules return it."""

from __future__ import annotations

import json
import typing as t

from ...module_utils._kinds.registry import KINDS
from ...module_utils._schema.field import Field
from ...module_utils._schema.kind import Kind
from .resource import Nic, Resource

Names = t.Mapping[str, Resource]
# What objects do not carry of their resources: what is asked for at one time, and holds for no other.
_ONCE = ("power", "memory_from", "last_host", "last_storage")


def written(resource: Resource, names: Names) -> dict[str, t.Any]:
    """The spec as a user would write it: references by name, only what has a value, in the schema's order."""
    kind = KINDS[resource.kind]
    shown = {}
    for name, field in kind.stored.items():
        value = resource.spec.get(name)
        if value is not None:
            shown[name] = _by_name(field, value, names)
    return shown


def _by_name(field: Field, value: t.Any, names: Names) -> t.Any:
    if field.options is not None:
        return [{key: _by_name(field.options[key], item, names) for key, item in entry.items()} for entry in value]
    if not field.ref:
        return value
    if isinstance(value, list):
        return [name_of(item, names) for item in value]
    return name_of(value, names)


def name_of(ident: str, names: Names) -> str:
    found = names.get(ident)
    return found.name if found else ident


def refers_to(kind: Kind, resource: Resource) -> t.Iterator[str]:
    """Ids that the spec refers to."""
    for name in kind.references:
        value = resource.spec.get(name)
        if isinstance(value, list):
            yield from (item["network"] if isinstance(item, dict) else item for item in value)
        elif value:
            yield value


def carried(resource: Resource, names: Names, nics: t.Sequence[Nic] = ()) -> str:
    """What an object on a host carries of its resource, as JSON; secrets stay behind."""
    kind = KINDS[resource.kind]
    spec = {
        key: value
        for key, value in resource.spec.items()
        if key in kind.stored and not kind.stored[key].secret and value is not None and key not in _ONCE
    }
    document: dict[str, t.Any] = {
        "kind": resource.kind,
        "id": resource.id,
        "name": resource.name,
        "owner": resource.owner.path,
        "created": resource.created,
        "spec": spec,
        "names": {ident: names[ident].name for ident in sorted(_ids(spec)) if ident in names},
    }
    if nics:
        document["nics"] = [[nic.network, nic.position, nic.mac, nic.ip] for nic in nics]
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def _ids(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item)
    elif isinstance(value, str):
        yield value
