# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From decisions and outcomes to the report that a person reads."""

from __future__ import annotations

import typing as t

from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.field import Impact
from .._core.desired import Desired
from .._core.event import Event, of_entry
from .._core.place import Placement
from .._core.plan import Step
from .._core.report import Entry, Report
from .outcome import HostOutcome, sentence
from .realize import Decision, entry


def decided(decisions: t.Iterable[Decision], desired: Desired) -> dict[str, Entry]:
    """One entry a resource, by its id: what was decided."""
    entries: dict[str, Entry] = {}
    for decision in decisions:
        item = entry(decision, desired.resources)
        if item is not None:
            _merge(entries, item)
            if decision.action:
                item.action, item.impact = item.action if item.changed else "update", Impact.RESTART
    return entries


def report(entries: dict[str, Entry], desired: Desired, outcomes: t.Mapping[str, HostOutcome]) -> Report:
    """What was decided, and the steps that the world needs (or needed) for it."""
    result = Report()
    for outcome in outcomes.values():
        for step in outcome.plan.steps:
            if step.routine:
                continue
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


def events(run: Report, outcomes: t.Mapping[str, HostOutcome], desired: Desired, at: str, actor: str) -> list[Event]:
    """What a run did to the world beyond what was decided, and what it could not do."""
    failed = {ident: (host, error) for host, one in outcomes.items() for ident, error in one.errors.items()}
    found = [of_entry(item, at, actor) for item in run.entries if item.action == "mend" and item.id not in failed]
    for ident, (host, error) in failed.items():
        about = desired.resources.get(ident) or desired.resources.get(host)
        kind, name, about_id = (about.kind, about.name, about.id) if about else ("cloud", "", "")
        found.append(Event(at, actor, "fail", kind, name, about_id, message=error.sentence))
    return found


def placements(found: t.Mapping[str, Placement], desired: Desired) -> list[dict[str, t.Any]]:
    """Where new instances are placed, and why not on other hosts: for each host, and in a few lines."""
    return [
        {
            "name": desired.resources[ident].name,
            "id": ident,
            "host": desired.resources[str(one.host)].name,
            "storage": [desired.resources[storage].name for storage in one.storages],
            "not_chosen": one.trace.sentences(),
            "reasons": one.trace.lines(),
        }
        for ident, one in found.items()
    ]


def errors(outcomes: t.Mapping[str, HostOutcome]) -> list[CairnError]:
    """Each once: what keeps a machine from moving is noted on both hosts."""
    return list({str(error): error for outcome in outcomes.values() for error in outcome.errors.values()}.values())
