# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What differs between two documents of a kind, and what it means for a running workload."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from .field import Impact
from .kind import Kind

HIDDEN = "(hidden)"
HIDDEN_CHANGED = "(hidden, changed)"


@dc.dataclass(frozen=True)
class Change:
    """One field of one resource: from ``before`` to ``after``."""

    field: str
    before: t.Any
    after: t.Any
    impact: Impact
    immutable: bool = False


def diff(kind: Kind, before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any]) -> list[Change]:
    """The fields that differ, in the order of the schema."""
    if before == after:  # most resources of most runs
        return []
    return [
        Change(name, before.get(name), after.get(name), field.impact, field.immutable)
        for name, field in kind.stored.items()
        if before.get(name) != after.get(name)
    ]


def redact(kind: Kind, document: t.Mapping[str, t.Any], other: t.Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
    """``document`` with its secrets hidden; a secret that differs from ``other``'s says so."""
    shown = dict(document)
    for name, field in kind.stored.items():
        if field.secret and shown.get(name) is not None:
            changed = other is not None and other.get(name) != shown[name]
            shown[name] = HIDDEN_CHANGED if changed else HIDDEN
    return shown
