# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of primary storage: one directory is one storage."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.converge.primary_storage import directory, export, names_shared
from ..._core.resource import Resource
from ..session import Session
from .base import Rules


class PrimaryStorageRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if spec.get("host") and spec.get("cluster"):
            raise document.error("host", "it is given together with cluster; give one of them")
        if spec.get("host") and names_shared(spec["storage_url"]):
            raise document.error("host", "hosts share this storage; leave it out, or name a directory by file://")
        for other in session.tx.select("primary_storage"):
            if before is not None and other.id == before.id:
                continue
            same = _place(other.spec["storage_url"]) == _place(spec["storage_url"])
            if same and other.spec["zone"] == spec["zone"] and not _apart(other.spec, spec):
                raise document.error("storage_url", f"{other.label} has this directory already; use another one")
        return spec


def _place(url: str) -> str:
    return export(url) or directory(url)


def _apart(one: t.Mapping[str, t.Any], other: t.Mapping[str, t.Any]) -> bool:
    """True when both are bound to hosts, or both to clusters, and not to the same."""
    return any(one.get(name) and other.get(name) and one[name] != other[name] for name in ("host", "cluster"))
