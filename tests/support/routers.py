# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What virtual routers are to do, as hypothesis makes it up."""

from __future__ import annotations

from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.router import (
    Balancer,
    Client,
    Forward,
    Pass,
    Router,
    StaticNat,
    Vpn,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Lease

MACS = ("06:00:00:00:00:01", "06:00:00:00:00:02")
# A private and two public keys of WireGuard; nothing is encrypted with them.
KEYS = tuple(f"{name:a<42}A=" for name in ("private", "one", "other"))
SMALL = Router(network="10.1.1.0/24", gateway="10.1.1.1", guest_mac=MACS[0])
PUBLIC = Router(
    network="10.1.1.0/24",
    gateway="10.1.1.1",
    guest_mac=MACS[0],
    public_mac=MACS[1],
    source="192.0.2.10",
    public_bits=24,
    next_hop="192.0.2.1",
    domain="inside.example",
    leases=frozenset({Lease("06:00:00:00:00:09", "10.1.1.9", "web"), Lease("06:00:00:00:00:0a", "10.1.1.10", "db")}),
)

_private = st.integers(2, 254).map(lambda n: f"10.1.1.{n}")
_public = st.integers(10, 20).map(lambda n: f"192.0.2.{n}")
_networks = st.sampled_from(["0.0.0.0/0", "198.51.100.0/24", "203.0.113.7/32"])
_port = st.integers(1, 60000)
_spans = st.tuples(_port, st.integers(0, 20)).map(lambda span: (span[0], sum(span)))


@st.composite
def _forwards(draw: st.DrawFn) -> Forward:
    first, last = draw(_spans)
    return Forward(draw(_public), draw(st.sampled_from(["tcp", "udp"])), first, last, draw(_private), draw(_port))


@st.composite
def _balancers(draw: st.DrawFn) -> Balancer:
    return Balancer(
        public=draw(_public),
        port=draw(_port),
        private=draw(st.frozensets(_private, min_size=1, max_size=3)),
        private_port=draw(_port),
        algorithm=draw(st.sampled_from(["source", "roundrobin", "leastconn"])),
        interval=draw(st.integers(1, 60)),
    )


@st.composite
def _vpns(draw: st.DrawFn) -> Vpn:
    numbers = draw(st.frozensets(st.integers(2, 254), max_size=3))
    clients = frozenset(Client(f"10.1.2.{n}", f"{n:a>42}A=") for n in numbers)
    port = draw(_port.filter(lambda n: n not in (53, 67)))
    return Vpn(public=draw(_public), port=port, network="10.1.2.0/24", private_key=KEYS[0], clients=clients)


@st.composite
def _passes(draw: st.DrawFn, public: st.SearchStrategy[str]) -> Pass:
    protocol = draw(st.sampled_from(["tcp", "udp", "icmp", "all"]))
    first, last = draw(_spans | st.just((-1, -1))) if protocol in ("tcp", "udp") else (-1, -1)
    if protocol == "icmp":
        first, last = draw(st.sampled_from([(-1, -1), (8, -1), (8, 0), (3, 4)]))
    return Pass(protocol, draw(_networks), first, last, draw(public))


@st.composite
def routers(draw: st.DrawFn) -> Router:
    """A router with an outside and all sorts of rules."""
    nats = draw(st.dictionaries(_public, _private, max_size=3))
    leases = draw(
        st.dictionaries(st.integers(2, 254), st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True), max_size=4)
    )
    return Router(
        network="10.1.1.0/24",
        gateway="10.1.1.1",
        guest_mac=MACS[0],
        public_mac=MACS[1],
        source="192.0.2.10",
        public_bits=24,
        next_hop="192.0.2.1",
        others=frozenset(nats),
        domain=draw(st.sampled_from(["", "inside.example"])),
        mtu=draw(st.sampled_from([None, 1450])),
        forwarders=draw(st.sampled_from([(), ("192.0.2.53",)])),
        leases=frozenset(Lease(f"06:00:00:00:01:{n:02x}", f"10.1.1.{n}", name) for n, name in leases.items()),
        static_nats=frozenset(StaticNat(public, private) for public, private in nats.items()),
        forwards=draw(st.frozensets(_forwards(), max_size=3)),
        balancers=draw(st.frozensets(_balancers(), max_size=3)),
        vpn=draw(st.none() | _vpns()),
        ingress=draw(st.frozensets(_passes(_public), max_size=4)),
        egress=draw(st.frozensets(_passes(st.just("")), max_size=4)),
        denies=draw(st.booleans()),
    )
