# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A volume is a thin file on the storage of its host; it lies over a copy of the image that it started as, if any."""

from __future__ import annotations

from ..desired import Desired, Drafts
from ..naming import image_file, image_format, snapshot_file, volume_file
from ..resource import Resource
from ..units import GIB
from ..world import BaseWanted, VolumeWanted
from .primary_storage import directory, pool_shape, stays


def revision(volume: Resource, desired: Desired) -> int:
    """How often it was reverted and, a root volume, made anew."""
    own = int(volume.spec.get("revision") or 0)
    instance = desired.ref(volume, "vm")
    if volume.spec.get("type") != "ROOT" or instance is None:
        return own
    return own + int(instance.spec.get("revision") or 0)


def copy_of(image: Resource, storage: str, desired: Desired) -> BaseWanted:
    """An image's copy on a storage, made from where it is kept on the management machine."""
    secondary = directory(desired.resources[image.spec["secondary"]].spec["url"])
    sort, name = image_format(image.kind, image.spec), image_file(image)
    return BaseWanted(image.id, storage, name, "raw" if sort == "iso" else sort, f"{secondary}/{name}")


def image_of(volume: Resource, desired: Desired) -> Resource | None:
    """What has the image that the volume started as: a root volume's template, or itself."""
    return volume if volume.spec.get("url") else desired.ref(volume, "template")


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    storage, host = desired.ref(resource, "storage"), resource.spec.get("host")
    if storage is None or host is None:
        return
    draft = drafts[host]
    draft.groups[resource.id] = resource.spec.get("vm") or resource.id
    last, had = desired.ref(resource, "last_host"), desired.ref(resource, "last_storage")
    if last is not None and had is not None:
        drafts[last.id].groups[resource.id] = draft.groups[resource.id]
        drafts[last.id].pools[had.id] = pool_shape(had)
        if not stays(storage, had):
            drafts[last.id].gone_owners.add(("", resource.id))
    draft.pools[storage.id] = pool_shape(storage)
    if resource.removing:
        draft.gone_owners.add(("", resource.id))
        return
    image, base, base_format = image_of(resource, desired), None, "qcow2"
    if image is not None:
        copy = copy_of(image, storage.id, desired)
        base, base_format = copy.name, copy.format
        draft.bases[storage.id, base] = copy
    name, size = volume_file(resource, revision(resource, desired)), resource.spec.get("size")
    draft.volumes[name] = VolumeWanted(
        owner=resource.id,
        pool=storage.id,
        name=name,
        capacity=size * GIB if size else None,
        base=base,
        base_format=base_format,
        source=snapshot_file(resource.spec["source"]) if resource.spec.get("source") else None,
    )
