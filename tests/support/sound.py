# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Resources as a host's record has them: with all that one of their kind must have."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from support.wanted import ident, made

NAME = "one"
_NAMES = {"ip_address": "192.0.2.1"}
_NEEDS: dict[str, dict[str, t.Any]] = {
    "firewall": {"ip_address": ident("ip_address", NAME), "network": ident("network", NAME), "cidrs": ["0.0.0.0/0"]},
    "host": {"url": "test:///h1"},
    "instance_snapshot": {"vm": ident("instance", NAME), "zone": ident("zone", NAME)},
    "ip_address": {
        "network": ident("network", NAME),
        "public_network": ident("network", "outside"),
    },
    "loadbalancer_rule": {"network": ident("network", NAME), "public_port": 443, "private_port": 8443},
    "loadbalancer_rule_member": {
        "network": ident("network", NAME),
        "ip_address": ident("ip_address", NAME),
        "vms": [ident("instance", NAME)],
    },
    "network": {"cidr": "10.0.0.0/24", "gateway": "10.0.0.1", "netmask": "255.255.255.0"},
    "physical_network": {},
    "portforward": {
        "network": ident("network", NAME),
        "vm": ident("instance", NAME),
        "public_port": 80,
        "public_end_port": 89,
        "private_port": 8080,
        "private_end_port": 8089,
    },
    "primary_storage": {"storage_url": "file:///primary"},
    "remote_access_vpn": {"network": ident("network", NAME), "ip_address": ident("ip_address", NAME)},
    "router": {"network": ident("network", NAME), "template": ident("template", NAME)},
    "secondary_storage": {"url": "file:///secondary"},
    "service_offering": {"cpu_number": 1, "memory": 64},
    "static_nat": {"network": ident("network", NAME), "vm": ident("instance", NAME)},
    "volume_snapshot": {"volume": ident("volume", NAME)},
    "vpn_user": {
        "network": ident("network", NAME),
        "public_ip": ident("ip_address", NAME),
        "public_key": f"{NAME:a<42}A=",
        "ip_address": "10.1.2.2",
    },
}
_PLACED = ("instance", "instance_snapshot", "router", "volume", "volume_snapshot")
_STATUS: dict[str, dict[str, t.Any]] = {
    "api_key": {"digest": "0" * 64, "hint": "abcd"},
    "host": {"cpus": 4, "memory": 4096},
    "instance_snapshot": {"machine": {"size": [1, 64, 1, 64], "set of networks": []}},
    "remote_access_vpn": {"public_key": f"{NAME:a<42}A="},
    "ssh_key": {"public_key": "ssh-ed25519 AAAA", "fingerprint": "SHA256:x"},
    "volume_snapshot": {"size": 1 << 30},
}


def whole(kind: str, name: str | None = None, /, **spec: t.Any) -> Resource:
    """References that it must have are to the resource ``NAME`` of that kind."""
    fields = KINDS[kind].stored.items()
    refs = {field: [] if one.many else ident(str(one.ref), NAME) for field, one in fields
            if one.only_one and not one.unless}  # fmt: skip
    placed = {"host": ident("host", NAME), "storage": ident("primary_storage", NAME)} if kind in _PLACED else {}
    placed = {field: value for field, value in placed.items() if field in KINDS[kind].stored}
    resource = made(
        kind, name or _NAMES.get(kind, NAME), status=_STATUS.get(kind), **refs | placed | _NEEDS.get(kind, {}) | spec
    )
    return dc.replace(resource, created="2026-01-01T00:00:00Z")


# What is on no host and is referred to.
PLACES = tuple(
    whole(kind)
    for kind in (
        "zone",
        "pod",
        "cluster",
        "service_offering",
        "network_offering",
        "primary_storage",
        "physical_network",
    )
)
ZONE = PLACES[0]
