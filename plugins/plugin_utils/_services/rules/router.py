# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of virtual routers, which come with the first instance of an isolated network."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ....module_utils._kinds.router import ROUTER
from ....module_utils._schema.validation import Document
from ..._core.converge.router import size_of
from ..._core.lifecycle import initial
from ..._core.place import DiskRequest, HostRoom, Placement, Request, place
from ..._core.resource import Nic, Resource
from ..rooms import rooms, took
from ..session import Session
from .base import Rules
from .ip_address import associate, source_of
from .isolated import is_on_one_host, router_of
from .moving import on_its_way, other_processor


class Needs(t.NamedTuple):
    """What a router takes of its host: CPUs, MiB, and room for the copy of its template."""

    cpus: int
    memory: int
    disk: DiskRequest


class RouterRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if before is None:
            raise document.error(None, "there is none; the cloud makes it with the first instance of its network")
        if document.state == "recreated":
            spec["template"] = routing_template(session, document, spec["zone"]).id
        return spec

    def updated(self, session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        if after.spec["host"] != before.spec["host"]:
            after = self._move(session, document, before, after)
        elif after.spec["power"] == "Running" != before.spec["power"]:
            check_open(session, document, after)
        if after.spec["template"] != before.spec["template"]:
            needed_on(session, after.spec["template"], after.spec["host"])
        return after

    @staticmethod
    def _move(session: Session, document: Document, before: Resource, after: Resource) -> Resource:
        """To the host that is asked for, as it is so far."""
        target = after.spec["host"]
        problem = "it is always on a host; name one, or leave it out" if target is None else hindrance(session, before)
        if not problem and after.spec["template"] != before.spec["template"]:
            problem = "it is made anew from another template as well; do one after the other"
        # With force it may come from a host that does not answer, and is then made anew.
        problem = problem or ("" if document.force else other_processor(session, before, target))
        placement = None if problem else destination(session, before, host=target)
        if placement is None or placement.host is None:
            raise document.error("host", problem or f"it cannot go there: {placement and placement.trace.reasons}")
        return _moved(session, after, before, placement)

    def running(self, resource: Resource) -> bool:
        return bool(resource.spec["power"] == "Running")

    def state(self, resource: Resource) -> str:
        return str(resource.spec["power"])

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {"role": "VIRTUAL_ROUTER"} | resource.status


def check_open(session: Session, document: Document, machine: Resource, remedy: str = "enable that") -> None:
    """Raises SpecError where a machine is to be started on a host that is in maintenance."""
    host = session.one(machine.spec["host"])
    if host.spec["allocation_state"] == "Maintenance":
        raise document.error("state", f"its {host.label} is in maintenance; {remedy}")


def routing_template(session: Session, document: Document, zone: str) -> Resource:
    """The newest one of the zone. Raises SpecError where there is none."""
    found = [one for one in session.tx.select("template") if one.spec.get("is_routing") and one.spec["zone"] == zone]
    if not found:
        raise document.error(
            None, "its zone has no template for virtual routers; make one with is_routing: true, of role router_image"
        )
    return max(found, key=lambda one: (one.created, one.id))


def needed_on(session: Session, ident: str, host: str) -> None:
    """Note on a network or a template that it is needed on a host."""
    used = session.one(ident)
    hosts = used.status.get("hosts", [])
    if host not in hosts:
        session.tx.update(used.with_status(hosts=sorted({*hosts, host})))


def host_for(session: Session, document: Document, networks: t.Iterable[str], wanted: str | None) -> str | None:
    """The host that an instance has to be on for networks that are on one alone, or ``wanted``. Raises SpecError."""
    for network in map(session.one, networks):
        router = router_of(session, network) if is_on_one_host(session, network) else None
        if router is None:
            continue
        if wanted not in (None, router.spec["host"]):
            host = session.one(router.spec["host"])
            raise document.error("networks", f"{network.label} is on {host.label}, where its router is; name that host")
        wanted = router.spec["host"]
    return wanted


def serve(session: Session, document: Document, network: Resource, host: str) -> None:
    """Have an isolated network served, by a new router on ``host`` where it has none. Where the network can be on
    several, another one will do that has room."""
    router, alone = router_of(session, network), is_on_one_host(session, network)
    if router is not None:
        if alone and router.spec["host"] != host:
            where = session.one(router.spec["host"]).label
            raise document.error("networks", f"{network.label} is on {where}, where its router is; leave it out")
        return
    template = routing_template(session, document, network.spec["zone"])
    source = None
    if session.one(network.spec["network_offering"]).spec["source_nat"]:
        source = source_of(session, network) or associate(session, document, network)
    needs = _needs(session, network, template)
    router = _placed(session, document, _router(session, network, template, host, source), needs, alone)
    host = router.spec["host"]
    session.tx.insert(router)
    session.tx.allocate(router.id, host, cpus=needs.cpus, memory=needs.memory)
    session.tx.add_nic(router.id, network.id, 0, None)
    needed_on(session, template.id, host)
    needed_on(session, network.id, host)
    if source is not None:
        session.tx.add_nic(router.id, source.spec["public_network"], 1, None)
        needed_on(session, source.spec["public_network"], host)
        # From now on the network has this one, wherever its documents are taken to.
        session.tx.update(session.one(network.id).with_spec(source_nat_ip_address=source.name))


def _router(session: Session, network: Resource, template: Resource, host: str, source: Resource | None) -> Resource:
    size = session.one(network.spec["network_offering"]).spec.get("service_offering")
    spec = initial(ROUTER) | {
        "name": f"r-{network.name}"[:63],
        "zone": network.spec["zone"],
        "network": network.id,
        "template": template.id,
        "host": host,
        **({"service_offering": size} if size else {}),
        **({"public_network": source.spec["public_network"]} if source else {}),
    }
    return session.new(ROUTER, spec, network.owner, parent=network.id)


def besides(session: Session, document: Document, networks: t.Iterable[str]) -> list[Needs]:
    """What an instance's host takes besides it: the routers of networks that are there alone, and still without one."""
    alone = [one for one in map(session.one, networks) if is_on_one_host(session, one)]
    without = [one for one in alone if not router_of(session, one)]
    return [_needs(session, one, routing_template(session, document, one.spec["zone"])) for one in without]


def hindrance(session: Session, router: Resource) -> str:
    """Why a router cannot leave its host; empty when it can."""
    network = session.one(router.spec["network"])
    if is_on_one_host(session, network):
        return f"it stays with the instances of {network.label}; stop it"
    return on_its_way(session, router)


def destination(
    session: Session, router: Resource, host: str | None = None, among: t.Iterable[HostRoom] | None = None
) -> Placement:
    """Where a router can go: to ``host``, or to one of the hosts ``among``."""
    needs = _needs(session, session.one(router.spec["network"]), session.one(router.spec["template"]))
    request = Request(cpus=needs.cpus, memory=needs.memory, disks=(needs.disk,), host=host, owner=router.owner)
    return place(request, rooms(session, router.spec["zone"]) if among is None else list(among))


def _moved(session: Session, after: Resource, before: Resource, placement: Placement) -> Resource:
    """Give a router its place on the host of ``placement``; the router as it is to be stored."""
    host, (storage,) = str(placement.host), placement.storages
    (taken,) = session.tx.allocated([after.id])
    session.tx.allocate(after.id, host, cpus=taken.cpus, memory=taken.memory)
    # What it has on its old host stays counted by this transaction: it is there until it has arrived.
    took(session, after.spec["zone"], host, cpus=taken.cpus, memory=taken.memory)
    for ident in (after.spec[name] for name in ("template", "network", "public_network") if after.spec.get(name)):
        needed_on(session, ident, host)
    last = {"last_host": before.spec["host"], "last_storage": before.spec["storage"]}
    return after.with_spec(host=host, storage=storage, **last)


def _needs(session: Session, network: Resource, template: Resource) -> Needs:
    size = session.one(network.spec["network_offering"]).spec.get("service_offering")
    cpus, memory = size_of(session.one(size) if size else None)
    return Needs(cpus, memory, DiskRequest(0, template.status.get("physical_size") or 0))


def _placed(session: Session, document: Document, router: Resource, needs: Needs, alone: bool) -> Resource:
    """On its host, or on another one unless that ``alone`` will do; with the storage that takes the template's copy."""
    cpus, memory = needs.cpus, needs.memory
    request = Request(cpus=cpus, memory=memory, disks=(needs.disk,), host=router.spec["host"], owner=router.owner)
    placement = place(request, rooms(session, router.spec["zone"]))
    if placement.host is None and not alone:
        placement = place(dc.replace(request, host=None), rooms(session, router.spec["zone"]))
    if placement.host is None:
        why = placement.trace.reasons or "the zone has no hosts"
        raise document.error("networks", f"no host can take {router.label} ({cpus} CPUs, {memory} MiB): {why}")
    took(session, router.spec["zone"], placement.host, cpus=cpus, memory=memory)
    return router.with_spec(host=placement.host, storage=placement.storages[0])
