# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A cloud as info modules return it, to be drawn; and diagrams of all sorts."""

from __future__ import annotations

import typing as t

from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.model import Diagram, Leaf, Meter, Part
from support.hostile import HOSTILE

One = dict[str, t.Any]
Cloud = dict[str, list[One]]


def instance(name: str, host: str | None = "h1", state: str = "Running", **addresses: str | None) -> One:
    """``addresses`` are those on networks, the first of which is the default one."""
    nic = [{"network": network, "ip_address": address} for network, address in addresses.items()]
    ip = next(iter(addresses.values()), None)
    one = {"name": name, "zone": "z1", "host": host, "state": state, "nic": nic, "service_offering": "small"}
    return one | ({"default_ip": ip} if ip else {})


def network(name: str, offering: str, traffic_type: str = "GUEST", **fields: t.Any) -> One:
    one = {"id": f"id-{name}", "name": name, "zone": "z1", "network_offering": offering, "traffic_type": traffic_type}
    return one | fields


def place(kind: str, name: str, state: str = "Enabled", **fields: t.Any) -> One:
    return {
        "id": f"{kind}-{name}",
        "name": name,
        "state": state,
        **({} if kind == "zone" else {"zone": "z1"}),
        **fields,
    }


def cloud() -> Cloud:
    """Something of all that is drawn, in one zone."""
    offerings: list[One] = [
        {"name": "shared", "guest_ip_type": "Shared", "source_nat": True},
        {"name": "closed", "guest_ip_type": "Shared", "source_nat": False},
        {"name": "l2", "guest_ip_type": "L2", "source_nat": True},
        {"name": "isolated", "guest_ip_type": "Isolated", "source_nat": True},
        {"name": "alone", "guest_ip_type": "Isolated", "source_nat": False},
    ]
    router = {"zone": "z1", "host": "h1", "state": "Running"}
    address = {"zone": "z1", "network": "inside"}
    full = {"cpu": {"used": 3.0, "total": 16.0}, "memory": {"used": 1536.0, "total": 4096.0}}
    return {
        "zone": [place("zone", "z1", network_type="Advanced")],
        "pod": [place("pod", "p1")],
        "cluster": [place("cluster", "c1", pod="p1")],
        "host": [place("host", "h1", cluster="c1"), place("host", "h2", "Maintenance", cluster="c1")],
        "primary_storage": [
            place("primary_storage", "all", storage_url="file:///srv/all"),
            place("primary_storage", "fast", storage_url="file:///srv/fast", host="h2"),
            place("primary_storage", "wide", storage_url="file:///srv/wide", cluster="c1"),
        ],
        "capacity": [
            {"id": "host-h1", **full, "storage": {"used": 5.0, "total": 50.0}},
            {"id": "primary_storage-all", "storage": {"used": 7.5, "total": 10.0}},
            {"id": "primary_storage-fast", "storage": {"used": 0.0, "total": 0.0}},
        ],
        "network_offering": offerings,
        "network": [
            network("outside", "shared", "PUBLIC", cidr="192.0.2.0/24", start_ip="192.0.2.8", end_ip="192.0.2.99"),
            network("inside", "isolated", cidr="10.1.1.0/24"),
            network("later", "isolated", cidr="10.1.1.0/24"),
            network("lan", "shared", cidr="10.2.0.0/24"),
            network("cage", "closed", cidr="10.3.0.0/24"),
            network("wire", "l2", vlan=4096, physical_network="cabling"),
            network("cell", "alone", cidr="10.4.0.0/24"),
        ],
        "router": [
            {**router, "name": "r-inside", "network": "inside", "public_network": "outside"},
            {**router, "name": "r-cell", "network": "cell", "state": "Stopped"},
        ],
        "ip_address": [
            {**address, "ip_address": "192.0.2.10", "is_source_nat": False},
            {**address, "ip_address": "192.0.2.9", "is_source_nat": False},
            {**address, "ip_address": "192.0.2.20", "is_source_nat": True},
        ],
        "static_nat": [{"zone": "z1", "ip_address": "192.0.2.9", "vm": "web"}],
        "instance": [
            instance("web", inside="10.1.1.2", wire=None),
            instance("db", "h2", "Stopped", lan="10.2.0.2", inside="10.1.1.3"),
            instance("gone", None, "Destroyed", lan="10.2.0.3"),
            instance("hermit"),
        ],
    }


_TEXTS = [text for text in HOSTILE if len(text) < 300]
_NAMES = st.one_of(st.sampled_from(_TEXTS), st.text(max_size=9))
_STATES = st.sampled_from(["", "Running", "Stopped", "Destroyed", "Enabled", "Maintenance"])
_FACTS = st.lists(_NAMES, max_size=2).map(tuple)
_AMOUNTS = st.sampled_from([0.0, 1.0, 7.25, 64.0, 1e6])
_METERS = st.builds(Meter, st.sampled_from(["CPU", "memory", "storage", "\u4f60" * 30]), _AMOUNTS, _AMOUNTS)
_LEAVES = st.lists(st.builds(Leaf, _NAMES, _FACTS, _STATES), max_size=4).map(tuple)


def _parts(depth: int, most: int) -> st.SearchStrategy[tuple[Part, ...]]:
    deeper = _parts(depth - 1, most) if depth > 1 else st.just(())
    part = st.builds(
        Part,
        sort=st.sampled_from(["zone", "network", "\u4f60\u597d"]),
        name=_NAMES,
        facts=_FACTS,
        state=_STATES,
        meters=st.lists(_METERS, max_size=2).map(tuple),
        leaves=_LEAVES,
        inside=deeper,
        below=deeper,
        group=st.booleans(),
    )
    return st.lists(part, max_size=most).map(tuple)


# Wide ones, and ones as deep as the views go, with names that mean something to somebody.
DIAGRAMS = st.builds(Diagram, _NAMES, _NAMES, st.one_of(_parts(2, 5), _parts(4, 1), _parts(3, 2)))
