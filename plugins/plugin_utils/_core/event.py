# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Events: what was changed, when and by whom. They are added and never changed."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from .report import Entry

# An entry's actions, and what a run could not do.
ACTIONS = ("create", "update", "remove", "mend", "fail")


@dc.dataclass(frozen=True)
class Event:
    """One change of one resource; ``before`` and ``after`` are documents with secrets hidden.

    ``at`` is ISO 8601 in UTC. ``number`` counts up in the order in which events were stored.
    """

    at: str
    actor: str
    action: str
    kind: str
    name: str
    resource: str
    before: t.Mapping[str, t.Any] = dc.field(default_factory=dict)
    after: t.Mapping[str, t.Any] = dc.field(default_factory=dict)
    message: str = ""
    number: int = 0

    def shown(self) -> dict[str, t.Any]:
        """As a module returns it."""
        return {
            "number": self.number,
            "created": self.at,
            "user": self.actor,
            "action": self.action,
            "kind": self.kind,
            "name": self.name,
            "resource_id": self.resource,
            "before": dict(self.before),
            "after": dict(self.after),
            "message": self.message,
        }


def of_entry(entry: Entry, at: str, actor: str) -> Event:
    """What a resource's entry in a report leads to: a decision, or the world that was mended."""
    before, after = dict(entry.before), dict(entry.after)
    if entry.action == "mend":
        before = {field: pair[0] for field, pair in entry.observed.items()}
        after = {field: pair[1] for field, pair in entry.observed.items()}
    elif entry.action == "update":
        # What stayed as it was says nothing.
        same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
        before, after = ({k: v for k, v in side.items() if k not in same} for side in (before, after))
    return Event(at, actor, entry.action, entry.kind, entry.name, entry.id, before, after)
