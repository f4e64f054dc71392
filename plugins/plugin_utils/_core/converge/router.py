# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A virtual router is a domain without anything of its own, and the configuration that it is given when it runs."""

from __future__ import annotations

import ipaddress
import typing as t

from ....module_utils._schema.errors import CairnError
from ..desired import Desired, Drafts, led_to
from ..document import carried
from ..resource import Nic, Resource, object_name
from ..router import Balancer, Client, Forward, Pass, Router, StaticNat, Vpn, configuration
from ..world import Access, Disk, DomainShape, DomainWanted
from . import volume as volumes
from .network import card_of, draw, lease_of, mtu_of, seed_network
from .primary_storage import pool_shape

# CPUs and memory (MiB) of a router whose network offering names no service offering.
_SIZE = (1, 128)
_ROOT = "vda"


def size_of(offering: Resource | None) -> tuple[int, int]:
    """CPUs and memory (MiB) of a router."""
    if offering is None:
        return _SIZE
    return int(offering.spec.get("cpu_number") or _SIZE[0]), int(offering.spec.get("memory") or _SIZE[1])


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    host, network = desired.ref(resource, "host"), desired.ref(resource, "network")
    if host is None:
        return
    draft = drafts[host.id]
    draft.groups[resource.id] = resource.id
    last, gone = desired.ref(resource, "last_host"), resource.removing or network is None
    if last is not None:
        drafts[last.id].groups[resource.id] = resource.id
        drafts[last.id].gone_domains.add(resource.id)
        if not gone:
            draft.arrivals[resource.id] = last.id
    if gone or network is None:
        draft.gone_domains.add(resource.id)
        return
    nics = desired.nics.get(resource.id, ())
    for nic in nics:
        draw(desired.resources[nic.network], desired, draft)
    try:
        wanted = configuration(routing(resource, network, desired))
    except ValueError as error:
        raise CairnError(
            f"{resource.label}: what it is to do is not valid: {error}; mend the rules of {network.label}"
        ) from None
    storage, template = desired.resources[resource.spec["storage"]], desired.resources[resource.spec["template"]]
    draft.pools[storage.id] = pool_shape(storage)
    copy = volumes.copy_of(template, storage.id, desired)
    draft.bases[storage.id, copy.name] = copy
    disk = Disk(_ROOT, object_name(storage), copy.name, copy.format, fixed=True)
    draft.domains[resource.id] = DomainWanted(
        shape=_shape(resource, host, disk, nics, desired),
        power=resource.spec["power"],
        access=Access(""),
        may_restart=resource.id in desired.restart,
        reboot=resource.id in desired.reboot,
        configuration=wanted,
    )


def _shape(resource: Resource, host: Resource, disk: Disk, nics: tuple[Nic, ...], desired: Desired) -> DomainShape:
    vcpus, memory = size_of(desired.ref(resource, "service_offering"))
    virt_type = host.spec["virt_type"] if host.spec["virt_type"] != "auto" else host.status.get("runs", "qemu")
    return DomainShape(
        id=resource.id,
        name=object_name(resource),
        title=resource.name,
        vcpus=vcpus,
        memory=memory,
        virt_type=virt_type,
        cpu_model=host.spec.get("cpu_model") or ("qemu64" if virt_type == "qemu" else None),
        disks=(disk,),
        cards=tuple(card_of(nic, desired.resources[nic.network]) for nic in nics),
        document=carried(resource, desired.resources, nics),
    )


def routing(router: Resource, network: Resource, desired: Desired) -> Router:
    """What the router is to do."""
    offering, outside = desired.resources[network.spec["network_offering"]], desired.ref(router, "public_network")
    macs = {nic.network: nic.mac for nic in desired.nics.get(router.id, ())}
    of_network = [one for one in desired.routed.get(network.id, ()) if not one.removing]
    addresses = [one for one in of_network if one.kind == "ip_address"]
    source = next((one.name for one in addresses if one.spec.get("is_source_nat")), "")
    public = {}
    if outside is not None:
        net = ipaddress.IPv4Network(outside.spec["cidr"])
        public = {"public_bits": net.prefixlen, "next_hop": outside.spec["gateway"]}
    seen = seed_network(network, desired)
    zone = desired.resources[network.spec["zone"]]
    guests = {one.id: nic.ip for one, nic in desired.cards.get(network.id, ()) if nic.ip}
    leases = [lease_of(nic, one) for one, nic in desired.cards.get(network.id, ()) if not one.removing]
    return Router(
        network=network.spec["cidr"],
        gateway=network.spec["gateway"],
        guest_mac=macs[network.id],
        public_mac=macs[outside.id] if outside is not None else "",
        source=source,
        others=frozenset(one.name for one in addresses),
        domain=seen.domain or "",
        mtu=mtu_of(network),
        forwarders=tuple(str(zone.spec[key]) for key in ("dns1", "dns2") if zone.spec.get(key)),
        leases=frozenset(lease for lease in leases if lease is not None),
        static_nats=frozenset(
            StaticNat(_address(one, desired), _guest(one, guests)) for one in of_network if one.kind == "static_nat"
        ),
        forwards=frozenset(_forward(one, guests, desired) for one in of_network if one.kind == "portforward"),
        balancers=frozenset(_balancers(of_network, guests, desired)),
        vpn=_vpn(of_network, desired),
        ingress=frozenset(rule for one in of_network for rule in _ingress(one, desired)),
        egress=frozenset(rule for one in of_network for rule in _egress(one)),
        denies=offering.spec.get("egress_default_policy") != "deny",
        **public,
    )


