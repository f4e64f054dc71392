# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Copies of an image (a template, an ISO) on hosts come with the instances that need them, and go with it."""

from __future__ import annotations

from ..desired import Desired, Drafts
from ..resource import Resource
from .primary_storage import pool_shape, serves


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    if not resource.removing:
        return
    for ident in resource.status.get("hosts", []):
        host = desired.resources.get(ident)
        if host is None:
            continue
        drafts[ident].gone_owners.add(("", resource.id))
        # Its copies are looked for where they can be.
        for storage in desired.of("primary_storage"):
            if serves(storage, host) and not storage.removing and not host.removing:
                drafts[ident].pools[storage.id] = pool_shape(storage)
