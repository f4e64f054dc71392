# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From a resource as it is to the one that a document asks for.

absent --present--> exists --present--> exists (fields that were given)
exists --absent---> removing --(the world is rid of it)--> absent

an instance's power:   Running <-started/stopped-> Stopped
                       Running, Stopped --destroyed--> Destroyed --present--> Running
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._schema.diff import diff
from ...module_utils._schema.field import Impact
from ...module_utils._schema.kind import Kind
from ...module_utils._schema.validation import Document


@dc.dataclass(frozen=True)
class Transition:
    """The spec to store, and in words what of the change is held back."""

    spec: dict[str, t.Any]
    warnings: tuple[str, ...] = ()


def initial(kind: Kind) -> dict[str, t.Any]:
    """The spec of a new resource about which nothing was said."""
    return {
        name: list(field.default) if isinstance(field.default, list) else field.default
        for name, field in kind.stored.items()
        if field.default is not None
    }


def create(document: Document, given: t.Mapping[str, t.Any]) -> Transition:
    """The transition that makes a new resource. Raises SpecError where a field is missing."""
    kind, state = document.kind, document.kind.states[document.state]
    spec = initial(kind) | dict(given) | dict(state.creates) | dict(state.sets)
    for name, field in kind.arguments.items():
        if field.required and spec.get(name) is None:
            raise document.error(name, f"it is missing; a new {kind.title} needs it")
    return Transition(spec)


def update(
    document: Document,
    given: t.Mapping[str, t.Any],
    before: t.Mapping[str, t.Any],
    *,
    held: bool,
    live: t.Container[str] = (),
) -> Transition:
    """The transition of an existing resource.

    ``held`` says that a change which needs a stop waits (the instance runs and nobody forced it),
    unless the document asks for a stop or a restart itself. ``live`` are fields whose change, this time,
    needs no stop. Raises SpecError where a field cannot change.
    """
    kind, state = document.kind, document.kind.states[document.state]
    asked = dict(given) | dict(state.sets)
    spec = dict(before) | {name: value for name, value in asked.items() if value is not None or name in before}
    if spec.get("power") == "Destroyed" and document.state in ("present", "deployed"):
        spec["power"] = "Running" if document.state == "present" else "Stopped"
    warnings, held = [], held and not state.action and spec.get("power") == "Running"
    for change in diff(kind, before, spec):
        if change.immutable and change.before is not None:
            raise document.error(change.field, f"it cannot change once the {kind.title} exists; {_remedy(kind)}")
        if held and change.impact >= Impact.RESTART and change.field not in live:
            spec[change.field] = before.get(change.field)
            if spec[change.field] is None:
                del spec[change.field]
            warnings.append(
                f"{kind.title} '{document.name}', field {change.field}: the change needs a {change.impact.word} "
                "and was held back; say force: true to allow it"
            )
    return Transition(spec, tuple(warnings))


def _remedy(kind: Kind) -> str:
    return f"leave it as it is, or make another {kind.title}"
