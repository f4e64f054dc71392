# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Convergence: look at the hosts, plan, and carry the plans out.

The plan is made from one observation of each host. Steps are ensure steps, so that a run that was
cut short at any point is finished by the next one; nothing is undone.
"""

from __future__ import annotations

import collections
import typing as t

from ...module_utils._schema.errors import CairnError, DriverError
from .._core.converge import wanted as wanted_of
from .._core.desired import Desired
from .._core.naming import filter_owner, image_file, snapshot_file
from .._core.plan import LAST, Step, leftovers, plan
from .._core.plan.moves import Move, Moves
from .._core.settings import in_force
from .._core.world import HostSeen, HostWanted
from .._ports.ambient import Progress
from .._ports.hypervisor import Hypervisor, Scope
from .._ports.images import Images
from .._ports.store import Store
from .extract import Extractor, plan_extractions
from .fetch import Fetcher, place_of, untaken
from .hosts import Hosts
from .moving import Mover, Waiting
from .others import Others
from .outcome import HostOutcome, lacking, overtaken, possible, sentence
from .recorder import Recorder
from .sharing import Sharing, once


class Converger:
    """Brings the world to what is desired. Keyword-only; everything that touches the world is passed in."""

    def __init__(
        self,
        *,
        hosts: Hosts,
        images: Images,
        store: Store,
        recorder: Recorder,
        progress: Progress,
        staging: str,
        timeout: int,
        go_on: t.Callable[[], None] = lambda: None,
    ) -> None:
        """``go_on`` raises DriverError where nothing more is to be done."""
        self._go_on = go_on
        self._hosts, self._store, self._recorder = hosts, store, recorder
        self._progress, self._timeout = progress, timeout
        self._stop, self._others = timeout, Others(store)
        self._asked: tuple[Desired, dict[str, HostWanted]] | None = None
        self._fetcher = Fetcher(hosts=hosts, images=images, store=store, staging=staging, timeout=timeout)
        self._extractor = Extractor(hosts=hosts, images=images)
        self._sharing = Sharing(store, timeout)
        self._mover = Mover(hosts=hosts, store=store, timeout=timeout)

    def _wanted(self, desired: Desired) -> dict[str, HostWanted]:
        """What is wanted of hosts, which for images and for hosts is asked for twice."""
        if self._asked is None or self._asked[0] is not desired:
            self._asked = desired, wanted_of(desired)
        return self._asked[1]

    def fetch(self, desired: Desired, outcome: HostOutcome, *, check: bool) -> HostOutcome:
        """Bring images to secondary storage, or take them away, and add that to ``outcome``, unless it was tried.

        One whose snapshot this run takes waits for that.
        """
        tried = {step.resource for step in outcome.plan.steps}
        steps = [one for one in self._fetcher.plan(desired, self._wanted(desired)) if one.resource not in tried]
        outcome.plan.steps += steps
        for step in steps:
            try:
                if untaken(step, desired) is not None:
                    outcome.waiting.append(step)
                elif not check:
                    self._make_image(step, desired, outcome)
            except DriverError as error:
                outcome.errors[step.resource] = DriverError(f"{desired.resources[step.resource].label}: {error}")
        if not check:
            self._fetcher.unstage(desired, outcome.errors)
        return outcome

    def _make_image(self, step: Step, desired: Desired, outcome: HostOutcome) -> None:
        self._go_on()
        self._progress(f"{desired.resources[step.resource].label}: {sentence(step, None)}")
        told = self._fetcher.make(step, desired)
        if told:
            outcome.learnt[step.resource] = told
        outcome.done.append(step)

    def run(self, desired: Desired, images: HostOutcome | None = None, *, check: bool) -> dict[str, HostOutcome]:
        """Outcomes by host id; the management machine's own (``images``, where those were seen to before) under ""."""
        settings = in_force(desired.of("configuration"))
        self._hosts.workers, self._stop = settings["workers"], min(settings["vm.stop.timeout"], self._timeout)
        outcomes = {"": images or self.fetch(desired, HostOutcome(), check=check)}
        wanted = self._wanted(desired)
        looks = self._hosts.each(wanted, lambda host: self._look(host, desired), desired.url_of)
        seen = {host: look for host, look in looks.items() if isinstance(look, HostSeen)}
        travel = Moves(wanted, seen, desired.forced)
        for host, look in looks.items():
            if isinstance(look, DriverError):
                outcomes[host] = HostOutcome(errors={"": look}, lost=True)
            else:
                outcome = outcomes[host] = _planned(wanted[host], travel, desired)
                outcome.plan.steps = possible(outcome, outcome.plan.steps, outcomes[""].errors, desired)
        once((outcome.plan for outcome in outcomes.values()), desired)
        extractions = self._plan_extractions(desired, outcomes)
        if not check:
            work = {host: outcome for host, outcome in outcomes.items() if host and outcome.plan.steps}
            self._work_on(work, outcomes, travel.moves, desired)
            opened = {host: one for host, one in work.items() if any(step.call == "define_pool" for step in one.done)}
            self._hosts.each(opened, lambda outcome: self._look_again(outcome, wanted, desired), desired.url_of)
            self._extract(extractions, desired, outcomes)
        return outcomes

    def _work_on(
        self,
        work: t.Mapping[str, HostOutcome],
        outcomes: t.Mapping[str, HostOutcome],
        moves: t.Sequence[Move],
        desired: Desired,
    ) -> None:
        """Make the steps of hosts: at first those that need no image which waits for a snapshot, then the others.

        What needs a machine to be where it is going waits for its move.
        """
        images, waiting = outcomes[""], Waiting(moves)
        late = {step.resource for step in images.waiting}
        parts = {host: one.plan.split(late) for host, one in work.items()}

        def execute(steps: t.Callable[[str], t.Sequence[Step]]) -> None:
            names = {host: host for host in work}
            self._hosts.each(names, lambda host: self._execute(work[host], steps(host), desired), desired.url_of)

        execute(lambda host: waiting.before(parts[host][0]))
        for step in images.waiting:
            try:
                self._was_taken(step, outcomes, desired)
                self._make_image(step, desired, images)
            except DriverError as error:
                images.errors[step.resource] = DriverError(f"{desired.resources[step.resource].label}: {error}")
        gone = late & images.errors.keys()
        rest = {host: possible(work[host], later, gone, desired) for host, (_first, later) in parts.items()}
        execute(lambda host: waiting.before(rest[host]))
        steps = {host: [*parts[host][0], *rest[host]] for host in work}
        for move in moves:
            self._move(move, outcomes, desired)
            if move.instance in outcomes[move.target].errors:
                continue
            # The old host first: while both have the machine, what is on both is the same.
            for host in (one for one in (move.source, move.target) if one in steps):
                self._execute(work[host], waiting.after(steps[host], move.instance), desired)
        if moves:
            execute(lambda host: waiting.last(steps[host]))

    def _move(self, move: Move, outcomes: t.Mapping[str, HostOutcome], desired: Desired) -> None:
        target = outcomes[move.target]
        missing = target.plan.needs.get(move.instance, set()) & target.errors.keys()
        if missing:
            target.errors[move.instance] = lacking(move.instance, missing, desired)
        elif self._others.changed(move.instance, desired):
            target.errors[move.instance] = overtaken(move.instance, desired)

        def tell(step: Step) -> None:
            self._progress(f"{desired.resources[step.resource].label}: {sentence(step, desired.resources[step.host])}")

        self._mover.move(move, outcomes, desired, tell)

    @staticmethod
    def _was_taken(step: Step, outcomes: t.Mapping[str, HostOutcome], desired: Desired) -> None:
        """Raises DriverError when the snapshot that an image waits for is not there."""
        snapshot = untaken(step, desired)
        if snapshot is None:
            return
        outcome = outcomes.get(snapshot.spec["host"], HostOutcome())
        told = any(outcome.learnt.get(ident or "", {}).get("taken") for ident in (snapshot.id, snapshot.parent))
        pool = outcome.seen.pools.get(snapshot.spec["storage"]) if outcome.seen else None
        if not told and not (pool and snapshot_file(snapshot.id) in pool.volumes):
            raise DriverError(f"{snapshot.label}, which it is to be made from, was not taken; apply again")

    @staticmethod
    def _plan_extractions(desired: Desired, outcomes: dict[str, HostOutcome]) -> list[Step]:
        plans = {host: outcome.plan for host, outcome in outcomes.items()}
        seen = {host: outcome.seen for host, outcome in outcomes.items() if outcome.seen is not None}
        steps = plan_extractions(desired, plans, seen)
        outcomes[""].plan.steps += steps
        return steps

    def _extract(self, steps: t.Iterable[Step], desired: Desired, outcomes: dict[str, HostOutcome]) -> None:
        """Write files, of what nothing went wrong with before."""
        outcome = outcomes[""]
        for step in steps:
            resource = desired.resources[step.resource]
            failed = outcomes[resource.spec["host"]].errors if resource.kind == "volume" else outcome.errors
            if {"", resource.id, resource.spec.get("vm")} & failed.keys():
                continue
            self._progress(f"{resource.label}: {sentence(step, None)}")
            try:
                self._go_on()
                if resource.kind == "volume":
                    outcome.learnt[resource.id] = self._extractor.volume(resource, desired)
                else:
                    told = outcome.learnt.get(resource.id, {})
                    source = f"{place_of(resource, desired)}/{image_file(resource)}"
                    self._extractor.image(resource.with_status(**told), desired, source)
                outcome.done.append(step)
            except DriverError as error:
                outcome.errors[resource.id] = DriverError(f"{resource.label}: {error}")

    def _look(self, wanted: HostWanted, desired: Desired) -> HostSeen:
        return self._hosts.open(desired.url_of(wanted.id)).observe(_scope(wanted))

    def _look_again(self, outcome: HostOutcome, wanted: t.Mapping[str, HostWanted], desired: Desired) -> None:
        """Once a pool is open: how large it is, and what of resources that are gone is in it; then it may go itself."""
        if outcome.errors:
            return
        host = wanted[next(step.host for step in outcome.done)]
        hypervisor = self._hosts.open(desired.url_of(host.id))
        pools = Scope(frozenset(), frozenset(), _scope(host).pools, frozenset())
        outcome.seen = hypervisor.observe(pools)
        self._execute(outcome, leftovers(host, outcome.seen).steps, desired)

    def _execute(self, outcome: HostOutcome, steps: t.Sequence[Step], desired: Desired) -> None:
        """Make the steps of one host in order; what depends on a failed one is left for the next run."""
        if not steps:
            return
        host = desired.resources[steps[0].host]
        try:
            for group in self._others.changed_on(host.id, {step.group for step in steps}, desired):
                outcome.errors[group] = overtaken(group, desired)
            hypervisor = self._hosts.open(host.spec["url"])
            with hypervisor.working():
                self._work(hypervisor, outcome, steps, desired)
        except DriverError as error:
            outcome.errors[""] = error

    def _work(self, hypervisor: Hypervisor, outcome: HostOutcome, steps: t.Iterable[Step], desired: Desired) -> None:
        made: dict[tuple[str, str], list[tuple[t.Any, ...]]] = collections.defaultdict(list)
        for step in steps:
            if self._is_hindered(step, outcome, desired):
                continue
            self._go_on()
            host, resource = desired.resources[step.host], desired.resources.get(step.resource)
            alike = made[step.call, step.resource]
            try:
                if step.args not in alike:
                    if not step.routine:
                        self._progress(f"{resource.label if resource else step.resource}: {sentence(step, host)}")
                    told = self._make(hypervisor, step, desired)
                    alike.append(step.args)
                    if told:
                        outcome.learnt[step.resource] = told
                outcome.done.append(step)
            except DriverError as error:
                label = resource.label if resource else step.resource
                outcome.errors[step.group] = DriverError(f"{label}: cannot {sentence(step, host)}: {error}")

    def _is_hindered(self, step: Step, outcome: HostOutcome, desired: Desired) -> bool:
        """Whether a step is left for the next run: something before it went wrong, or others overtook this run."""
        if "" in outcome.errors or step.group in outcome.errors:
            return True
        if outcome.errors and step.call in LAST and not step.group:
            return True
        missing = outcome.plan.needs.get(step.group, set()) & outcome.errors.keys()
        if missing:
            outcome.errors[step.group] = lacking(step.group, missing, desired)
        elif step.group and self._is_overtaken(step, outcome, desired):
            outcome.errors[step.group] = overtaken(step.group, desired)
        return step.group in outcome.errors

    def _is_overtaken(self, step: Step, outcome: HostOutcome, desired: Desired) -> bool:
        """Of a machine that is new nothing can be undone; but it may be one by now that is not to run."""
        if step.call in LAST or (outcome.seen and step.group in outcome.seen.domains):
            return self._others.changed(step.group, desired)
        return step.call == "autostart_domain" and self._others.changed_itself(step.group, desired)

    def _make(self, hypervisor: Hypervisor, step: Step, desired: Desired) -> dict[str, t.Any] | None:
        call: t.Callable[..., dict[str, t.Any] | None] = getattr(hypervisor, step.call)
        waits = {"let_in": self._timeout, "configure_router": self._timeout}
        patience = waits | {"stop_domain": self._stop, "reboot_domain": self._stop}
        args = (*step.args, patience[step.call]) if step.call in patience else step.args
        with self._sharing.alone(step, hypervisor, desired):
            if step.call == "define_pool" and step.args[0].shared:
                self._sharing.open(step, hypervisor)
                return None
            if step.call == "put_record":
                # Of several processes, the last one writes what all of them have stored.
                latest = self._recorder.latest(step.host)
                return call(latest) if latest is not None else None
            return call(*args)


