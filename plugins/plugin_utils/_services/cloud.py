# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The cloud: what modules, the command line and the API call.

``apply`` stores what is wanted in one transaction and then makes it so; with ``check`` the same
code runs, the transaction is rolled back and the plans are not carried out. ``read`` lists, and
``drift`` says where the world is not as it is described.
"""

from __future__ import annotations

import contextlib
import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import ORDER
from ...module_utils._schema.errors import CairnError, DriverError
from ...module_utils._schema.filters import matches
from ...module_utils._schema.kind import Kind
from ...module_utils._schema.validation import Document
from .._core.converge import wanted
from .._core.desired import Desired
from .._core.order import ordered, removes
from .._core.report import Report
from .._core.resource import Resource
from .._ports.ambient import Clock, Identify, Progress
from .._ports.images import Images
from .._ports.keys import Keys
from .._ports.store import Store, Transaction
from . import reporting
from .converge import Converger, HostOutcome, staged_name
from .flat import flat
from .gather import everything, gather
from .hosts import Hosts
from .realize import Decision, prune, realize
from .session import ProbedHost, Probes, Session


@dc.dataclass
class Result:
    """What a run led to: its report, the resources it was about as modules return them, and what went wrong."""

    report: Report
    resources: list[dict[str, t.Any]] = dc.field(default_factory=list)
    errors: list[CairnError] = dc.field(default_factory=list)


@dc.dataclass(frozen=True)
class Earlier:
    """What an earlier task of the same check run would have stored: its documents, and how they were applied."""

    documents: tuple[Document, ...]
    applyset: str | None = None
    removing: bool = False


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
        staging: str,
        timeout: int = 300,
    ) -> None:
        self._store, self._hosts, self._images, self._keys = store, hosts, images, keys
        self._clock, self._identify, self._progress, self._staging = clock, identify, progress, staging
        self._converger = Converger(
            hosts=hosts, images=images, store=store, progress=progress, staging=staging, timeout=timeout
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
    ) -> Result:
        """Make it so that each document holds.

        ``whole`` looks at everything of ours on all hosts, not only at what the documents concern.
        ``removing`` removes what ``applyset`` once wrote and no longer does. ``pending`` are earlier tasks
        of a check run, oldest first, which are done again before. Raises CairnError, with nothing stored,
        where a document is refused; errors of the world are in the result.
        """
        work, earlier = ordered(documents), list(pending)
        probes = self._probe([*(document for task in earlier for document in task.documents), *work], check)
        with self._unless_refused(probes, check), self._store.transaction(commit=not check) as tx:
            session = Session(tx, self._clock, self._identify, self._keys, probes)
            for task in earlier:
                session.applyset = task.applyset
                self._decide(session, ordered(task.documents), task.removing)
            session.warnings.clear()
            session.applyset = applyset
            decisions = self._decide(session, work, removing)
            desired = gather(tx, decisions, whole=whole)
            self._reach(desired, decisions)
            results = [self._returned(decision, desired, session) for decision in decisions if decision.document]
        outcomes = self._converger.run(desired, check=check)
        if not check:
            self._finish(desired, outcomes)
        report = reporting.report(decisions, desired, outcomes)
        return Result(report, [r for r in results if r], reporting.errors(outcomes))

    @contextlib.contextmanager
    def _unless_refused(self, probes: Probes, check: bool) -> t.Iterator[None]:
        """Images that were fetched for documents which are then refused do not stay behind."""
        try:
            yield
        except CairnError:
            for key in () if check else probes.images:
                self._images.delete(self._staging, staged_name(*key))
            raise

    def drift(self) -> Result:
        """Where the world is not as it is described: a report that would mend it."""
        with self._store.reading() as tx:
            desired = everything(tx)
        outcomes = self._converger.run(desired, check=True)
        return Result(reporting.report([], desired, outcomes), [], reporting.errors(outcomes))

    def read(self, kind: Kind, filters: t.Mapping[str, t.Any] | None = None) -> list[dict[str, t.Any]]:
        """Resources of a kind as modules return them; ``filters`` are field to value, and id. No host is asked."""
        with self._store.reading() as tx:
            found = tx.select(kind.name)
            nics = _nics(tx, found) if kind.name == "instance" else {}
            names = {r.id: r for r in tx.select(ids={ref for r in found for ref in _ids(kind, r)}, removing=None)}
        shown = [flat(resource, names, nics.get(resource.id, ())) for resource in found]
        wanted = (filters or {}).items()
        return [
            item
            for item, resource in zip(shown, found, strict=True)
            if all(matches(kind, item, resource.spec, key, value) for key, value in wanted)
        ]

    def _probe(self, documents: list[Document], check: bool) -> Probes:
        """Learn of new hosts and images before anything is stored; refuses what cannot be had."""
        probes = Probes()
        with self._store.reading() as tx:
            known = {host.spec["url"] for host in tx.select("host") if host.status.get("cpus")}
            fetched = {_image_key(r.spec) for r in tx.select("template") if r.status.get("sha256")}
        made = [document for document in documents if not removes(document)]
        urls = {d.spec["url"]: d for d in made if d.kind.name == "host" and d.spec.get("url") not in (None, *known)}
        for url, found in self._hosts.each(urls, lambda d: self._probe_host(d, check)).items():
            if isinstance(found, DriverError):
                raise urls[url].error("url", str(found))
            probes.hosts[url] = found
        for document in made:
            if document.kind.name == "template" and document.spec.get("url"):
                key = _image_key({"format": "QCOW2"} | document.spec)
                if key not in fetched and key not in probes.images:
                    self._probe_image(document, key, probes, check)
        return probes

    def _probe_host(self, document: Document, check: bool) -> ProbedHost:
        hypervisor = self._hosts.open(document.spec["url"])
        auto = document.spec.get("virt_type", "auto") == "auto"
        return ProbedHost(hypervisor.node(), hypervisor.probe_virt_type() if auto and not check else None)

    def _probe_image(self, document: Document, key: tuple[str, str, str | None], probes: Probes, check: bool) -> None:
        url, format_, checksum = key
        try:
            if check:
                facts = self._images.probe(url, format_.lower(), checksum)
            else:
                self._progress(f"template '{document.name}': fetch {url}")
                # Nothing is written to the store before the image is found good; of two that fetch it, one is kept.
                facts = self._images.fetch(url, format_.lower(), checksum, self._staging, staged_name(*key))
        except DriverError as error:
            raise document.error("url", str(error)) from None
        if facts is not None:
            probes.images[key] = facts

    def _decide(self, session: Session, work: list[Document], removing: bool) -> list[Decision]:
        decisions = []
        written: dict[str, Document] = {}
        for document in work:
            decision = realize(session, document)
            decisions.append(decision)
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
        changed = {d.after.id for d in decisions if d.after is not None and d.changed} & desired.focus
        hosts = wanted(dc.replace(desired, focus=frozenset(changed)))
        self._hosts.reach([desired.resources[host] for host in hosts])

    @staticmethod
    def _returned(decision: Decision, desired: Desired, session: Session) -> dict[str, t.Any]:
        resource = decision.after or decision.before
        if resource is None:
            return {}
        result = flat(resource, desired.resources, desired.nics.get(resource.id, ()))
        return {"kind": resource.kind} | result | session.once.get(resource.id, {})

    def _finish(self, desired: Desired, outcomes: t.Mapping[str, HostOutcome]) -> None:
        """Forget what the world is rid of, and note how full storages are."""
        failed = {key for outcome in outcomes.values() for key in outcome.errors}
        lost = {host for host, outcome in outcomes.items() if "" in outcome.errors}
        gone = [
            desired.resources[ident]
            for ident in desired.focus
            if desired.resources[ident].removing and not _held(desired.resources[ident], failed, lost)
        ]
        rooms = _capacities(desired, outcomes)
        if not gone and not rooms:
            return
        gone.sort(key=lambda r: -ORDER[r.kind])
        with self._store.transaction(commit=True) as tx:
            for storage, hosts in rooms.items():
                current = tx.get(storage)
                if current is not None:
                    tx.update(current.with_status(hosts=current.status.get("hosts", {}) | hosts))
            for resource in gone:
                tx.delete(resource.id)


def _held(resource: Resource, failed: set[str], lost: set[str]) -> bool:
    """True when something of a removed resource, or of what is within it, may still be on a host."""
    if resource.kind not in ("instance", "volume"):
        return bool(failed)
    return bool({resource.id, resource.spec.get("vm"), resource.parent} & failed) or resource.spec.get("host") in lost


def _capacities(desired: Desired, outcomes: t.Mapping[str, HostOutcome]) -> dict[str, dict[str, dict[str, int]]]:
    """Capacity of storages by host, where it is new or something was written."""
    rooms: dict[str, dict[str, dict[str, int]]] = {}
    for host, outcome in outcomes.items():
        for ident, pool in (outcome.seen.pools if outcome.seen else {}).items():
            storage = desired.resources.get(ident)
            if storage is None or not pool.active:
                continue
            known = storage.status.get("hosts", {}).get(host)
            if known is None or outcome.done:
                rooms.setdefault(ident, {})[host] = {"capacity": pool.capacity, "available": pool.available}
    return rooms


def _image_key(spec: t.Mapping[str, t.Any]) -> tuple[str, str, str | None]:
    return spec["url"], spec["format"], spec.get("checksum")


def _ids(kind: Kind, resource: Resource) -> t.Iterator[str]:
    for name in kind.references:
        value = resource.spec.get(name)
        if isinstance(value, list):
            yield from (item["network"] if isinstance(item, dict) else item for item in value)
        elif value:
            yield value


def _nics(tx: Transaction, found: list[Resource]) -> dict[str, tuple[t.Any, ...]]:
    nics: dict[str, list[t.Any]] = {}
    for nic in tx.nics():
        nics.setdefault(nic.instance, []).append(nic)
    return {resource.id: tuple(nics.get(resource.id, ())) for resource in found}
