# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A small cloud that has something of everything, as documents."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import document as doc

H1, H2 = "test:///h1", "test:///h2"


def foundation(hosts: int = 1) -> list[Document]:
    """What instances need, without any: one zone, ``hosts`` hosts, storage, offerings, a template, a network."""
    return [
        doc("zone", "z1", dns1="192.0.2.53"),
        doc("pod", "p1"),
        doc("cluster", "c1"),
        *(doc("host", f"h{number}", url=f"test:///h{number}") for number in range(1, hosts + 1)),
        doc("primary_storage", "ps1", storage_url="file:///var/lib/cairn/primary"),
        doc("secondary_storage", "ss1", url="file:///var/lib/cairn/secondary"),
        doc("service_offering", "small", cpu_number=1, memory=512),
        doc("network_offering", "shared"),
        doc("network", "net1", network_offering="shared", cidr="10.1.1.0/24"),
        doc("template", "tiny", url="file:///images/tiny.qcow2"),
    ]


def cloud(hosts: int = 2) -> list[Document]:
    """The foundation, and all sorts of things on it."""
    return [
        *foundation(hosts),
        doc("service_offering", "free", is_customized=True),
        doc("disk_offering", "five", disk_size=5),
        doc("network_offering", "l2", guest_ip_type="L2"),
        doc("physical_network", "cabling"),
        doc("traffic_type", "Guest", kvm_networklabel="br-guest"),
        doc("network", "wire", network_offering="l2", physical_network="cabling"),
        doc("vlan_ip_range", "10.1.1.50", end_ip="10.1.1.90", network="net1"),
        doc("ssh_key", "alice", public_key="ssh-ed25519 AAAA alice"),
        doc("api_key", "awx"),
        doc("user_data", "hello", user_data="#cloud-config\nhostname: secret-word\n"),
        doc("affinity_group", "apart"),
        doc("security_group", "inside"),
        doc("security_group", "front", description="What the world sees"),
        doc("security_group_rule", security_group="inside", protocol="all", user_security_group="inside"),
        doc("security_group_rule", "https", security_group="front", start_port=443),
        doc("security_group_rule", "out", security_group="front", type="egress", protocol="udp", cidr="192.0.2.0/24"),
        doc("iso", "setup", url="file:///images/setup.iso", os_type="Debian"),
        doc("instance", "web1", service_offering="small", networks=["net1"], tags={"role": "web"},
            affinity_groups=["apart"], ssh_keys=["alice"], user_data_name="hello", disk_offering="five",
            security_groups=["front", "inside"]),
        doc("instance", "web2", service_offering="small", networks=["net1", "wire"], affinity_groups=["apart"],
            ip_address="10.1.1.60", security_groups=["inside"], user_data="#!/bin/sh\necho secret-word\n"),
        doc("instance", "db", service_offering="free", cpu=2, memory=1024, networks=["net1"], root_disk_size=8,
            template="tiny", iso="setup", state="stopped"),
        doc("volume", "data", size=3, vm="web1"),
        doc("volume", "spare", disk_offering="five"),
        doc("volume", "goods", url="file:///images/goods.qcow2", vm="db"),
        doc("volume_snapshot", "before", volume="data"),
        doc("volume_snapshot_policy", "daily", volume="spare", schedule="30:2"),
        doc("instance_snapshot", "snap", vm="web2", snapshot_memory=True),
    ]  # fmt: skip


def web(name: str = "web1", /, **fields: object) -> Document:
    """An instance on the foundation."""
    return doc("instance", name, **fields)
