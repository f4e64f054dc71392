# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of hosts: what was learnt when the host was reached goes with it."""

from __future__ import annotations

import typing as t

from ....module_utils._kinds.instance import INSTANCE
from ....module_utils._kinds.router import ROUTER
from ....module_utils._schema.validation import Document
from ..._core.resource import Resource
from ..rooms import rooms
from ..session import Session
from . import moving, router
from .base import Rules


class HostRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        for other in session.tx.select("host"):
            if other.spec["url"] == spec["url"] and (before is None or other.id != before.id):
                raise document.error("url", f"{other.label} has it already; one machine is one host")
        self._same_machine(session, document, spec, before)
        cluster = session.one(spec["cluster"])
        if before is None and spec.get("pod") and cluster.spec["pod"] != spec["pod"]:
            raise document.error("cluster", f"{cluster.label} is in another pod; name one of the host's pod")
        return spec

    def _same_machine(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> None:
        """A host with instances may be reached by another URL; it does not become another machine."""
        probed = session.probes.hosts.get(spec["url"])
        known = before.status.get("hostname") if before else None
        if before is None or probed is None or known in (None, probed.facts.hostname):
            return
        if session.tx.referrers(before.id):
            there = probed.facts.hostname
            raise document.error("url", f"'{there}' answers there, not '{known}', which has instances")

    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        return self._facts(session, resource)

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        return self._facts(session, after)

    def implied(self, session: Session, document: Document, resource: Resource) -> t.Iterable[Document]:
        """What runs on a host that is put into maintenance goes to others of its cluster; all of it, or nothing.

        What is stopped stays. One after another, so that each finds the room that the earlier ones leave.
        """
        if document.state != "maintenance":
            return
        refusals = []
        for kind in (ROUTER, INSTANCE):
            for machine in self._running(session, resource, kind.name):
                problem, target = self._elsewhere(session, machine, resource)
                if target is None:
                    refusals.append(f"{machine.label}: {problem}")
                else:
                    yield Document(kind, machine.name, {"host": target}, id=machine.id)
        if refusals:
            problem = f"these cannot leave it, and nothing is moved: {'; '.join(refusals)}"
            raise document.error("state", problem)

    @staticmethod
    def _running(session: Session, host: Resource, kind: str) -> list[Resource]:
        found = [one for one in session.tx.referrers(host.id) if one.kind == kind and not one.removing]
        mine = [one for one in found if one.spec["host"] == host.id and one.spec["power"] == "Running"]
        return sorted(mine, key=lambda one: one.name)

    @staticmethod
    def _elsewhere(session: Session, machine: Resource, host: Resource) -> tuple[str, str | None]:
        """Where a machine can go within the cluster, or why it cannot."""
        way = router if machine.kind == "router" else moving
        problem = way.hindrance(session, machine)
        if problem:
            return problem, None
        others = [one for one in session.tx.select("host") if one.spec["cluster"] == host.spec["cluster"]]
        fit = {one.id for one in others if one.id != host.id and not moving.other_processor(session, machine, one.id)}
        if not fit:
            return f"there is no other host in its cluster with the processor of {host.name}", None
        among = [room for ident, room in rooms(session, host.spec["zone"]).items() if ident in fit]
        placement = way.destination(session, machine, among=among)
        return f"no other host of its cluster can take it: {placement.trace.reasons}", placement.host

    def _facts(self, session: Session, resource: Resource) -> Resource:
        probed = session.probes.hosts.get(resource.spec["url"])
        if probed is None:
            return resource
        facts = probed.facts
        learnt = {
            "hostname": facts.hostname,
            "cpus": facts.cpus,
            "memory": facts.memory,
            "hypervisor_version": facts.hypervisor_version,
            "libvirt_version": facts.libvirt_version,
        }
        if probed.runs:
            learnt["runs"] = probed.runs
        return resource.with_status(**learnt)
