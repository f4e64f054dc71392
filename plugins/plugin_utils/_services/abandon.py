# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Removals, and moves of routers, that do not wait for a silent host: ``force`` forgets what is there, and says so."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from .._core.converge import wanted
from .._core.desired import ALONG, Desired
from .._core.resource import Resource
from .outcome import HostOutcome
from .realize import Decision


def forced(decisions: t.Iterable[Decision], desired: Desired) -> frozenset[str]:
    """Ids that go even where their host does not answer: what ``force`` removes, with all that belongs to it, and
    routers that it moves, which keep nothing on the host that they leave."""
    own = {ident for decision in decisions if _is_forced(decision) for ident in _ids(decision)}
    field = dict(ALONG.values())
    going = [one for one in desired.resources.values() if one.removing]
    return frozenset(own | {r.id for r in going if {r.parent, r.spec.get(field.get(r.kind, ""))} & own})


def abandon(decisions: t.Iterable[Decision], desired: Desired, outcomes: t.Mapping[str, HostOutcome]) -> None:
    """Make the silence of hosts that only what is forced concerns a warning instead of an error."""
    forced_ = desired.forced
    lost = [host for host, outcome in outcomes.items() if outcome.lost]
    if not forced_ or not lost:
        return
    others = {i for d in decisions if not _is_forced(d) for i in _ids(d)} if not desired.complete else desired.focus
    needed = wanted(dc.replace(desired, focus=frozenset(others & desired.focus) - forced_)).keys()
    for host in lost:
        if host in needed and host not in forced_:
            continue
        error = outcomes[host].errors.pop("")
        sentence = "what it has of this is forgotten and left behind on it; clean it up there before it is used again"
        outcomes[host].plan.warn(host, f"it does not answer; {sentence} ({error})")


def _is_forced(decision: Decision) -> bool:
    after = decision.after
    gone = decision.leftovers or (after is not None and (after.removing or is_leaving(after)))
    return bool(gone and decision.document is not None and decision.document.force)


def is_leaving(one: Resource) -> bool:
    """Whether it is a router on its way to another host."""
    return one.kind == "router" and bool(one.spec.get("last_host")) and not one.removing


def _ids(decision: Decision) -> set[str]:
    return {resource.id for resource in (decision.after, *decision.leftovers) if resource is not None}
