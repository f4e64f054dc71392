# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Primary storage is a directory pool on each of its hosts: a directory of each host's own, or one that they share."""

from __future__ import annotations

import posixpath
from urllib.parse import urlsplit

from ..desired import Desired, Draft, Drafts
from ..resource import Resource, object_name
from ..world import PoolShape

# Where hosts mount what they share, as in CloudStack.
_MOUNTS = "/mnt"


def directory(url: str) -> str:
    return "/" + posixpath.normpath(urlsplit(url).path).lstrip("/")


def export(url: str) -> str:
    """What is mounted by NFS, as ``server:/path``; empty where nothing is."""
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}:{directory(url)}" if parts.scheme == "nfs" else ""


def is_shared(storage: Resource) -> bool:
    """Whether its hosts have the same files."""
    return names_shared(storage.spec["storage_url"])


def names_shared(url: str) -> bool:
    """Whether what it names is the same on all hosts."""
    return urlsplit(url).scheme != "file"


def stays(storage: Resource | None, last: Resource | None) -> bool:
    """Whether what was on the storage ``last`` is where it was, on ``storage``, when it went to another host."""
    return storage is not None and last is not None and storage.id == last.id and is_shared(storage)


def pool_shape(storage: Resource) -> PoolShape:
    path, source = directory(storage.spec["storage_url"]), export(storage.spec["storage_url"])
    if source:
        path = f"{_MOUNTS}/{storage.id}"
    return PoolShape(storage.id, object_name(storage), path, source, is_shared(storage))


def serves(storage: Resource, host: Resource) -> bool:
    """True when the host is one of the storage's."""
    if storage.spec.get("host"):
        return bool(storage.spec["host"] == host.id)
    if storage.spec.get("cluster"):
        return bool(storage.spec["cluster"] == host.spec.get("cluster"))
    return bool(storage.spec.get("zone") == host.spec.get("zone"))


def drop_pool(storage: Resource, host: Resource, desired: Desired, draft: Draft) -> None:
    """The pool goes, and with it the copies of images and the record; nothing else of ours can be left in it.

    What a host that leaves shared with others stays theirs.
    """
    draft.gone_pools.add(storage.id)
    draft.gone_owners.add((storage.id, host.id))
    if is_shared(storage):
        if not storage.removing:
            return
        draft.gone_owners.add((storage.id, storage.id))
    for image in (*desired.of("template"), *desired.of("iso")):
        draft.gone_owners.add((storage.id, image.id))


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    for host in desired.of("host"):
        if host.removing or not serves(resource, host):
            continue
        if resource.removing:
            drop_pool(resource, host, desired, drafts[host.id])
        else:
            drafts[host.id].pools[resource.id] = pool_shape(resource)
