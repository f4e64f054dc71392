# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Objects that do not carry our metadata are seen, and never touched."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import libvirt
import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Disk, DomainShape, Lease, NetworkShape
from support.libvirt_objects import Objects
from support.private_libvirt import PrivateLibvirt

DOMAIN = """
<domain type='qemu'><name>{name}</name><uuid>{ident}</uuid><memory unit='MiB'>32</memory>
<os><type>hvm</type></os></domain>
"""
NETWORK = "<network><name>{name}</name><uuid>{ident}</uuid><bridge name='{bridge}'/></network>"


@pytest.fixture
def connection(libvirt_host: PrivateLibvirt) -> Iterator[libvirt.virConnect]:
    opened = libvirt.open(libvirt_host.uri)
    yield opened
    opened.close()


@pytest.fixture
def foreign_domain(connection: libvirt.virConnect) -> Iterator[libvirt.virDomain]:
    ident = str(uuid.uuid4())
    domain = connection.defineXML(DOMAIN.format(ident=ident, name=f"theirs-{ident[:8]}"))
    domain.create()
    yield domain
    domain.destroy()
    domain.undefine()


@pytest.fixture
def foreign_network(connection: libvirt.virConnect) -> Iterator[libvirt.virNetwork]:
    ident = str(uuid.uuid4())
    network = connection.networkDefineXML(NETWORK.format(ident=ident, name=f"theirs-{ident[:8]}", bridge=ident[:8]))
    network.create()
    yield network
    network.destroy()
    network.undefine()


DOMAIN_VERBS: dict[str, Callable[[Objects, DomainShape], None]] = {
    "define": lambda o, d: o.hypervisor.define_domain(d),
    "start": lambda o, d: o.hypervisor.start_domain(d.id),
    "stop": lambda o, d: o.hypervisor.stop_domain(d.id, 0),
    "reboot": lambda o, d: o.hypervisor.reboot_domain(d.id, 0),
    "undefine": lambda o, d: o.hypervisor.undefine_domain(d.id),
    "retitle": lambda o, d: o.hypervisor.retitle_domain(d),
    "attach": lambda o, d: o.hypervisor.attach_disk(d.id, Disk("vdb", "p", "v")),
    "detach": lambda o, d: o.hypervisor.detach_disk(d.id, Disk("vdb", "p", "v")),
    "autostart": lambda o, d: o.hypervisor.autostart_domain(d.id, True),
}
NETWORK_VERBS: dict[str, Callable[[Objects, NetworkShape], None]] = {
    "define": lambda o, n: o.hypervisor.define_network(n),
    "start": lambda o, n: o.hypervisor.start_network(n.id),
    "remove": lambda o, n: o.hypervisor.remove_network(n.id),
    "set_lease": lambda o, n: o.hypervisor.set_lease(n.id, Lease("02:00:00:00:00:01", "10.0.0.2", "a")),
    "drop_lease": lambda o, n: o.hypervisor.drop_lease(n.id, Lease("02:00:00:00:00:01", "10.0.0.2", "a")),
}


@pytest.mark.parametrize("verb", DOMAIN_VERBS.values(), ids=DOMAIN_VERBS)
def test_a_domain_of_another_is_left_alone(
    real: Objects, foreign_domain: libvirt.virDomain, verb: Callable[[Objects, DomainShape], None]
) -> None:
    before = foreign_domain.XMLDesc(0)
    shape = DomainShape(foreign_domain.UUIDString(), "ours", "ours", 1, 32, "qemu", "qemu64", (), ())
    with pytest.raises(DriverError, match=f"'{foreign_domain.name()}' .* it is not the cloud's, which leaves it alone"):
        verb(real, shape)
    assert foreign_domain.XMLDesc(0) == before
    seen = real.seen().domains[shape.id]
    assert (seen.owned, seen.active, seen.shape, seen.live) == (False, True, None, None)


@pytest.mark.parametrize("verb", NETWORK_VERBS.values(), ids=NETWORK_VERBS)
def test_a_network_of_another_is_left_alone(
    real: Objects, foreign_network: libvirt.virNetwork, verb: Callable[[Objects, NetworkShape], None]
) -> None:
    before = foreign_network.XMLDesc(0)
    shape = NetworkShape(foreign_network.UUIDString(), "ours", "isolated", "cnours")
    with pytest.raises(DriverError, match=f"'{foreign_network.name()}' .* it is not the cloud's"):
        verb(real, shape)
    assert foreign_network.XMLDesc(0) == before
    seen = real.seen().networks[shape.id]
    assert (seen.owned, seen.active) == (False, True)


def test_names_of_others_are_not_taken(
    real: Objects, foreign_domain: libvirt.virDomain, foreign_network: libvirt.virNetwork
) -> None:
    domain = DomainShape(str(uuid.uuid4()), foreign_domain.name(), "ours", 1, 32, "qemu", "qemu64", (), ())
    with pytest.raises(DriverError, match="a domain of that name is there"):
        real.hypervisor.define_domain(domain)
    with pytest.raises(DriverError, match="a network of that name is there"):
        real.hypervisor.define_network(NetworkShape(str(uuid.uuid4()), foreign_network.name(), "isolated", "cnours"))
