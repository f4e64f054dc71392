# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A step, a plan, and what the parts of the planner have in common."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ....module_utils._schema.field import Impact
from ..world import HostSeen, HostWanted


@dc.dataclass(frozen=True)
class Step:
    """One call to make for ``resource`` on ``host``.

    ``group`` is the instance, or the image, with which the step stands and falls; steps of no group are shared, and
    nothing after a failed one is tried. ``exclusive`` steps are made by one process at a time. ``routine`` ones follow
    from what was told already, and are not told.
    """

    host: str
    resource: str
    call: str
    args: tuple[t.Any, ...] = dc.field(repr=False)
    field: str
    before: t.Any
    after: t.Any
    impact: Impact = Impact.NONE
    group: str = ""
    exclusive: bool = False
    routine: bool = False


# Groups of which nothing may be touched, each with the resource that is why and a sentence on it.
Refused = t.Mapping[str, tuple[str, str]]


@dc.dataclass
class Plan:
    """Steps in the order in which they are made, sentences on what they cannot mend, and groups of which nothing may be
    touched, each with the resource that is why and a sentence on it. ``needs`` are images by the groups that need the
    copies of them that steps make."""

    steps: list[Step] = dc.field(default_factory=list)
    warnings: dict[str, list[str]] = dc.field(default_factory=dict)
    refused: dict[str, tuple[str, str]] = dc.field(default_factory=dict)
    needs: dict[str, set[str]] = dc.field(default_factory=dict)

    def warn(self, resource: str, sentence: str) -> None:
        self.warnings.setdefault(resource, []).append(sentence)

    def split(self, images: t.Collection[str]) -> tuple[list[Step], list[Step]]:
        """The steps that can be made without ``images``, and the rest: what needs them, and what comes last."""
        if not any(step.call == "put_base" and step.resource in images for step in self.steps):
            return list(self.steps), []
        waiting = {group for group, needed in self.needs.items() if not needed.isdisjoint(images)} | {*images}
        late = [step.group in waiting or (step.call in LAST and not step.group) for step in self.steps]
        pairs = list(zip(self.steps, late, strict=True))
        return [step for step, later in pairs if not later], [step for step, later in pairs if later]


# What a guest feels of a call; calls that are not named are not felt.
_IMPACTS = {
    "undefine_domain": Impact.RECREATE,
    "stop_domain": Impact.RESTART,
    "reboot_domain": Impact.RESTART,
    "restore_domain": Impact.RESTART,
    "resume_domain": Impact.LIVE,
    "resize_volume": Impact.LIVE,
    "retitle_domain": Impact.LIVE,
    "attach_disk": Impact.LIVE,
    "detach_disk": Impact.LIVE,
    "change_media": Impact.LIVE,
    "scale_domain": Impact.LIVE,
    "let_in": Impact.LIVE,
    "configure_router": Impact.LIVE,
    "take_snapshot": Impact.LIVE,
    "take_instance_snapshot": Impact.LIVE,
    "start_network": Impact.LIVE,
    "filter_card": Impact.LIVE,
    "migrate_domain": Impact.LIVE,
}
# What several resources share, and goes only when nothing before went wrong: it may still be needed.
LAST = frozenset({"remove_network", "remove_pool", "delete_volume", "remove_filter"})
# Calls on what several instances share, or that take long: made by one process at a time.
_EXCLUSIVE = frozenset(
    {
        *("define_pool", "remove_pool", "define_network", "start_network", "remove_network", "put_base"),
        *("define_filter", "remove_filter", "put_record", "take_snapshot", "take_instance_snapshot"),
        "configure_router",
    }
)


class Part:
    """Plans one sort of objects of one host; all parts add to the same plan."""

    def __init__(self, wanted: HostWanted, seen: HostSeen, plan: Plan) -> None:
        self.wanted, self.seen, self.plan = wanted, seen, plan

    def add(
        self,
        resource: str,
        call: str,
        *args: t.Any,
        field: str,
        before: t.Any,
        after: t.Any,
        impact: Impact | None = None,
        routine: bool = False,
        group: str | None = None,
    ) -> None:
        group, exclusive = self.wanted.groups.get(resource, "") if group is None else group, call in _EXCLUSIVE
        if group in self.plan.refused:
            return
        impact = _IMPACTS.get(call, Impact.NONE) if impact is None else impact
        step = Step(self.wanted.id, resource, call, args, field, before, after, impact, group, exclusive, routine)
        self.plan.steps.append(step)
