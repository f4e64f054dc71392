# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Moves of machines from host to host: made one after another, each when both hosts are ready for it.

A move that fails is undone as far as that is safe: while the old host surely has the machine and the new one does not,
the machine stays where it is, and is described so again.
"""

from __future__ import annotations

import contextlib
import dataclasses as dc
import typing as t
from urllib.parse import urlsplit

from ...module_utils._schema.errors import DriverError
from .._core.converge.network import lease_of
from .._core.converge.primary_storage import is_shared
from .._core.desired import Desired
from .._core.plan import LAST, Step
from .._core.plan.moves import AHEAD, Move
from .._core.resource import MACHINES, Resource
from .._core.world import Route
from .._ports.hypervisor import Hypervisor, Scope
from .._ports.store import Store, Transaction
from .hosts import Hosts
from .outcome import HostOutcome

ON_THE_WAY = ("last_host", "last_storage")


Tell = t.Callable[[Step], None]


class Waiting:
    """What of the steps of hosts is made before moves, what after each of them, and what when all are made."""

    def __init__(self, moves: t.Sequence[Move]) -> None:
        self._own = {id(step) for move in moves for step in move.steps}
        self._groups = {(host, move.instance) for move in moves for host in (move.source, move.target)}
        self._targets = {(move.target, move.instance) for move in moves}
        self._hosts = {host for host, _instance in self._groups}

    def before(self, steps: t.Iterable[Step]) -> list[Step]:
        return [step for step in steps if not self._follows(step) and not self._last(step)]

    def after(self, steps: t.Iterable[Step], instance: str) -> list[Step]:
        return [step for step in steps if step.group == instance and self._follows(step) and id(step) not in self._own]

    def last(self, steps: t.Iterable[Step]) -> list[Step]:
        return [step for step in steps if self._last(step)]

    def _follows(self, step: Step) -> bool:
        where = (step.host, step.group)
        return where in self._groups and not (where in self._targets and step.call in AHEAD)

    def _last(self, step: Step) -> bool:
        """What several may need, such as filters, is not removed while some are still under way."""
        return step.host in self._hosts and step.call in LAST and not step.group


class Mover:
    """Makes the steps of moves."""

    def __init__(self, *, hosts: Hosts, store: Store, timeout: int) -> None:
        self._hosts, self._store, self._timeout = hosts, store, timeout

    @contextlib.contextmanager
    def working(self, move: Move, desired: Desired) -> t.Iterator[None]:
        """Alone with the machine; simulated hosts keep what is done to them."""
        with self._store.lease(f"move:{move.instance}", self._timeout), contextlib.ExitStack() as stack:
            # In one order in all processes, so that none waits for another in a circle.
            for host in sorted((move.source, move.target)):
                stack.enter_context(self._open(host, desired).working())
            yield

    def move(self, move: Move, outcomes: t.Mapping[str, HostOutcome], desired: Desired, tell: Tell) -> None:
        """Make a move, unless something went wrong before. What goes wrong is noted on both hosts."""
        ends = [outcomes[host] for host in (move.source, move.target)]
        if not any({"", move.instance} & one.errors.keys() for one in ends) and move.steps:
            made: list[Step] = []
            try:
                with self.working(move, desired):
                    self._make_all(move, made, outcomes, desired, tell)
            except DriverError as error:
                outcomes[move.target].errors[move.instance] = error
        for one in ends:
            for other in ends:
                if move.instance in other.errors or "" in other.errors:
                    cause = other.errors.get(move.instance) or other.errors[""]
                    one.errors.setdefault(move.instance, cause)

    def _make_all(
        self, move: Move, made: list[Step], outcomes: t.Mapping[str, HostOutcome], desired: Desired, tell: Tell
    ) -> None:
        label, target = desired.resources[move.instance].label, desired.resources[move.target]
        for step in move.steps:
            tell(step)
            made.append(step)
            try:
                self.make(step, move, desired)
            except DriverError as error:
                prepared = [one for one in outcomes[move.target].done if one.group == move.instance]
                stays = self.undo(move, [*prepared, *made], desired)
                where = f"; it stays on {desired.resources[move.source].label}" if stays else "; apply again"
                raise DriverError(f"{label}: it cannot be moved to {target.label}: {error}{where}") from error
            outcomes[step.host].done.append(step)

    def make(self, step: Step, move: Move, desired: Desired) -> None:
        """One step of a move. Raises DriverError."""
        hypervisor = self._open(step.host, desired)
        if step.call == "carry_file":
            hypervisor.carry_file(step.args[0], self._open(move.source, desired))
        elif step.call == "migrate_domain":
            ends = [desired.resources[host] for host in (move.source, move.target)]
            hypervisor.migrate_domain(step.args[0], self._open(move.target, desired), route_between(*ends))
        else:
            getattr(hypervisor, step.call)(*step.args)

    def undo(self, move: Move, made: t.Iterable[Step], desired: Desired) -> bool:
        """Leave the machine where it was, if it surely is there and nowhere else; whether that is so."""
        try:
            if not self._stayed(move, desired):
                return False
            here = self._open(move.target, desired)
            for step in made:
                if step.call in ("receive_volume", "carry_file"):
                    file = step.args[0]
                    here.delete_volume(file.pool if step.call == "receive_volume" else file.into, file.name)
                elif step.call == "autostart_domain":
                    self._open(move.source, desired).autostart_domain(move.instance, True)
                elif step.call == "put_seed" and not is_shared(desired.resources[step.args[0].pool]):
                    here.delete_volume(step.args[0].pool, step.args[0].name)
            for nic in desired.nics.get(move.instance, ()):
                lease = lease_of(nic, desired.resources[move.instance])
                if lease is not None:
                    here.drop_lease(nic.network, lease)
        except DriverError:
            return False
        with self._store.transaction(commit=True) as tx:
            return _put_back(tx, desired.resources[move.instance], desired)

    def _stayed(self, move: Move, desired: Desired) -> bool:
        scope = Scope(frozenset({move.instance}), frozenset(), frozenset(), frozenset())
        old = self._open(move.source, desired).observe(scope).domains.get(move.instance)
        new = self._open(move.target, desired).observe(scope).domains.get(move.instance)
        return new is None and old is not None and not old.paused

    def _open(self, host: str, desired: Desired) -> Hypervisor:
        return self._hosts.open(desired.url_of(host))


def route_between(source: Resource, target: Resource) -> Route:
    """How the one reaches the other; a certificate is made out to what the URL calls the host."""
    host = urlsplit(target.spec["url"]).hostname
    address = target.spec.get("migration_address") or host
    plain = not any(one.spec.get("migration_tls", True) for one in (source, target))
    return Route(address, host or address, plain)


def _mine(instance: Resource, desired: Desired) -> list[Resource]:
    """An instance and its volumes, those that are on their way."""
    return [one for one in (instance, *desired.disks.get(instance.id, ())) if one.spec.get("last_host")]


def _put_back(tx: Transaction, instance: Resource, desired: Desired) -> bool:
    """Describe an instance as being where it came from; not one that others have changed meanwhile."""
    mine = _mine(instance, desired)
    current = {one.id: tx.get(one.id) for one in mine}
    if any((now := current[one.id]) is None or now.spec != one.spec for one in mine):
        return False
    for one in mine:
        host, storage = one.spec["last_host"], one.spec.get("last_storage")
        (taken,) = tx.allocated([one.id])
        places = {"host": host} | ({"storage": storage} if storage else {})
        now = current[one.id]
        if now is not None:
            tx.update(without_way(dc.replace(now, spec=now.spec | places)))
        tx.allocate(one.id, host, storage, cpus=taken.cpus, memory=taken.memory, size=taken.size)
        take_along(tx, one, host)
    return True


def take_along(tx: Transaction, one: Resource, host: str) -> None:
    """Snapshots of an instance or a volume, on a storage that hosts share, are seen to by the host that it is on."""
    for user in tx.referrers(one.id):
        if user.kind in ("volume_snapshot", "instance_snapshot") and user.spec["host"] != host:
            for taken in tx.allocated([user.id]):
                tx.allocate(user.id, host, taken.storage, size=taken.size)
            tx.update(user.with_spec(host=host))


def there(desired: Desired, outcomes: t.Mapping[str, HostOutcome]) -> list[Resource]:
    """Machines that have arrived, and of which nothing is left where they came from."""
    found = []
    for one in (one for kind in MACHINES for one in desired.of(kind)):
        last = one.spec.get("last_host")
        ends = [outcomes.get(host) for host in (last, one.spec["host"])] if last and one.id in desired.focus else []
        clean = [end for end in ends if end is not None and _is_rid(end, one, desired)]
        if len(clean) == 2 and not one.removing:
            found.append(one)
    return found


def _is_rid(end: HostOutcome, machine: Resource, desired: Desired) -> bool:
    """Whether all is done on a host that a machine comes from or goes to."""
    forgotten = end.lost and machine.id in desired.forced
    return forgotten or not {"", machine.id} & end.errors.keys()


def arrived(tx: Transaction, instances: t.Iterable[Resource], desired: Desired) -> None:
    """Nothing of these instances is left where they came from."""
    for one in (one for instance in instances for one in _mine(instance, desired)):
        now = tx.get(one.id)
        if now is not None and all(now.spec.get(name) == one.spec.get(name) for name in ("host", *ON_THE_WAY)):
            tx.update(without_way(now))


def without_way(resource: Resource) -> Resource:
    """As what is on no way from anywhere."""
    return dc.replace(resource, spec={name: v for name, v in resource.spec.items() if name not in ON_THE_WAY})
