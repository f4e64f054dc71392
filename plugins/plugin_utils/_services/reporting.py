# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From decisions and outcomes to the report that a person reads."""

from __future__ import annotations

import typing as t

from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.field import Impact
from .._core.desired import Desired
from .._core.plan import Step
from .._core.report import Entry, Report
from .converge import HostOutcome, sentence
from .realize import Decision, entry


def report(decisions: t.Iterable[Decision], desired: Desired, outcomes: t.Mapping[str, HostOutcome]) -> Report:
    """One entry a resource: what was decided, and the steps that the world needs (or needed) for it."""
    entries: dict[str, Entry] = {}
    for decision in decisions:
        item = entry(decision, desired.resources)
        if item is not None:
            _merge(entries, item)
            if decision.action:
                item.action, item.impact = item.action if item.changed else "update", Impact.RESTART
    result = Report()
    for outcome in outcomes.values():
        for step in outcome.plan.steps:
            _add(_entry_of(step, desired, entries), step, desired)
        for ident, sentences in outcome.plan.warnings.items():
            owner = desired.resources.get(ident)
            label = f"{owner.label}: " if owner else ""
            result.warnings += [f"{label}{text}" for text in sentences]
    result.entries = list(entries.values())
    return result


def _merge(entries: dict[str, Entry], item: Entry) -> None:
    """Two documents of one run may concern the same resource: what changed counts."""
    earlier = entries.get(item.id)
    if earlier is None or not earlier.changed:
        if earlier is not None:
            item.warnings = earlier.warnings + item.warnings
        entries[item.id] = item
    elif item.changed:
        earlier.after, earlier.warnings = item.after, earlier.warnings + item.warnings
        earlier.impact = max(earlier.impact, item.impact)


def _entry_of(step: Step, desired: Desired, entries: dict[str, Entry]) -> Entry:
    """The entry that a step counts for: its resource's, or that of what the resource belongs to."""
    resource = desired.resources.get(step.resource)
    owner = resource.parent if resource is not None and resource.parent else step.resource
    for ident in (step.resource, owner):
        if ident in entries:
            return entries[ident]
    shown = desired.resources.get(owner)
    kind, name = (shown.kind, shown.name) if shown else ("resource", step.resource)
    entries[owner] = Entry(owner, kind, name)
    return entries[owner]


def _add(item: Entry, step: Step, desired: Desired) -> None:
    host = desired.resources.get(step.host)
    item.steps.append(sentence(step, host))
    if item.action in ("none", "mend"):
        item.action = "mend"
        item.observed[f"{step.field} on {host.name}" if host else step.field] = (step.before, step.after)
    if item.action != "create":
        item.impact = max(item.impact, step.impact)


def errors(outcomes: t.Mapping[str, HostOutcome]) -> list[CairnError]:
    return [error for outcome in outcomes.values() for error in outcome.errors.values()]
