# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Objects for tests of the libvirt driver: shapes with names of their own, and what removes them from a host."""

from __future__ import annotations

import dataclasses
import itertools
import uuid
from pathlib import Path
from typing import TypeVar

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Card,
    Disk,
    DomainShape,
    HostSeen,
    NetworkShape,
    PoolShape,
    VolumeWanted,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Hypervisor, Scope

OWNER = "owner"
Shape = TypeVar("Shape", PoolShape, NetworkShape, DomainShape)
_numbers = itertools.count(1)


class Objects:
    """One test's objects on one host."""

    def __init__(self, hypervisor: Hypervisor, directory: Path) -> None:
        self.hypervisor, self._directory = hypervisor, directory
        self._shapes: list[PoolShape | NetworkShape | DomainShape] = []

    def pool(self) -> PoolShape:
        ident, name = _ident("pool")
        return self._noted(PoolShape(ident, name, str(self._directory / name)))

    def network(self, **fields: object) -> NetworkShape:
        ident, name = _ident("net")
        subnet = f"10.200.{next(_numbers) % 250}"
        shape = NetworkShape(
            ident, name, "nat", name, "test.example", f"{subnet}.1", "255.255.255.0", document='{"a":1}'
        )
        return self._noted(dataclasses.replace(shape, **fields))  # type: ignore[arg-type]

    def domain(self, *disks: Disk, network: NetworkShape | None = None) -> DomainShape:
        """A machine that finds nothing to boot and waits."""
        ident, name = _ident("vm")
        cards = (Card(f"02:00:00:{ident[:2]}:{ident[2:4]}:{ident[4:6]}", network.name),) if network else ()
        return self._noted(
            DomainShape(ident, name, f"title of {name}", 1, 32, "qemu", "qemu64", disks, cards, '{"kind":"instance"}')
        )

    def volume(self, pool: PoolShape, name: str, capacity: int | None = 2**20, base: str | None = None) -> VolumeWanted:
        return VolumeWanted(OWNER, pool.id, name, capacity=capacity, base=base)

    def seen(self) -> HostSeen:
        return self.hypervisor.observe(Scope())

    def remove(self) -> None:
        for shape in reversed(self._shapes):
            if isinstance(shape, DomainShape):
                self.hypervisor.undefine_domain(shape.id)
            elif isinstance(shape, NetworkShape):
                self.hypervisor.remove_network(shape.id)
            else:
                self.hypervisor.remove_pool(shape.id)

    def _noted(self, shape: Shape) -> Shape:
        self._shapes.append(shape)
        return shape


def _ident(what: str) -> tuple[str, str]:
    ident = str(uuid.uuid4())
    return ident, f"{what}-{ident[:8]}"
