# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The cloud: what modules, the command line and the API call.

``apply`` stores what is wanted in one transaction and then makes it so; with ``check`` the same
code runs, the transaction is rolled back and the plans are not carried out. ``read`` lists, and
``drift`` says where the world is not as it is described.
"""

from __future__ import annotations

import dataclasses as dc
import functools
import typing as t

from ...module_utils._kinds.registry import KINDS, ORDER
from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.filters import matches
from ...module_utils._schema.kind import Kind
from ...module_utils._schema.validation import Document
from .._core.capacity import capacities
from .._core.converge import bearers, wanted
from .._core.desired import Desired
from .._core.document import refers_to
from .._core.event import Event, of_entry
from .._core.job import Standing
from .._core.order import ordered
from .._core.record import Digest
from .._core.report import Entry, Report
from .._core.resource import MACHINES, Nic, Resource
from .._core.settings import in_force
from .._core.world import Ran
from .._ports.ambient import Clock, Identify, Progress
from .._ports.hypervisor import Hypervisor
from .._ports.images import Images
from .._ports.keys import Keys
from .._ports.store import Store, Transaction
from . import abandon, rebuild, reporting
from .converge import Converger
from .export import Exported, exported
from .flat import flat
from .gather import everything, gather, told_networks
from .hosts import Hosts
from .learn import learnt
from .moving import arrived, there
from .outcome import HostOutcome
from .probing import Prober
from .realize import Decision, expect_prune, free_addresses, implied, prune, realize
from .recorder import Recorder
from .renew import See, renew
from .result import Result
from .rooms import rooms
from .rules import rules_of
from .scheduled import scheduled_snapshots
from .session import Probes, Session
from .settle import settle
from .standing import JobStore


@dc.dataclass(frozen=True)
class Earlier:
    """What an earlier task of the same check run would have stored: its documents, and how they were applied."""

    documents: tuple[Document, ...]
    applyset: str | None = None
    removing: bool = False


@dc.dataclass(frozen=True)
class _Decided:
    """What a transaction leads to; ``see`` reads ``desired`` again, and ``returned`` is what modules return."""

    decisions: list[Decision]
    desired: Desired
    see: See
    entries: dict[str, Entry]
    returned: list[dict[str, t.Any]]


class Cloud:
    """The engine behind every way in. Keyword-only; everything that touches the world is passed in."""

    def __init__(
        self,
        *,
        store: Store,
        hosts: Hosts,
        images: Images,
        keys: Keys,
        clock: Clock,
        identify: Identify,
        progress: Progress,
        digest: Digest,
        staging: str,
        timeout: int = 300,
        actor: str = "",
        standing: Standing | None = None,
    ) -> None:
        """``standing`` is what the run works for, where that may end before the run does."""
        job = None if standing is None else JobStore(store, standing)
        store = job or store
        self._store, self._hosts, self._images, self._keys = store, hosts, images, keys
        self._actor, self._clock, self._identify, self._digest = actor, clock, identify, digest
        self._prober = Prober(store=store, hosts=hosts, images=images, progress=progress, staging=staging)
        self._recorder = Recorder(store=store, clock=clock, digest=digest)
        self._converger = Converger(
            hosts=hosts,
            images=images,
            store=store,
            recorder=self._recorder,
            progress=progress,
            staging=staging,
            timeout=timeout,
            go_on=job.go_on if job else lambda: None,
        )

    def apply(
        self,
        documents: t.Iterable[Document],
        *,
        check: bool = False,
        whole: bool = False,
        removing: bool = False,
        applyset: str | None = None,
        pending: t.Iterable[Earlier] = (),
        explain: bool = False,
    ) -> Result:
        """Make it so that each document holds.

        ``whole`` looks at everything of ours on all hosts, not only at what the documents concern.
        ``removing`` removes what ``applyset`` once wrote and no longer does. ``pending`` are earlier tasks
        of a check run, oldest first, which are done again before. ``explain`` tells why new instances
        are placed where they are. Raises CairnError, with nothing stored,
        where a document is refused; errors of the world are in the result.
        """
        work, earlier = ordered(documents), list(pending)
        probes = self._prober.probe([*(document for task in earlier for document in task.documents), *work], check)
        with self._prober.unless_refused(probes), self._store.transaction(commit=not check, whole=whole) as tx:
            session = self._session(tx, probes, whole=whole)
            for task in earlier:
                self._rehearse(session, task)
            session.applyset, session.explain = applyset, explain
            decided = self._decided(session, self._decide(session, work, removing), whole=whole)
            if not check:
                changes = [entry for entry in decided.entries.values() if entry.changed]
                tx.record(of_entry(entry, self._clock(), self._actor) for entry in changes)
        report, errors = self._carry_out(decided, check=check)
        return Result(report, decided.returned, errors, reporting.placements(session.placements, decided.desired))

    def _session(self, tx: Transaction, probes: Probes | None = None, *, whole: bool = False) -> Session:
        return Session(tx, self._clock, self._identify, self._keys, self._digest, probes or Probes(), whole)

    def _rehearse(self, session: Session, task: Earlier) -> None:
        """Do an earlier task of a check run again, in this transaction."""
        session.applyset = task.applyset
        decided = self._decide(session, ordered(task.documents), task.removing)
        free_addresses(session.tx, decided)
        session.promised |= {d.after.id for d in decided if d.after is not None and not d.after.removing}
        session.new_task()
        session.warnings.clear()

    def _decided(self, session: Session, decisions: list[Decision], *, whole: bool) -> _Decided:
        """What decisions mean for the world; hosts that a change concerns must answer before it is stored."""
        changed = any(decision.changed or decision.leftovers for decision in decisions)
        extractions = dict(session.extractions)

        def see(tx: Transaction) -> Desired:
            gathered = gather(tx, decisions, whole=whole)
            asked = {ident: one for ident, one in extractions.items() if ident in gathered.resources}
            forced = abandon.forced(decisions, gathered)
            return self._recorder.described(tx, dc.replace(gathered, extractions=asked, forced=forced), changed=changed)

        desired = see(session.tx)
        self._hosts.workers = in_force(desired.of("configuration"))["workers"]
        self._reach(desired, decisions)
        returned = [self._returned(decision, desired, session) for decision in decisions if decision.document]
        entries = reporting.decided(decisions, desired)
        return _Decided(decisions, desired, see, entries, [one for one in returned if one])

    def _carry_out(self, decided: _Decided, *, check: bool) -> tuple[Report, list[CairnError]]:
        """Make the world as it was decided, and say what was done and what was not."""
        images, desired = None, decided.desired
        if not check:
            images, desired = renew(self._store, self._converger, desired, decided.see)
        outcomes = self._converger.run(desired, images, check=check)
        if not check:
            settle(self._store, self._converger, outcomes, desired.forced)
            self._finish(desired, outcomes)
        abandon.abandon(decided.decisions, desired, outcomes)
        report = reporting.report(decided.entries, desired, outcomes)
        if not check:
            self._note(reporting.events(report, outcomes, desired, self._clock(), self._actor))
        return report, reporting.errors(outcomes)

    def snapshots(self, *, check: bool = False) -> Result:
        """Take the snapshots that policies say are due by now, then remove those that are too many.

        One process does it at a time; for another one, which says so, there is nothing to do.
        """
        return scheduled_snapshots(self._store, self._clock, functools.partial(self.apply, check=check), check=check)

    def drift(self) -> Result:
        """Where the world is not as it is described: a report that would mend it."""
        with self._store.reading() as tx:
            desired = self._recorder.described(tx, everything(tx), changed=False)
        outcomes = self._converger.run(desired, check=True)
        return Result(reporting.report({}, desired, outcomes), [], reporting.errors(outcomes))

    def read(self, kind: Kind, filters: t.Mapping[str, t.Any] | None = None) -> list[dict[str, t.Any]]:
        """Resources of a kind as modules return them; ``filters`` are field to value, and id. No host is asked."""
        with self._store.reading() as tx:
            rules = rules_of(kind)
            found = rules.listed(tx.select(kind.name))
            machines = {one.id: rules.machine(one) for one in found}
            nics = _nics(tx) if any(machines.values()) else {}
            names = _referred(tx, found)
            if nics:
                # What a network is like, its offering says.
                names |= _referred(tx, [one for one in names.values() if one.kind == "network"])
        shown = [flat(resource, names, nics.get(machines[resource.id], ())) for resource in found]
        wanted = (filters or {}).items()
        return [
            item
            for item, resource in zip(shown, found, strict=True)
            if all(matches(kind, item, resource.spec, key, value) for key, value in wanted)
        ]

    def capacity(self) -> list[dict[str, t.Any]]:
        """What there is, what is used and what is free, by zone, pod, cluster, host and primary storage."""
        with self._store.reading() as tx:
            session = self._session(tx)
            places = {r.id: r for r in tx.select("zone", "pod", "cluster", "primary_storage")}
            hosts = {host.id: host for host in tx.select("host")}
            zones = [place.id for place in places.values() if place.kind == "zone"]
            found = [room for zone in zones for room in rooms(session, zone).values()]
        return [one.shown() for one in capacities(found, hosts, places)]

    def console(self, instance: str, source: int, sink: int, leave: bytes) -> None:
        """Connect two open files to the serial console of a running instance, by its id, until ``leave`` is read."""
        self._host_of_running(instance).console(instance, source, sink, leave)

    def command(self, instance: str, argv: t.Sequence[str], given: bytes = b"", timeout: int = 0) -> Ran:
        """Run a program as root in a running instance, by its id, through its agent; ``given`` is its input, and
        ``timeout`` the seconds that it may take, if any. Nothing of it is stored."""
        return self._host_of_running(instance).run_in_guest(instance, argv, given, timeout)

    def _host_of_running(self, instance: str) -> Hypervisor:
        with self._store.reading() as tx:
            found = tx.get(instance)
            host = found and found.spec.get("host") and tx.get(found.spec["host"])
        if not found or not host or found.spec["power"] != "Running":
            raise CairnError(f"{found.label if found else instance}: it does not run; start it first")
        return self._hosts.open(host.spec["url"])

    def export(self, kinds: t.Container[str] = ORDER) -> Exported:
        """The cloud, or what there is of ``kinds``, as documents. No host is asked."""
        with self._store.reading() as tx:
            return exported(tx.select(), kinds)

    def rebuild(
        self, hosts: t.Iterable[str], *, check: bool = False, installation: str | None = None, partial: bool = False
    ) -> Result:
        """Read the cloud back into an empty database from what hosts, named by their URLs, keep of it.

        ``installation`` says of which cloud, where hosts keep several; ``partial`` that hosts may be missing. Raises
        CairnError, with nothing stored, where hosts contradict each other or the database. No host is changed.
        """
        with self._store.reading() as tx:
            rebuild.refuse_used(tx)
        made = rebuild.said(rebuild.look(self._hosts, dict.fromkeys(hosts)), installation, partial=partial)
        with self._store.transaction(commit=not check) as tx:
            report = rebuild.restore(tx, made, self._images, self._keys)
            message = f"{len(made.resources)} resources were read back from hosts"
            tx.record([Event(self._clock(), self._actor, "create", "cloud", "", made.installation.id, message=message)])
        return Result(report)

    def events(self, **filters: t.Any) -> list[dict[str, t.Any]]:
        """What was changed, the latest first; filters are those of the port."""
        with self._store.reading() as tx:
            return [event.shown() for event in tx.events(**filters)]

    def _decide(self, session: Session, work: list[Document], removing: bool) -> list[Decision]:
        decisions = []
        written: dict[str, Document] = {}
        if removing:
            expect_prune(session, work)
        for document in work:
            decision = realize(session, document)
            decisions += [decision, *implied(session, decision)]
            if decision.after is not None:
                other = written.setdefault(decision.after.id, document)
                if other is not document:
                    raise document.error(None, f"it is written twice, also in {other.origin or 'another document'}")
        if removing:
            decisions += prune(session, {d.after.id for d in decisions if d.after is not None})
        for decision in decisions:
            if decision.after is not None:
                decision.warnings += session.warnings.get(decision.after.id, [])
        return decisions

    def _reach(self, desired: Desired, decisions: list[Decision]) -> None:
        """Before anything is stored: hosts that a change concerns must answer."""
        forced = desired.forced
        free = [d for d in decisions if d.after is not None and d.changed and d.after.id not in forced]
        sides = [d.after for d in free if d.after is not None]
        changed = {ident for one in sides for ident in (one.id, *bearers(one, desired))}
        told = {network for decision in free for network in told_networks(decision)}
        changed |= {one.id for one in desired.of("router") if one.spec["network"] in told}
        changed &= desired.focus - forced
        hosts = set(wanted(dc.replace(desired, focus=frozenset(changed))) if changed else ())
        leaving = (one for one in (desired.resources.get(ident) for ident in forced) if one is not None)
        hosts |= {one.spec["host"] for one in leaving if abandon.is_leaving(one)}
        self._hosts.reach([desired.resources[host] for host in sorted(hosts)])

    @staticmethod
    def _returned(decision: Decision, desired: Desired, session: Session) -> dict[str, t.Any]:
        resource = decision.after or decision.before
        if resource is None:
            return {}
        machine = rules_of(KINDS[resource.kind]).machine(resource)
        result = flat(resource, desired.resources, desired.nics.get(machine, ()))
        return {"kind": resource.kind} | result | session.once.get(resource.id, {})

    def _note(self, events: list[Event]) -> None:
        """Keep what was done to the world beyond what was decided."""
        if events:
            with self._store.transaction(commit=True) as tx:
                tx.record(events)

    def _finish(self, desired: Desired, outcomes: t.Mapping[str, HostOutcome]) -> None:
        """Forget what the world is rid of, and note what was learnt."""
        failed = {key for outcome in outcomes.values() for key in outcome.errors}
        lost = {host for host, outcome in outcomes.items() if "" in outcome.errors}
        # What is forced waits for no host that does not answer.
        told = {key for outcome in outcomes.values() if not outcome.lost for key in outcome.errors}
        spoke = {host for host in lost if not outcomes[host].lost}
        gone = [
            resource
            for resource in (desired.resources[ident] for ident in desired.focus)
            if resource.removing
            and not (_held(resource, told, spoke) if resource.id in desired.forced else _held(resource, failed, lost))
        ]
        news, moved = learnt(desired, outcomes), there(desired, outcomes)
        if not gone and not news and not moved:
            return
        gone.sort(key=lambda r: -ORDER[r.kind])
        with self._store.transaction(commit=True) as tx:
            for ident, status in news.items():
                current = tx.get(ident)
                if current is not None:
                    tx.update(current.with_status(**status))
            arrived(tx, moved, desired)
            for resource in gone:
                tx.delete(resource.id)


def _held(resource: Resource, failed: set[str], lost: set[str]) -> bool:
    """True when something of a removed resource, or of what is within it, may still be on a host."""
    if resource.kind not in (*MACHINES, "volume"):
        return bool(failed)
    on = {resource.spec.get("host"), resource.spec.get("last_host")}
    return bool({resource.id, resource.spec.get("vm"), resource.parent} & failed) or bool(on & lost)


def _referred(tx: Transaction, resources: t.Iterable[Resource]) -> dict[str, Resource]:
    """What the resources refer to, by id."""
    idents = {ref for one in resources for ref in refers_to(KINDS[one.kind], one)}
    return {one.id: one for one in tx.select(ids=idents, removing=None)}


def _nics(tx: Transaction) -> dict[str, list[Nic]]:
    nics: dict[str, list[Nic]] = {}
    for nic in tx.nics():
        nics.setdefault(nic.instance, []).append(nic)
    return nics
