# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the cloud asks of a host's hypervisor.

All calls but the look-ups are *ensure* steps: done twice they change nothing the second time, and
an object that is already as asked for is not an error. All raise DriverError with one sentence that
names the object; none touches an object that does not carry the cloud's metadata.
"""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Callable, Sequence

from .._core.world import (
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


class Scope(t.NamedTuple):
    """What to look at on a host: these objects (filters by whose they are), or (None) all that there are."""

    domains: frozenset[str] | None = None
    networks: frozenset[str] | None = None
    pools: frozenset[str] | None = None
    filters: frozenset[str] | None = None


class Hypervisor(t.Protocol):
    """One host, connected."""

    def close(self) -> None: ...

    def alive(self) -> bool:
        """Whether the connection, which was idle, can be used again. Never raises."""

    def working(self) -> contextlib.AbstractContextManager[None]:
        """The steps of one run are made within this; a simulated host keeps what was done when it ends."""

    def node(self) -> NodeFacts:
        """The host's own facts."""

    def probe_virt_type(self) -> str:
        """kvm when a guest really runs under it on this host, else qemu; leaves nothing behind."""

    def observe(self, scope: Scope) -> HostSeen:
        """What is on the host, by as few calls as the hypervisor has for it."""

    def define_pool(self, shape: PoolShape, *, first: bool = False) -> None:
        """Define, build (make the directory), start and autostart a directory pool.

        The directory of a shared one is there already, and is the one that has the pool's mark; only the ``first`` host
        makes that. Raises DriverError, and has no such pool then, where it is missing.
        """

    def refresh_pool(self, pool_id: str) -> None:
        """Look at the files of a pool again: other hosts have changed them."""

    def remove_pool(self, pool_id: str) -> None:
        """Stop and undefine the pool; its directory and files stay."""

    def define_network(self, shape: NetworkShape, *, start: bool = True) -> None:
        """Define, autostart and start a network; redefines (and restarts) one that differs."""

    def start_network(self, network_id: str) -> None: ...

    def remove_network(self, network_id: str) -> None: ...

    def set_lease(self, network_id: str, lease: Lease) -> None:
        """Add the fixed lease, or change the one of the same MAC, in the running network and its definition."""

    def drop_lease(self, network_id: str, lease: Lease) -> None: ...

    def define_filter(self, shape: FilterShape) -> None:
        """Define a filter; one that is there is redefined, which holds at once for the cards that are under it."""

    def remove_filter(self, filter_id: str) -> None: ...

    def put_base(self, base: BaseWanted) -> None:
        """Copy the file ``base.source`` of this machine to the pool; a copy cut short is not left behind."""

    def create_volume(self, volume: VolumeWanted) -> None:
        """Make a volume file: a copy of its source, or else thin, over its base where it has one."""

    def take_snapshot(self, snapshot: SnapshotWanted, domain_id: str | None, target: str | None) -> dict[str, t.Any]:
        """Copy a volume as it is now, under the running domain that has it as ``target``. Says, as the snapshot's
        status, that it is ``taken`` and whether it was ``quiesced``."""

    def take_instance_snapshot(self, snapshot: InstanceSnapshotWanted) -> dict[str, t.Any]:
        """Copy all disks of a domain, and its memory where that is wanted, as they are at one moment; says the same.
        Files of which one is missing are all made anew."""

    def read_file(self, pool_id: str, name: str, sink: Callable[[bytes], None]) -> None:
        """Hand over the content of a pool's file, piece by piece."""

    def resize_volume(self, volume: VolumeWanted, domain_id: str | None, target: str | None) -> None:
        """Grow a volume to its capacity, through the domain where that runs with it as ``target``."""

    def delete_volume(self, pool_id: str, name: str) -> None: ...

    def receive_volume(self, volume: VolumeWanted) -> None:
        """Make the file that a machine which comes from another host writes to; whatever is there goes."""

    def carry_file(self, file: Carried, source: Hypervisor) -> None:
        """Copy a file of the host ``source``, which nobody writes to; whatever is there goes."""

    def migrate_domain(self, journey: Journey, target: Hypervisor, route: Route) -> None:
        """Move a running guest with its disks to the host ``target``, where there are files for them, without stopping
        it. It is defined there then, and here no longer active, but still defined. ``route`` is how this host
        reaches that one. Where it cannot be moved it goes on running here, and is not defined there."""

    def put_seed(self, seed: SeedWanted) -> None:
        """Write the cloud-init seed (NoCloud, an ISO labelled cidata) to the pool."""

    def put_record(self, record: RecordWanted) -> None:
        """Write the host's record to the pool, then delete older ones of that host from it."""

    def define_domain(self, shape: DomainShape) -> None:
        """Define the domain as ``shape``; one that is there is redefined, which a running guest does not feel."""

    def start_domain(self, domain_id: str) -> None: ...

    def stop_domain(self, domain_id: str, timeout: int) -> None:
        """Ask the guest to shut down; pull the plug when it has not after ``timeout`` seconds."""

    def reboot_domain(self, domain_id: str, timeout: int) -> None:
        """Stop as above, then start: devices that changed are as defined afterwards."""

    def restore_domain(self, shape: DomainShape, memory: Memory) -> dict[str, t.Any]:
        """Have the guest go on from the memory, with the disks of ``shape``, unless it runs with that root volume;
        one that runs otherwise has its plug pulled. The definition stays as it is. Says, as the instance's status,
        the ``memory_number``."""

    def resume_domain(self, domain_id: str) -> None:
        """Have a guest that stands still go on."""

    def undefine_domain(self, domain_id: str) -> None:
        """Pull the plug where it runs, and undefine the domain; volumes stay."""

    def retitle_domain(self, shape: DomainShape) -> None:
        """Set the title and the carried document, in the definition and the running guest."""

    def scale_domain(self, domain_id: str, vcpus: int, memory: int) -> None:
        """Set CPUs and memory (MiB), no more than the domain can have, in the definition and the running guest."""

    def attach_disk(self, domain_id: str, disk: Disk) -> None:
        """Plug a disk, in the definition and, where it runs, the guest."""

    def detach_disk(self, domain_id: str, disk: Disk) -> None: ...

    def change_media(self, domain_id: str, drive: Disk) -> None:
        """Put a CD into the drive, or take it out, in the definition and, where it runs, the guest."""

    def filter_card(self, domain_id: str, card: Card) -> None:
        """Put a card under its filter, or under none, in the definition and, where it runs, the guest."""

    def let_in(self, shape: DomainShape, access: Access, keys: Sequence[str], timeout: int) -> None:
        """Have the guest's agent set the keys and password of ``access``, and note on the domain that they are those of
        ``shape``. ``keys`` are fingerprints of those that go; others that the guest has stay. Waits ``timeout`` seconds
        for the agent.
        """

    def configure_router(self, domain_id: str, configuration: Configuration, timeout: int) -> None:
        """Give a running router its whole configuration, by its agent, and note on the running domain which one that
        was. Flows through it go on. Waits ``timeout`` seconds for the agent.
        """

    def run_in_guest(self, domain_id: str, argv: Sequence[str], given: bytes, timeout: int) -> Ran:
        """Have the guest's agent run a program as root, with ``given`` as its input, for at most ``timeout`` seconds
        (0: as long as it takes)."""

    def console(self, domain_id: str, source: int, sink: int, leave: bytes) -> None:
        """Connect two open files to a running guest's serial console, until the bytes ``leave`` are read."""

    def autostart_domain(self, domain_id: str, wanted: bool) -> None: ...


class Connect(t.Protocol):
    """Opens a host by its URL."""

    def __call__(self, url: str) -> Hypervisor: ...