def _address(one: Resource, desired: Desired) -> str:
    return desired.resources[one.spec["ip_address"]].name


def _guest(one: Resource, guests: t.Mapping[str, str]) -> str:
    """The address by which the instance is in the network now."""
    if led_to(one) not in guests:
        raise ValueError(f"{one.label} leads to an instance that is not in the network")
    return guests[led_to(one)]


def _forward(one: Resource, guests: t.Mapping[str, str], desired: Desired) -> Forward:
    spec = one.spec
    first, last = spec["public_port"], spec["public_end_port"]
    private = _guest(one, guests)
    return Forward(_address(one, desired), spec["protocol"], first, last, private, spec["private_port"])


def _balancers(of_network: list[Resource], guests: t.Mapping[str, str], desired: Desired) -> t.Iterator[Balancer]:
    """Those that lead somewhere."""
    members: dict[str, set[str]] = {}
    for one in of_network:
        if one.kind == "loadbalancer_rule_member":
            members.setdefault(one.spec["name"], set()).add(_guest(one, guests))
    for one in of_network:
        if one.id in members:
            spec = one.spec
            yield Balancer(
                public=_address(one, desired),
                port=spec["public_port"],
                private=frozenset(members[one.id]),
                private_port=spec["private_port"],
                algorithm=spec["algorithm"],
                interval=spec["interval_time"],
                fall=spec["unhealthy_threshold"],
                rise=spec["healthy_threshold"],
            )


def _vpn(of_network: list[Resource], desired: Desired) -> Vpn | None:
    """The one that a network has at most."""
    found = next((one for one in of_network if one.kind == "remote_access_vpn"), None)
    if found is None:
        return None
    users = (one for one in of_network if one.kind == "vpn_user" and one.spec["vpn"] == found.id)
    return Vpn(
        public=_address(found, desired),
        port=found.spec["listen_port"],
        network=found.spec["client_cidr"],
        private_key=found.spec["private_key"],
        clients=frozenset(Client(one.spec["ip_address"], one.spec["public_key"]) for one in users),
    )


def _ingress(one: Resource, desired: Desired) -> list[Pass]:
    spec = one.spec
    if one.kind == "firewall" and spec["type"] == "ingress":
        return _passes(one, _address(one, desired))
    if one.kind == "portforward" and spec.get("open_firewall"):
        first, last = spec["public_port"], spec["public_end_port"]
        return [Pass(spec["protocol"], "0.0.0.0/0", first, last, _address(one, desired))]
    if one.kind == "loadbalancer_rule" and one.spec["open_firewall"]:
        port = spec["public_port"]
        return [Pass(spec["protocol"], spec["cidr"], port, port, _address(one, desired))]
    if one.kind == "remote_access_vpn" and one.spec["open_firewall"]:
        return [Pass("udp", "0.0.0.0/0", spec["listen_port"], spec["listen_port"], _address(one, desired))]
    return []


def _egress(one: Resource) -> list[Pass]:
    return _passes(one, "") if one.kind == "firewall" and one.spec["type"] == "egress" else []


def _passes(one: Resource, public: str) -> list[Pass]:
    spec = one.spec
    first, last = -1, -1
    if spec.get("start_port") is not None:
        first, last = spec["start_port"], spec["end_port"]
    elif spec["protocol"] == "icmp":
        first, last = spec["icmp_type"], spec["icmp_code"]
    return [Pass(spec["protocol"], cidr, first, last, public) for cidr in spec["cidrs"]]
