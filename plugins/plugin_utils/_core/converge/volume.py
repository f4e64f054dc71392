# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A volume is a thin file on the storage of its host; a root volume lies over its template's copy."""

from __future__ import annotations

from ..desired import Desired, Drafts
from ..naming import template_file, volume_file
from ..resource import Resource
from ..world import BaseWanted, VolumeWanted
from .primary_storage import directory, pool_shape

GIB = 1 << 30


def revision(volume: Resource, desired: Desired) -> int:
    """How often a root volume was made anew."""
    instance = desired.ref(volume, "vm")
    if volume.spec.get("type") != "ROOT" or instance is None:
        return 0
    return int(instance.spec.get("revision") or 0)


def secondary_path(template: Resource, desired: Desired) -> str:
    """Where the template's image is kept on the management machine."""
    storage = desired.resources[template.spec["secondary"]]
    return f"{directory(storage.spec['url'])}/{template_file(template)}"


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    storage, host = desired.ref(resource, "storage"), resource.spec.get("host")
    if storage is None or host is None:
        return
    draft = drafts[host]
    draft.groups[resource.id] = resource.spec.get("vm") or resource.id
    draft.pools[storage.id] = pool_shape(storage)
    if resource.removing:
        draft.gone_owners.add(("", resource.id))
        return
    template, base, base_format = desired.ref(resource, "template"), None, "qcow2"
    if template is not None:
        base, base_format = template_file(template), template.spec["format"].lower()
        source = secondary_path(template, desired)
        draft.bases[storage.id, base] = BaseWanted(template.id, storage.id, base, base_format, source)
    name, size = volume_file(resource, revision(resource, desired)), resource.spec.get("size")
    draft.volumes[name] = VolumeWanted(
        owner=resource.id,
        pool=storage.id,
        name=name,
        capacity=size * GIB if size else None,
        base=base,
        base_format=base_format,
    )
