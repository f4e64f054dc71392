# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of hosts: what was learnt when the host was reached goes with it."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Resource
from ..session import Session
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
