# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the store keeps: resources, the network cards of instances, and what a task decided about them."""

from __future__ import annotations

import dataclasses as dc
import typing as t

# Kinds of what is a virtual machine on a host, and has network cards.
MACHINES = ("instance", "router")


@dc.dataclass(frozen=True)
class Owner:
    domain: str = "ROOT"
    account: str = "admin"
    project: str = ""

    @property
    def path(self) -> str:
        return "/".join((self.domain, self.account, self.project)).rstrip("/")


@dc.dataclass(frozen=True)
class Resource:
    """One thing of a kind.

    ``spec`` is what is wanted, with references as ids; ``status`` what is known. ``parent`` is the id of
    the resource that this one belongs to and goes with. ``removing`` means that nobody wants it any more
    and that it goes once the world is rid of it.
    """

    id: str
    kind: str
    name: str
    spec: dict[str, t.Any]
    status: dict[str, t.Any] = dc.field(default_factory=dict)
    owner: Owner = Owner()
    scope: str = ""
    created: str = ""
    applyset: str | None = None
    parent: str | None = None
    removing: bool = False

    @property
    def label(self) -> str:
        """How a person calls it: ``instance 'web1'``."""
        return f"{self.kind.replace('_', ' ')} '{self.name}'"

    def with_spec(self, **changes: t.Any) -> Resource:
        return dc.replace(self, spec=self.spec | changes)

    def with_removing(self) -> Resource:
        return dc.replace(self, removing=True)

    def with_status(self, **changes: t.Any) -> Resource:
        return dc.replace(self, status=self.status | changes)


@dc.dataclass(frozen=True)
class Nic:
    """A network card: its place on the instance, its MAC and, where the network has addresses, its address."""

    instance: str
    network: str
    position: int
    mac: str
    ip: str | None = None


def object_name(resource: Resource) -> str:
    """What a resource is called on a host: readable, and unlike any other's (libvirt names are per host)."""
    readable = "".join(c if c.isalnum() or c in "-." else "-" for c in resource.name)
    return f"{readable}-{resource.id[:8]}"


def bridge_name(resource: Resource) -> str:
    """Name of a network's own bridge: at most 15 characters, the kernel's limit."""
    return f"cn{resource.id.replace('-', '')[:12]}"
