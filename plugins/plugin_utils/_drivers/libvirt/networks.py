# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Networks and the fixed leases in them."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import libvirt

from ..._core.world import Lease, NetworkShape
from . import carried, domain_xml, network_xml
from .session import BRIDGES, TWO_DEFINITIONS, Session, found

_LIVE = libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE
_CONFIG = libvirt.VIR_NETWORK_UPDATE_AFFECT_CONFIG
_NOT_OURS = "it is not the cloud's, which leaves it alone; undefine it, or name yours otherwise"


class Definitions(t.NamedTuple):
    """What an active network runs with (None when it is not active) and what it starts with."""

    live: str | None
    stored: str


def definitions(network: t.Any, active: bool, session: Session) -> Definitions:
    if not active:
        return Definitions(None, network.XMLDesc(0))
    live = network.XMLDesc(0)
    if not session.can(TWO_DEFINITIONS):
        return Definitions(live, live)
    return Definitions(live, network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE))


def bridges(session: Session) -> frozenset[str] | None:
    """The names of the host's interfaces; None where the host does not tell."""
    if not session.can(BRIDGES):
        return None
    try:
        return frozenset(interface.name() for interface in session.connection.listAllInterfaces(0))
    except libvirt.libvirtError:  # libvirt may be built, or run, without a driver for interfaces
        return None


def has_interfaces(session: Session, shape: NetworkShape, there: frozenset[str] | None) -> bool:
    """Whether the host has what a network that runs needs; yes where it does not tell (``there`` is None)."""
    if there is None:
        return True
    if shape.bridge and shape.bridge not in there:
        return False
    # A bridge's ports are not among all interfaces, but found by name.
    name = network_xml.vxlan(shape)
    look_up = session.connection.interfaceLookupByName
    return name is None or found(look_up, name, libvirt.VIR_ERR_NO_INTERFACE) is not None


