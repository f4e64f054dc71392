# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a virtual router is to do. A value that could be taken for another word of a file is a ValueError."""

from __future__ import annotations

import dataclasses as dc
import ipaddress
import re

from ....module_utils._schema.formats import FORMATS
from ..world import Lease

_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")
_PORTS = range(1, 65536)
_MTUS = range(576, 65536)  # the least that each machine takes (RFC 791)
PROTOCOLS = ("tcp", "udp", "icmp", "all")
ALGORITHMS = ("source", "roundrobin", "leastconn")
# UDP ports that a router answers itself.
OWN_PORTS = (53, 67)


@dc.dataclass(frozen=True, order=True)
class StaticNat:
    """A public address that stands for a guest's, in both directions."""

    public: str
    private: str

    def __post_init__(self) -> None:
        _check_addresses(self.public, self.private)


@dc.dataclass(frozen=True, order=True)
class Forward:
    """Ports of a public address that lead to a guest; as many private ones, in the same order."""

    public: str
    protocol: str
    first: int
    last: int
    private: str
    private_first: int

    def __post_init__(self) -> None:
        _check_addresses(self.public, self.private)
        if self.protocol not in ("tcp", "udp"):
            raise ValueError(f"{self.protocol!r} is not a protocol with ports")
        _check_ports(self.first, self.last)
        _check_ports(self.private_first, self.private_first + self.last - self.first)


@dc.dataclass(frozen=True, kw_only=True)
class Balancer:
    """A port of a public address that leads to a port of several guests, those of them that answer.

    ``interval`` seconds after one look at a guest comes the next one; it has that long to answer.
    ``fall`` and ``rise`` are how often it does not, or does again, until that counts.
    """

    public: str
    port: int
    private: frozenset[str]
    private_port: int
    algorithm: str = "source"
    interval: int = 2
    fall: int = 3
    rise: int = 2

    def __post_init__(self) -> None:
        _check_addresses(self.public, *self.private)
        _check_ports(self.port, self.port)
        _check_ports(self.private_port, self.private_port)
        if self.algorithm not in ALGORITHMS:
            raise ValueError(f"{self.algorithm!r} is not one of {', '.join(ALGORITHMS)}")
        if not self.private or min(self.interval, self.fall, self.rise) < 1:
            raise ValueError(f"{self.public}:{self.port} leads nowhere, or is looked after at no time")


@dc.dataclass(frozen=True, order=True)
class Client:
    """Who has this key gets in by the VPN, as this address."""

    address: str
    key: str

    def __post_init__(self) -> None:
        _check_addresses(self.address)
        FORMATS["wireguard_key"](self.key)


@dc.dataclass(frozen=True, kw_only=True)
class Vpn:
    """A port of a public address that lets clients in. ``network`` has their addresses, the router's is the first."""

    public: str
    port: int
    network: str
    private_key: str = dc.field(repr=False)
    clients: frozenset[Client] = frozenset()

    def __post_init__(self) -> None:
        _check_addresses(self.public)
        _check_ports(self.port, self.port)
        if self.port in OWN_PORTS:
            raise ValueError(f"a router answers UDP port {self.port} itself")
        FORMATS["wireguard_key"](self.private_key)
        within = ipaddress.IPv4Network(self.network)
        for one in self.clients:
            if ipaddress.IPv4Address(one.address) not in within or one.address == self.gateway:
                raise ValueError(f"{one.address} is no address of a client of {self.network}")
        if len({one.key for one in self.clients}) < len(self.clients):
            raise ValueError("two clients have one key")
        if len({one.address for one in self.clients}) < len(self.clients):
            raise ValueError("two clients have one address")

    @property
    def gateway(self) -> str:
        return str(ipaddress.IPv4Network(self.network)[1])


@dc.dataclass(frozen=True, order=True)
class Pass:
    """Traffic that a rule is about: to the public address, or, without one, from guests to the outside.

    ``peer`` is the network of who calls; ports are -1 for all, and with icmp its type and code.
    """

    protocol: str
    peer: str
    first: int = -1
    last: int = -1
    public: str = ""

    def __post_init__(self) -> None:
        ipaddress.IPv4Network(self.peer)
        if self.public:
            _check_addresses(self.public)
        if self.protocol not in PROTOCOLS:
            raise ValueError(f"{self.protocol!r} is not one of {', '.join(PROTOCOLS)}")
        if self.protocol == "icmp":
            if not (-1 <= self.first <= 255 and -1 <= self.last <= 255):
                raise ValueError(f"{self.first}, {self.last} is not an ICMP type and code")
        elif (self.first, self.last) != (-1, -1):
            _check_ports(self.first, self.last)


@dc.dataclass(frozen=True, kw_only=True)
class Router:
    """All that a router is to do.

    ``gateway`` is its address within ``network``, the guests'. ``source`` is the public address that guests have
    outside, with ``public_bits`` of the public network, whose gateway is ``next_hop``; ``others`` are more of them.
    ``mtu`` is what guests are told, where it is not what their cards have by themselves.
    Without ``source`` it has no outside. ``denies`` says that ``egress`` are what is forbidden, rather than what is
    allowed.
    """

    network: str
    gateway: str
    guest_mac: str
    public_mac: str = ""
    source: str = ""
    public_bits: int = 32
    next_hop: str = ""
    others: frozenset[str] = frozenset()
    domain: str = ""
    mtu: int | None = None
    forwarders: tuple[str, ...] = ()
    leases: frozenset[Lease] = frozenset()
    static_nats: frozenset[StaticNat] = frozenset()
    forwards: frozenset[Forward] = frozenset()
    balancers: frozenset[Balancer] = frozenset()
    vpn: Vpn | None = None
    ingress: frozenset[Pass] = frozenset()
    egress: frozenset[Pass] = frozenset()
    denies: bool = True

    def __post_init__(self) -> None:
        if ipaddress.IPv4Address(self.gateway) not in ipaddress.IPv4Network(self.network):
            raise ValueError(f"{self.gateway} is not an address of {self.network}")
        _check_macs(self.guest_mac, *(lease.mac for lease in self.leases))
        if self.source:
            _check_macs(self.public_mac)
            _check_addresses(self.source, self.next_hop)
            ipaddress.IPv4Network((self.source, self.public_bits), strict=False)
        if self.vpn and ipaddress.IPv4Network(self.vpn.network).overlaps(ipaddress.IPv4Network(self.network)):
            raise ValueError(f"{self.vpn.network}, of clients, overlaps {self.network}")
        _check_addresses(*self.others, *self.forwarders, *(lease.ip for lease in self.leases))
        for name in (lease.hostname for lease in self.leases):
            FORMATS["hostname"](name)
        if self.mtu is not None and self.mtu not in _MTUS:
            raise ValueError(f"{self.mtu} is not an MTU")
        if self.domain:
            FORMATS["domain_name"](self.domain)


def _check_addresses(*found: str) -> None:
    for one in found:
        ipaddress.IPv4Address(one)


def _check_macs(*found: str) -> None:
    for one in found:
        if not _MAC.fullmatch(one):
            raise ValueError(f"{one!r} is not a MAC address")


def _check_ports(first: int, last: int) -> None:
    if first not in _PORTS or last not in _PORTS or last < first:
        raise ValueError(f"{first}-{last} are not ports")
