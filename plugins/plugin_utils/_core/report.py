# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a run did, or would do: the same words for both, so that they can be compared."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._schema.field import Impact

ACTIONS = ("create", "update", "remove", "mend", "none")


@dc.dataclass
class Entry:
    """One resource of a run.

    ``action`` is one of ACTIONS; ``before`` and ``after`` are documents with secrets hidden;
    ``observed`` are differences of the world that were mended: field to (before, after).
    """

    id: str
    kind: str
    name: str
    action: str = "none"
    before: dict[str, t.Any] = dc.field(default_factory=dict)
    after: dict[str, t.Any] = dc.field(default_factory=dict)
    observed: dict[str, tuple[t.Any, t.Any]] = dc.field(default_factory=dict)
    steps: list[str] = dc.field(default_factory=list)
    impact: Impact = Impact.NONE
    warnings: list[str] = dc.field(default_factory=list)

    @property
    def changed(self) -> bool:
        return self.action != "none"

    @property
    def label(self) -> str:
        return f"{self.kind.replace('_', ' ')} '{self.name}'"

    def summary(self) -> dict[str, t.Any]:
        """For a task's result."""
        return {
            "kind": self.kind,
            "name": self.name,
            "action": self.action,
            "impact": self.impact.word,
            "steps": self.steps,
        }

    def diff(self) -> dict[str, t.Any]:
        """In the shape that Ansible prints with ``--diff``."""
        before, after = dict(self.before), dict(self.after)
        if self.observed:
            before["observed"] = {field: pair[0] for field, pair in self.observed.items()}
            after["observed"] = {field: pair[1] for field, pair in self.observed.items()}
        return {
            "before_header": self.label,
            "after_header": f"{self.label} ({self.action}, impact: {self.impact.word})",
            "before": before,
            "after": after,
        }


@dc.dataclass
class Report:
    """The entries of a run in the order of work, and what else there is to say."""

    entries: list[Entry] = dc.field(default_factory=list)
    warnings: list[str] = dc.field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(entry.changed for entry in self.entries)

    @property
    def all_warnings(self) -> list[str]:
        return self.warnings + [warning for entry in self.entries for warning in entry.warnings]

    def counts(self) -> dict[str, int]:
        """How many resources were (or would be) created, updated, ..., by action."""
        return {action: sum(entry.action == action for entry in self.entries) for action in ACTIONS}

    def line(self) -> str:
        """The counts in one line for a person."""
        words = {"create": "to create", "update": "to update", "remove": "to remove", "mend": "to mend"}
        parts = [f"{count} {words[action]}" for action, count in self.counts().items() if count and action in words]
        return ", ".join(parts) or "nothing to do"
