# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whether a resource is one that the cloud could have written: a host's record is input as any other.

What a spec may hold is said by the kind's schema; what it must hold besides, and what a status holds, by tables here.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
import typing as t

from ...module_utils._kinds.registry import KINDS
from ...module_utils._schema.field import Field
from ...module_utils._schema.formats import FORMATS
from ...module_utils._schema.quoting import cut
from ...module_utils._schema.validation import convert
from .address import check_range, overlaps, subnet
from .desired import ROUTED
from .naming import ID, is_image
from .record import DIGESTS
from .resource import Nic, Resource

Check = t.Callable[[t.Any], bool]

_ID = re.compile(ID)
_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")
# What JSON and databases keep exactly, sums of a few included.
_MOST = 2**53


def is_id(value: t.Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_number(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST


def is_text(value: t.Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_any_text(value: t.Any) -> bool:
    return isinstance(value, str)


def is_moment(value: t.Any) -> bool:
    try:
        return isinstance(value, str) and datetime.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_flag(value: t.Any) -> bool:
    return isinstance(value, bool)


def _is_machine(value: t.Any) -> bool:
    """What a kept memory knows of its machine: CPUs and memory, now and at most, and lists of what is plugged in."""
    if not isinstance(value, dict) or not all(isinstance(part, list) for part in value.values()):
        return False
    size = value.get("size")
    return size is not None and len(size) == 4 and all(map(is_number, size))


def _is_told(value: t.Any) -> bool:
    """What a guest had been told: fingerprints of SSH keys and, where that is known, the number of its password."""
    if not isinstance(value, dict) or value.keys() - {"keys", "password"}:
        return False
    return _list_of(is_text)(value.get("keys")) and is_number(value.get("password", 0))


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


_IMAGE: dict[str, Check] = {"size": is_number, "physical_size": is_number, "sha256": is_text}
_HOSTS: dict[str, Check] = {"hosts": _list_of(is_id)}
# What a status holds, by kind, of what is not learnt by looking again.
STATUS: dict[str, dict[str, Check]] = {
    "api_key": {"digest": is_text, "hint": is_text},
    "host": {
        "cpus": is_number,
        "memory": is_number,
        "hostname": _is_any_text,
        "hypervisor_version": is_text,
        "left": _list_of(is_id),
        "libvirt_version": is_text,
        "runs": is_text,
    },
    "instance": {"snapshot": _or_none(is_id)},
    "instance_snapshot": {"machine": _is_machine, "before": _or_none(is_id), "parent": _or_none(is_text)},
    "iso": _IMAGE | _HOSTS,
    "network": _HOSTS | {"whole_subnet": _is_flag},
    "security_group": _HOSTS,
    "remote_access_vpn": {"public_key": is_text},
    "ssh_key": {"public_key": _is_any_text, "fingerprint": is_text},
    "template": _IMAGE | _HOSTS,
    "volume": _IMAGE | {"told": _is_told},
    "volume_snapshot": {"size": is_number, "keys": _list_of(is_text)},
    "volume_snapshot_policy": {"last": is_moment},
}
_STATUS_NEEDED = {
    "api_key": ("digest", "hint"),
    "host": ("cpus", "memory"),
    "instance_snapshot": ("machine",),
    "remote_access_vpn": ("public_key",),
    "ssh_key": ("public_key", "fingerprint"),
    "volume_snapshot": ("size",),
}
# What rules give to each resource of a kind that a record can have, though a document need not say it.
_PLACE = ("zone", "host", "storage")
_SPEC_NEEDED = {
    "firewall": ("network", "cidrs"),
    "instance": ("host",),
    "instance_snapshot": _PLACE,
    "ip_address": ("network", "public_network"),
    "loadbalancer_rule": ("network", "public_port", "private_port"),
    "loadbalancer_rule_member": ("network", "ip_address", "vms"),
    "portforward": ("network", "vm", "public_port", "public_end_port", "private_port", "private_end_port"),
    "remote_access_vpn": ("network",),
    "router": ("network", "template", *_PLACE),
    "static_nat": ("network", "vm"),
    "vlan_ip_range": ("end_ip",),
    "volume": _PLACE,
    "volume_snapshot": _PLACE,
    "volume_snapshot_policy": ("zone",),
    "vpn_user": ("network", "public_ip", "public_key", "ip_address"),
}
# What goes together: a field that is given, with this value or any one, and what that needs.
_SPEC_WITH: tuple[tuple[str, str, t.Any, tuple[str, ...]], ...] = (
    ("firewall", "protocol", "icmp", ("icmp_type", "icmp_code")),
    ("firewall", "start_port", None, ("end_port",)),
    ("firewall", "type", "ingress", ("ip_address",)),
    ("network", "cidr", None, ("gateway", "netmask")),
    ("security_group_rule", "start_port", None, ("end_port",)),
    ("security_group_rule", "protocol", "icmp", ("icmp_type", "icmp_code")),
    ("service_offering", "is_customized", False, ("cpu_number", "memory")),
    ("volume", "vm", None, ("device_id",)),
)
# Ranges of ports: the fields of their first and last one.
_PORTS = {
    "firewall": (("start_port", "end_port"),),
    "portforward": (("public_port", "public_end_port"), ("private_port", "private_end_port")),
    "security_group_rule": (("start_port", "end_port"),),
}
_PARENTS = {
    "ip_address": "network",
    "router": "network",
    "volume": "instance",
    "volume_snapshot": "instance_snapshot",
}
# References whose target may be gone by now, and the kind that it was of.
_FORMER = {"source": "volume_snapshot", "memory_from": "instance_snapshot"}


def unsound(one: Resource) -> str | None:
    """What is wrong with a resource, as far as it can be seen without others; None where nothing is."""
    return _head(one) or _spec(one) or _status(one)


def _head(one: Resource) -> str | None:
    kind = KINDS[one.kind]
    if not all(map(is_id, (one.id, *(one.spec.get(name) or one.id for name in _FORMER)))):
        return "it has no id"
    if not isinstance(one.name, str) or one.spec.get(kind.identity) != one.name:
        return "its name is another one than it says"
    parts = {
        "time of creation": is_moment(one.created),
        "set": one.applyset is None or is_text(one.applyset),
        "parent": one.parent is None or (one.kind in _PARENTS and is_id(one.parent)),
        "owner": _is_name(one.owner.domain) and _is_name(one.owner.account),
        "project": one.owner.project == "" or _is_name(one.owner.project),
    }
    return next((f"its {name} is not valid" for name, valid in parts.items() if not valid), None)


def _is_name(value: t.Any) -> bool:
    try:
        return isinstance(value, str) and FORMATS["name"](value) == value
    except ValueError:
        return False


def _spec(one: Resource) -> str | None:
    fields = KINDS[one.kind].stored
    for name, value in one.spec.items():
        try:
            if name not in fields or (value is not None and not _is_valid(fields[name], value)):
                return f"its {cut(name)} is not valid"
        except (TypeError, ValueError) as error:
            return f"its {cut(name)} is not valid: {error}"
    needed = {name for name, field in fields.items() if _is_needed(field)}
    needed |= {*_SPEC_NEEDED.get(one.kind, ()), *(("secondary",) if is_image(one) else ())}
    for kind, name, value, others in _SPEC_WITH:
        if kind == one.kind and one.spec.get(name) is not None and value in (None, one.spec[name]):
            needed |= set(others)
    missing = sorted(name for name in needed if one.spec.get(name) is None)
    if missing:
        return f"its {missing[0]} is missing"
    return _addresses(one) or _ports(one) or _firewall(one) or _balanced(one)


def _addresses(one: Resource) -> str | None:
    if one.kind != "network" or not one.spec.get("cidr"):
        return None
    cidr, gateway, netmask, start, end = (one.spec.get(f) for f in ("cidr", "gateway", "netmask", "start_ip", "end_ip"))
    try:
        net = subnet(cidr, gateway, netmask)
        if start:
            check_range(net, start, end or start)
    except ValueError as error:
        return str(error)
    return None


def _ports(one: Resource) -> str | None:
    lengths = set()
    for first, last in _PORTS.get(one.kind, ()):
        if one.spec.get(first) is not None:
            lengths.add(one.spec[last] - one.spec[first])
            if one.spec[last] < one.spec[first]:
                return f"its {last} is less than its {first}"
    return "it leads to another number of ports" if len(lengths) > 1 else None


def _firewall(one: Resource) -> str | None:
    if one.kind != "firewall":
        return None
    if (one.spec["type"] == "egress") == bool(one.spec.get("ip_address")):
        return "its ip_address is not valid"
    if one.spec["type"] == "ingress" and one.spec["protocol"] == "all":
        return "its protocol is not valid"
    return "its cidrs is not valid" if any(":" in cidr for cidr in one.spec["cidrs"]) else None


def _balanced(one: Resource) -> str | None:
    if one.kind == "loadbalancer_rule" and ":" in one.spec["cidr"]:
        return "its cidr is not valid"
    if one.kind == "loadbalancer_rule_member" and len(one.spec["vms"]) != 1:
        return "its vms is not valid"
    return None


def _is_needed(field: Field) -> bool:
    """What has come with a later release is not in what an earlier one stored; secrets are in no record."""
    given = field.default is not None and field.version_added is None
    return (field.required or given or (field.only_one and not field.unless)) and not field.secret


def _is_valid(field: Field, value: t.Any) -> bool:
    """Whether it is written as the engine writes it: true is no 1, and neither is 1.0. Raises ValueError, TypeError."""
    if field.ref and not all(map(is_id, value if field.many else [value])):
        return False
    return json.dumps(convert(field, value), sort_keys=True) == json.dumps(value, sort_keys=True)


def _status(one: Resource) -> str | None:
    secrets = {name for name, field in KINDS[one.kind].stored.items() if field.secret}
    known = STATUS.get(one.kind, {})
    for name, value in one.status.items():
        if name == DIGESTS:
            valid = isinstance(value, dict) and value.keys() <= secrets and all(map(is_text, value.values()))
        else:
            valid = name in known and known[name](value)
        if not valid:
            return f"its {cut(name)} is not valid"
    needed = {*_STATUS_NEEDED.get(one.kind, ()), *(_IMAGE if is_image(one) and one.spec.get("url") else ())}
    missing = sorted(needed - one.status.keys())
    return f"its {missing[0]} is missing" if missing else None


def misplaced(one: Resource, resources: t.Mapping[str, Resource]) -> str | None:
    """What is wrong with what it refers to; ``resources`` have all of that."""
    targets = {name: field.ref for name, field in KINDS[one.kind].references.items()} | _FORMER
    for name, target in targets.items():
        value = one.spec.get(name) or []
        for other in (resources.get(ident) for ident in (value if isinstance(value, list) else [value])):
            if other is not None and other.kind != target:
                return f"its {name} is {other.label}"
    if one.kind == "vlan_ip_range":
        network = resources[one.spec["network"]].spec
        if not network.get("cidr"):
            return "its network has no addresses"
        try:
            net = subnet(network["cidr"], network["gateway"], network["netmask"])
            check_range(net, one.spec["start_ip"], one.spec["end_ip"])
        except ValueError as error:
            return str(error)
    if one.parent is not None and resources[one.parent].kind != _PARENTS[one.kind]:
        return f"its parent is {resources[one.parent].label}"
    return _unrouted(one, resources) if one.kind in (*ROUTED, "router") else None


def _unrouted(one: Resource, resources: t.Mapping[str, Resource]) -> str | None:
    """What is wrong with a router, or with what one is to do."""
    network = resources[one.spec["network"]]
    sort = resources[network.spec["network_offering"]].spec
    address = resources.get(one.spec.get("ip_address") or "")
    outside = resources.get(one.spec.get("public_network") or "")
    if sort["guest_ip_type"] != "Isolated" or not network.spec.get("cidr"):
        return f"its network is {network.label}, which is not isolated"
    if address is not None and address.spec["network"] != network.id:
        return f"its ip_address is of {resources[address.spec['network']].label}"
    if one.kind == "loadbalancer_rule_member":
        rule = resources[one.spec["name"]]
        if rule.spec["ip_address"] != one.spec["ip_address"]:
            return f"its ip_address is not that of {rule.label}"
    if one.kind == "vpn_user":
        vpn = resources[one.spec["vpn"]]
        if (one.spec["network"], one.spec["public_ip"]) != (vpn.spec["network"], vpn.spec["ip_address"]):
            return f"its network and public_ip are not those of {vpn.label}"
    if one.kind == "remote_access_vpn" and overlaps(one.spec["client_cidr"], network.spec["cidr"]):
        return f"its client_cidr overlaps {network.label}"
    if outside is not None and (outside.spec.get("traffic_type") != "PUBLIC" or not outside.spec.get("cidr")):
        return f"its public_network is {outside.label}, which is not public"
    if one.kind == "router" and not resources[one.spec["template"]].spec.get("is_routing"):
        return f"its template is {resources[one.spec['template']].label}, which is of no router"
    belongs = one.kind == "router" or (one.kind == "ip_address" and one.spec["is_source_nat"])
    return None if one.parent == (network.id if belongs else None) else "its parent is not valid"


def is_card(nic: Nic) -> bool:
    try:
        address = nic.ip is None or str(ipaddress.IPv4Address(nic.ip)) == nic.ip
        return address and bool(_MAC.fullmatch(nic.mac)) and is_number(nic.position)
    except (TypeError, ValueError):
        return False
