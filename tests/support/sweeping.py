# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Removal of what a cloud left on a host that others share, whatever state it is in, without the engine.

Only what has the id of one of the cloud's resources is touched.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import libvirt

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import filter_owner, owner_of

_UNDEFINE = (
    libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
    | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
    | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA
    | libvirt.VIR_DOMAIN_UNDEFINE_NVRAM
)


def known_ids(database: Path) -> set[str]:
    """The ids of all that an SQLite database has or had; none of a database that cannot be read."""
    found: set[str] = set()
    for query in ("SELECT id FROM resource", "SELECT resource FROM event"):
        with contextlib.suppress(sqlite3.Error), contextlib.closing(_read(database)) as connection:
            found |= {str(ident) for (ident,) in connection.execute(query)}
    return found - {""}


def _read(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)


def sweep(uri: str, ids: Collection[str], storage: Path) -> list[str]:
    """End and remove machines, networks, filters, pools and files of resources ``ids``; what there was of them."""
    with contextlib.closing(libvirt.open(uri)) as connection:
        return [*_objects(connection, ids), *_files(storage, ids)]


def _objects(connection: Any, ids: Collection[str]) -> Iterator[str]:
    for domain in connection.listAllDomains():
        if domain.UUIDString() in ids:
            yield f"domain {domain.name()}"
            if domain.isActive():
                domain.destroy()
            # One that was not defined any more is gone by then.
            with contextlib.suppress(libvirt.libvirtError):
                domain.undefineFlags(_UNDEFINE)
    for what, found in (("network", connection.listAllNetworks()), ("pool", connection.listAllStoragePools())):
        for one in found:
            if one.UUIDString() in ids:
                yield f"{what} {one.name()}"
                if one.isActive():
                    one.destroy()
                with contextlib.suppress(libvirt.libvirtError):
                    one.undefine()
    for one in connection.listAllNWFilters():
        if filter_owner(one.name()) in ids:
            yield f"filter {one.name()}"
            one.undefine()


def _files(storage: Path, ids: Collection[str]) -> Iterator[str]:
    for path in sorted(storage.rglob("*")):
        if owner_of(path.name) in ids and path.is_file():
            yield f"file {path.name}"
            path.unlink()