class Networks:
    """The network verbs of the port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def define(self, shape: NetworkShape, start: bool) -> None:
        what = f"network '{shape.name}'"
        with self._session.about(what):
            network = self._find(shape.id)
            if network is None:
                self._refuse_namesake(shape.name, what)
                network = self._define(shape, None)
            else:
                network = self._redefine(network, shape)
            if start:
                self._ensure_started(network)

    def start(self, network_id: str) -> None:
        with self._session.about(f"network {network_id}"):
            self._ensure_started(self._get(network_id))

    def remove(self, network_id: str) -> None:
        with self._session.about(f"network {network_id}"):
            network = self._find(network_id)
            if network is not None:
                if network.isActive():
                    network.destroy()
                network.undefine()

    def set_lease(self, network_id: str, lease: Lease) -> None:
        with self._session.about(f"network {network_id}: lease of {lease.ip} to {lease.mac}"):
            self._set_lease(self._get(network_id), lease)

    def drop_lease(self, network_id: str, lease: Lease) -> None:
        with self._session.about(f"network {network_id}: lease of {lease.ip} to {lease.mac}"):
            network = self._find(network_id)
            if network is None:
                return
            for xml, where in self._leased(network):
                for old in network_xml.read(xml).leases:
                    if old.mac == lease.mac:
                        _update(network, libvirt.VIR_NETWORK_UPDATE_COMMAND_DELETE, old, where)

    def _find(self, network_id: str) -> t.Any | None:
        """The network, which is ours; None where there is none."""
        look_up = self._session.connection.networkLookupByUUIDString
        network = found(look_up, network_id, libvirt.VIR_ERR_NO_NETWORK)
        if network is not None and not carried.is_in(network.XMLDesc(0)):
            raise self._session.error(f"network '{network.name()}'", _NOT_OURS)
        return network

    def _get(self, network_id: str) -> t.Any:
        network = self._find(network_id)
        if network is None:
            raise self._session.error(f"network {network_id}", "it is not there; apply the network")
        return network

    def _refuse_namesake(self, name: str, what: str) -> None:
        look_up = self._session.connection.networkLookupByName
        if found(look_up, name, libvirt.VIR_ERR_NO_NETWORK) is not None:
            raise self._session.error(what, f"a network of that name is there: {_NOT_OURS}")

    def _define(self, shape: NetworkShape, current: str | None) -> t.Any:
        return self._session.connection.networkDefineXML(network_xml.build(shape, current))

    def _redefine(self, network: t.Any, shape: NetworkShape) -> t.Any:
        """Change what differs; the running network only where it must be, since that is felt in its guests."""
        live, stored = definitions(network, bool(network.isActive()), self._session)
        defined = network_xml.read(stored)
        running = None if live is None else network_xml.read(live)
        if network.name() != shape.name:  # libvirt cannot rename a network
            if running is not None:
                network.destroy()
            network.undefine()
            return self._define(shape, stored)
        if running is not None and not self._may_go_on(running, shape):
            network.destroy()
            running = None
        if defined != shape:
            network = self._define(shape, stored)
        for lease in sorted(shape.leases - running.leases) if running is not None else ():
            self._set_lease(network, lease)
        return network

    def _may_go_on(self, running: NetworkShape, shape: NetworkShape) -> bool:
        """Leases are changed while a network runs; its document stands in the definition."""
        if not self._session.can(TWO_DEFINITIONS):
            return running == shape
        return dc.replace(running, leases=shape.leases, document=shape.document) == shape

    def _ensure_started(self, network: t.Any) -> None:
        if not network.autostart():
            network.setAutostart(1)
        shape = network_xml.read(network.XMLDesc(0))
        there = bridges(self._session)
        missing = not has_interfaces(self._session, shape, there)
        if missing and shape.mode == "bridge":
            raise self._session.error(
                f"network '{shape.name}'", f"the host has no bridge '{shape.bridge}'; make it there, or name another"
            )
        if network.isActive():
            if not missing:
                return
            network.destroy()
        network.create()
        self._check_segment(shape)
        self._plug_in_again(shape)

    def _check_segment(self, shape: NetworkShape) -> None:
        """The host's hook has made the VXLAN, or there is no hook."""
        if shape.vni and not has_interfaces(self._session, shape, bridges(self._session)):
            problem = f"the host has not made its VXLAN {shape.vni}; prepare the host with role node"
            raise self._session.error(f"network '{shape.name}'", problem)

    def _plug_in_again(self, shape: NetworkShape) -> None:
        """Put the cards of running guests on the bridge that is new.

        libvirt does so when a card moves to another network or bridge, not when it is told the same again:
        the card goes to the bridge directly, and from there back to the network.
        """
        flag = libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE
        if not self._session.can(BRIDGES) or not shape.bridge:
            return
        for domain in self._session.connection.listAllDomains(flag):
            xml = domain.XMLDesc(0)
            if carried.is_in(xml):
                for moved, home in domain_xml.moved_cards(xml, shape.name, shape.bridge):
                    domain.updateDeviceFlags(moved, libvirt.VIR_DOMAIN_AFFECT_LIVE)
                    domain.updateDeviceFlags(home, libvirt.VIR_DOMAIN_AFFECT_LIVE)

    def _leased(self, network: t.Any) -> list[tuple[str, int]]:
        """The network's definitions, each with the flags that change it."""
        live, stored = definitions(network, bool(network.isActive()), self._session)
        if live is None:
            return [(stored, _CONFIG)]
        if not self._session.can(TWO_DEFINITIONS):
            return [(live, _LIVE | _CONFIG)]
        return [(live, _LIVE), (stored, _CONFIG)]

    def _set_lease(self, network: t.Any, lease: Lease) -> None:
        for xml, where in self._leased(network):
            leases = network_xml.read(xml).leases
            if lease in leases:
                continue
            for old in leases:
                # An address belongs to one card: who else has it is gone. Changing a lease does not refresh
                # the names that dnsmasq serves, so one that differs is dropped and added.
                if old.mac == lease.mac or old.ip == lease.ip:
                    _update(network, libvirt.VIR_NETWORK_UPDATE_COMMAND_DELETE, old, where)
            _update(network, libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, lease, where)


def _update(network: t.Any, command: int, lease: Lease, where: int) -> None:
    network.update(command, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, -1, network_xml.lease(lease), where)