def _planned(wanted: HostWanted, travel: Moves, desired: Desired) -> HostOutcome:
    """The plan of one host, with its part in moves."""
    seen = travel.seen[wanted.id]
    made = plan(wanted, seen, travel.refused.get(wanted.id))
    made.steps[:0] = [
        step
        for move in travel.moves
        for step in move.steps
        if step.host == wanted.id and not {"", move.instance} & made.refused.keys()
    ]
    errors: dict[str, CairnError] = {
        group: DriverError(f"{_named(ident, group, wanted, desired)}: {problem}")
        for group, (ident, problem) in made.refused.items()
    }
    return HostOutcome(made, seen, errors=errors)


def _named(ident: str, group: str, wanted: HostWanted, desired: Desired) -> str:
    """What is wrong, and where nothing at all is done for it."""
    label = desired.resources[ident].label
    return label if group else f"{label} on {desired.resources[wanted.id].label}"


def _scope(wanted: HostWanted) -> Scope:
    """Look at everything in a whole run; else at what the run concerns (networks are few: all of them)."""
    if wanted.complete:
        return Scope()
    pools = {pool.id for pool in wanted.pools} | set(wanted.gone_pools)
    domains = {domain.shape.id for domain in wanted.domains} | set(wanted.gone_domains) | set(wanted.groups.values())
    filters = {filter_owner(one.name) or "" for one in wanted.filters} | wanted.filter_owners
    return Scope(frozenset(domains), None, frozenset(pools), frozenset(filters))
