# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A host with libvirt: the port's verbs, each in the part that knows its objects."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Sequence

import libvirt

from ....module_utils._schema.errors import DriverError
from ..._core.world import (
    Access,
    BaseWanted,
    Card,
    Carried,
    Configuration,
    Disk,
    DomainShape,
    FilterShape,
    HostSeen,
    InstanceSnapshotWanted,
    Journey,
    Lease,
    Memory,
    NetworkShape,
    NodeFacts,
    PoolShape,
    Ran,
    RecordWanted,
    Route,
    SeedWanted,
    SnapshotWanted,
    VolumeWanted,
)
from ..._ports.hypervisor import Hypervisor, Scope
from . import console, observation, probe
from .domains import Domains
from .filters import Filters
from .guests import Guests
from .instance_snapshots import InstanceSnapshots
from .moves import Moves
from .networks import Networks
from .pools import Pools
from .session import RUN, Session
from .snapshots import Snapshots
from .uploads import SeedBuilder, Uploads
from .volumes import Volumes


class LibvirtHypervisor:
    """Implements :class:`..._ports.hypervisor.Hypervisor`; used by one thread at a time."""

    def __init__(self, *, session: Session, seed_builder: SeedBuilder, knock: Callable[[], None]) -> None:
        """``knock`` raises DriverError, in seconds, where nobody answers."""
        self._session, self._knock = session, knock
        self._pools = Pools(session)
        self._volumes = Volumes(session, self._pools)
        self._snapshots = Snapshots(session, self._pools)
        self._uploads = Uploads(session, self._pools, seed_builder)
        self._networks = Networks(session)
        self._filters = Filters(session)
        self._domains = Domains(session)
        self._instance_snapshots = InstanceSnapshots(session, self._pools, self._domains)
        self._guests = Guests(session, self._domains)
        self.moves = Moves(
            session,
            pools=self._pools,
            volumes=self._volumes,
            uploads=self._uploads,
            snapshots=self._snapshots,
            domains=self._domains,
        )

    def close(self) -> None:
        """A connection that is lost already is as good as closed."""
        with contextlib.suppress(libvirt.libvirtError):
            self._session.connection.close()

    def alive(self) -> bool:
        try:
            self._knock()
        except DriverError:
            return False
        return self._session.alive()

    def working(self) -> contextlib.AbstractContextManager[None]:
        return self._session.working()

    def node(self) -> NodeFacts:
        return observation.node(self._session)

    def probe_virt_type(self) -> str:
        return probe.virt_type(self._session)

    def observe(self, scope: Scope) -> HostSeen:
        return observation.observe(self._session, scope)

    def define_pool(self, shape: PoolShape, *, first: bool = False) -> None:
        self._pools.define(shape, first=first)

    def refresh_pool(self, pool_id: str) -> None:
        self._pools.refresh(pool_id)

    def remove_pool(self, pool_id: str) -> None:
        self._pools.remove(pool_id)

    def define_network(self, shape: NetworkShape, *, start: bool = True) -> None:
        self._networks.define(shape, start)

    def start_network(self, network_id: str) -> None:
        self._networks.start(network_id)

    def remove_network(self, network_id: str) -> None:
        self._networks.remove(network_id)

    def set_lease(self, network_id: str, lease: Lease) -> None:
        self._networks.set_lease(network_id, lease)

    def drop_lease(self, network_id: str, lease: Lease) -> None:
        self._networks.drop_lease(network_id, lease)

    def define_filter(self, shape: FilterShape) -> None:
        self._filters.define(shape)

    def remove_filter(self, filter_id: str) -> None:
        self._filters.remove(filter_id)

    def put_base(self, base: BaseWanted) -> None:
        self._uploads.put_base(base)

    def create_volume(self, volume: VolumeWanted) -> None:
        self._volumes.create(volume)

    def resize_volume(self, volume: VolumeWanted, domain_id: str | None, target: str | None) -> None:
        running = self._domains.running(domain_id) if domain_id is not None else None
        self._volumes.resize(volume, running, target)

    def take_snapshot(self, snapshot: SnapshotWanted, domain_id: str | None, target: str | None) -> dict[str, t.Any]:
        running = self._domains.running(domain_id) if domain_id is not None else None
        return self._snapshots.take(snapshot, running, target)

    def take_instance_snapshot(self, snapshot: InstanceSnapshotWanted) -> dict[str, t.Any]:
        return self._instance_snapshots.take(snapshot)

    def read_file(self, pool_id: str, name: str, sink: Callable[[bytes], None]) -> None:
        self._snapshots.read(pool_id, name, sink)

    def delete_volume(self, pool_id: str, name: str) -> None:
        self._volumes.delete(pool_id, name)

    def receive_volume(self, volume: VolumeWanted) -> None:
        self.moves.receive_volume(volume)

    def carry_file(self, file: Carried, source: Hypervisor) -> None:
        self.moves.carry_file(file, _real(source).moves)

    def migrate_domain(self, journey: Journey, target: Hypervisor, route: Route) -> None:
        self.moves.migrate(journey, _real(target).moves, route)

    def put_seed(self, seed: SeedWanted) -> None:
        self._uploads.put_seed(seed)

    def put_record(self, record: RecordWanted) -> None:
        self._uploads.put_record(record)

    def define_domain(self, shape: DomainShape) -> None:
        self._domains.define(shape)

    def start_domain(self, domain_id: str) -> None:
        self._domains.start(domain_id)

    def stop_domain(self, domain_id: str, timeout: int) -> None:
        self._domains.stop(domain_id, timeout)

    def reboot_domain(self, domain_id: str, timeout: int) -> None:
        self._domains.reboot(domain_id, timeout)

    def restore_domain(self, shape: DomainShape, memory: Memory) -> dict[str, t.Any]:
        return self._instance_snapshots.restore(shape, memory)

    def resume_domain(self, domain_id: str) -> None:
        self._domains.resume(domain_id)

    def undefine_domain(self, domain_id: str) -> None:
        self._domains.undefine(domain_id)

    def retitle_domain(self, shape: DomainShape) -> None:
        self._domains.retitle(shape)

    def scale_domain(self, domain_id: str, vcpus: int, memory: int) -> None:
        self._domains.scale(domain_id, vcpus, memory)

    def attach_disk(self, domain_id: str, disk: Disk) -> None:
        self._domains.attach(domain_id, disk)

    def detach_disk(self, domain_id: str, disk: Disk) -> None:
        self._domains.detach(domain_id, disk)

    def change_media(self, domain_id: str, drive: Disk) -> None:
        self._domains.change_media(domain_id, drive)

    def filter_card(self, domain_id: str, card: Card) -> None:
        self._domains.filter_card(domain_id, card)

    def let_in(self, shape: DomainShape, access: Access, keys: Sequence[str], timeout: int) -> None:
        self._guests.let_in(shape, access, keys, timeout)

    def configure_router(self, domain_id: str, configuration: Configuration, timeout: int) -> None:
        self._guests.configure(domain_id, configuration, timeout)

    def run_in_guest(self, domain_id: str, argv: Sequence[str], given: bytes, timeout: int) -> Ran:
        return self._guests.command(domain_id, argv, given, timeout)

    def console(self, domain_id: str, source: int, sink: int, leave: bytes) -> None:
        with self._session.about("the console"):
            if not self._session.can(RUN):
                raise self._session.error("the console", "a simulated host's guests have none; use a real host")
            console.connect(self._session, domain_id, source, sink, leave)

    def autostart_domain(self, domain_id: str, wanted: bool) -> None:
        self._domains.autostart(domain_id, wanted)


def _real(hypervisor: Hypervisor) -> LibvirtHypervisor:
    return t.cast("LibvirtHypervisor", hypervisor)
