# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A network is a libvirt network on each host that has instances of it."""

from __future__ import annotations

from ..address import subnet
from ..desired import Desired, Draft, Drafts
from ..document import carried
from ..resource import Nic, Resource, bridge_name, object_name
from ..seed import SeedNetwork
from ..world import VXLAN_MTU, Card, Lease, NetworkShape
from .security_group import draw_filter


def seed_network(resource: Resource, desired: Desired) -> SeedNetwork:
    """The network as its guests see it."""
    offering = desired.ref(resource, "network_offering")
    if offering is None or offering.spec["guest_ip_type"] == "L2":
        return SeedNetwork(None, None, None)
    net = subnet(resource.spec.get("cidr"), resource.spec.get("gateway"), resource.spec.get("netmask"))
    zone = desired.ref(resource, "zone")
    domain = resource.spec.get("network_domain") or (zone.spec.get("network_domain") if zone else None)
    return SeedNetwork(net.gateway, net.netmask, domain)


def network_shape(resource: Resource, desired: Desired) -> NetworkShape:
    offering, zone = desired.ref(resource, "network_offering"), desired.ref(resource, "zone")
    document = carried(resource, desired.resources)
    name, bridge = object_name(resource), bridge_name(resource)
    seen = seed_network(resource, desired)
    isolated = is_isolated(resource, desired)
    public = resource.spec.get("traffic_type") == "PUBLIC"
    # The router of an isolated network is all that the host's network is not: gateway, DHCP, DNS.
    label = None if isolated else _bridge_for("Public" if public else "Guest", resource, desired)
    if offering is None or seen.gateway is None or isolated or (public and label):
        if resource.spec.get("vlan"):
            vni = resource.spec["vlan"]
            return NetworkShape(resource.id, name, "isolated", bridge, document=document, vni=vni)
        if label:
            return NetworkShape(resource.id, name, "bridge", label, document=document)
        return NetworkShape(resource.id, name, "isolated", bridge, document=document)
    servers = [zone.spec.get(key) for key in ("dns1", "dns2")] if zone else []
    return NetworkShape(
        id=resource.id,
        name=name,
        mode="nat" if offering.spec.get("source_nat") else "route",
        bridge=bridge,
        domain=seen.domain,
        gateway=seen.gateway,
        netmask=seen.netmask,
        forwarders=tuple(str(server) for server in servers if server),
        document=document,
        user_data=bool(offering.spec.get("user_data")) and not public,
    )


def draw(resource: Resource, desired: Desired, draft: Draft) -> None:
    """Want the network on a host, with the filter of its own; many instances ask for the same."""
    if resource.id not in draft.networks:
        draft.networks[resource.id] = network_shape(resource, desired)
        draw_filter(resource, (), desired, draft)


def _bridge_for(sort: str, resource: Resource, desired: Desired) -> str | None:
    """The bridge that carries such traffic of the network's physical network."""
    for traffic in desired.of("traffic_type"):
        if (
            traffic.spec["physical_network"] == resource.spec.get("physical_network")
            and traffic.spec["traffic_type"] == sort
            and not traffic.removing
        ):
            label = traffic.spec.get("kvm_networklabel")
            return str(label) if label else None
    return None


def mtu_of(network: Resource) -> int | None:
    """Bytes of a packet at most, where the network has less than its cards would have by themselves."""
    return VXLAN_MTU if network.spec.get("vlan") else None


def card_of(nic: Nic, network: Resource) -> Card:
    return Card(nic.mac, object_name(network), mtu=mtu_of(network))


def lease_of(nic: Nic, instance: Resource) -> Lease | None:
    return Lease(nic.mac, nic.ip, instance.name) if nic.ip else None


def host_lease(nic: Nic, instance: Resource, desired: Desired) -> Lease | None:
    """The lease that the host gives; those of an isolated network are its router's."""
    network = desired.resources.get(nic.network)
    return lease_of(nic, instance) if network is not None and not is_isolated(network, desired) else None


def is_isolated(network: Resource, desired: Desired) -> bool:
    offering = desired.ref(network, "network_offering")
    return offering is not None and bool(offering.spec["guest_ip_type"] == "Isolated")


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    for host in resource.status.get("hosts", []):
        # What a host that leaves has is removed with it.
        if host not in desired.resources or desired.resources[host].removing:
            continue
        if resource.removing:
            drafts[host].gone_networks.add(resource.id)
        else:
            draw(resource, desired, drafts[host])
        if resource.removing or desired.complete:
            drafts[host].filter_owners.add(resource.id)
    if resource.removing:
        return
    hosts = set(resource.status.get("hosts", []))
    for instance, nic in desired.cards.get(resource.id, ()):
        lease, host = host_lease(nic, instance, desired), instance.spec["host"]
        if instance.removing or host not in hosts:
            continue
        if lease:
            drafts[host].leases.setdefault(resource.id, set()).add(lease)
        if instance.spec["power"] != "Destroyed":
            draw_filter(resource, instance.spec.get("security_groups") or (), desired, drafts[host])
