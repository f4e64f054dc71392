# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Machines and their files on their way from one host to another.

https://libvirt.org/migration.html: the management machine leads (managed direct), so that hosts need no way to each
other's libvirtd, and a migration whose leader dies is given up by both. Memory and disks go from QEMU to QEMU, by TLS:
https://libvirt.org/html/libvirt-libvirt-domain.html#VIR_MIGRATE_TLS
"""

from __future__ import annotations

import re
import tempfile
import typing as t

import libvirt

from ..._core.naming import shared_mark
from ..._core.plan.files import not_mounted
from ..._core.world import Carried, Journey, Route, VolumeWanted
from . import domain_xml, pool_xml
from .domains import Domains
from .guests import note_configured
from .pools import Pools, file_path
from .session import RUN, UPLOAD, Session, message
from .snapshots import Snapshots
from .uploads import Uploads
from .volumes import Volumes, delete_if_there, find_volume, marker_of

_FLAGS = (
    libvirt.VIR_MIGRATE_LIVE
    | libvirt.VIR_MIGRATE_PERSIST_DEST
    # A guest that writes faster than can be copied is slowed down.
    | libvirt.VIR_MIGRATE_AUTO_CONVERGE
)
# What lies over an image is copied, and lies over the copy of that image again.
_COPY = libvirt.VIR_MIGRATE_NON_SHARED_INC
# libvirt knows a few file systems that hosts share, and takes any other one for local. Here the mark of the storage,
# which both hosts see, says that they share it, and disks on it are in no host's memory.
_SHARED = libvirt.VIR_MIGRATE_UNSAFE
# How libvirt and QEMU begin to say that they lack certificates, or do not take the other side's.
_OF_TLS = re.compile(r"TLS|credentials|certificate", re.IGNORECASE)
_REMEDY = (
    "moves are encrypted, for which QEMU on both hosts needs certificates, as role node makes them; or say"
    " migration_tls: false for both hosts, where nobody else is in the network between them"
)


class Moves:
    """The verbs of the port that two hosts have a part in."""

    def __init__(
        self,
        session: Session,
        *,
        pools: Pools,
        volumes: Volumes,
        uploads: Uploads,
        snapshots: Snapshots,
        domains: Domains,
    ) -> None:
        self.session, self._pools, self._volumes, self._uploads = session, pools, volumes, uploads
        self._snapshots, self._domains = snapshots, domains

    def receive_volume(self, volume: VolumeWanted) -> None:
        pool = self._pools.get(volume.pool)
        with self.session.about(f"volume '{volume.name}'"):
            delete_if_there(pool, volume.name)
        self._volumes.create(volume)

    def carry_file(self, file: Carried, source: Moves) -> None:
        pool = self._pools.get(file.into)
        with self.session.about(f"file '{file.name}'"):
            delete_if_there(pool, file.name)
            delete_if_there(pool, marker_of(file.name))
        if not self.session.can(UPLOAD):
            self._volumes.create(VolumeWanted("", file.into, file.name, capacity=file.capacity, base=file.base))
            return
        base = file_path(pool, file.base) if file.base is not None else None
        with tempfile.TemporaryFile() as kept:
            source.read(file, kept.write)
            self._uploads.put_file(file.into, file.name, kept, base)

    def read(self, file: Carried, sink: t.Callable[[bytes], t.Any]) -> None:
        self._snapshots.read(file.pool, file.name, sink)

    def migrate(self, journey: Journey, target: Moves, route: Route) -> None:
        domain = self._domains.get(journey.domain)
        with self.session.about(f"domain '{domain.name()}'"):
            if not self.session.can(RUN):
                self._pretend(domain, journey, target)
                return
            for pool in journey.shared:
                target.refresh_shared(pool)
            paths = {name: target.path(pool, name) for name, pool in journey.pools.items()}
            live, kept = (domain.XMLDesc(flag | libvirt.VIR_DOMAIN_XML_SECURE) for flag in _SIDES)
            how: dict[str, t.Any] = {
                libvirt.VIR_MIGRATE_PARAM_DEST_XML: domain_xml.on_files(live, journey, paths),
                libvirt.VIR_MIGRATE_PARAM_PERSIST_XML: domain_xml.in_pools(kept, journey),
            }
            copied = domain_xml.copied_disks(live, journey)
            if copied:
                how[libvirt.VIR_MIGRATE_PARAM_MIGRATE_DISKS] = copied
            flags = _FLAGS | (_COPY if copied else 0) | (_SHARED if journey.shared else 0)
            if route.address:
                how[libvirt.VIR_MIGRATE_PARAM_URI] = f"tcp://{route.address}"
            if route.name and not route.plain:
                how[libvirt.VIR_MIGRATE_PARAM_TLS_DESTINATION] = route.name
            self._migrate(domain, target, how, flags, plain=route.plain)

    def _migrate(self, domain: t.Any, target: Moves, how: dict[str, t.Any], flags: int, *, plain: bool) -> None:
        try:
            domain.migrate3(target.session.connection, how, flags if plain else flags | libvirt.VIR_MIGRATE_TLS)
        except libvirt.libvirtError as error:
            problem = message(error)
            if plain or not _OF_TLS.search(problem):
                raise
            raise self.session.error(f"domain '{domain.name()}'", f"{problem}; {_REMEDY}") from error

    def _pretend(self, domain: t.Any, journey: Journey, target: Moves) -> None:
        """Simulated guests are only said to run: they are said to run there."""
        xml = domain_xml.in_pools(domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE), journey)
        there, digest = target.session.connection.defineXML(xml), domain_xml.configured(domain.XMLDesc(0))
        there.create()
        if digest:
            note_configured(there, digest)
        domain.destroy()

    def refresh_shared(self, name: str) -> None:
        """See the files that the other host has made in a pool. Raises DriverError where they do not share it."""
        with self.session.about(f"storage pool '{name}'"):
            pool = self.session.connection.storagePoolLookupByName(name)
            pool.refresh(0)
            if find_volume(pool, shared_mark(pool.UUIDString())) is None:
                raise self.session.error(f"storage pool '{name}'", not_mounted(pool_xml.read(pool.XMLDesc(0))))

    def path(self, pool: str, name: str) -> str:
        """Where a file of the pool of this name is."""
        with self.session.about(f"storage pool '{pool}'"):
            return file_path(self.session.connection.storagePoolLookupByName(pool), name)


_SIDES = (libvirt.VIR_DOMAIN_XML_MIGRATABLE, libvirt.VIR_DOMAIN_XML_INACTIVE)
