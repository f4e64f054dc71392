#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/network.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: network
short_description: Manage networks of instances
description:
  - Creates, changes and removes networks of instances.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  cidr:
    description:
      - Subnet of a shared or isolated network, instead of gateway and netmask.
      - An isolated one has C(10.1.1.0/24) by default; isolated networks may have the same.
      - It cannot change afterwards.
    type: str
  display_text:
    description:
      - Description for people.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  end_ip:
    description:
      - Last address that instances get.
      - It cannot change afterwards.
    type: str
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  gateway:
    description:
      - Gateway of a shared network, the subnet's first address by default.
      - It cannot change afterwards.
    type: str
  id:
    description:
      - Id of the network, instead of its name.
    type: str
  name:
    description:
      - Name of the network.
      - A new network needs it.
    type: str
  netmask:
    description:
      - Netmask of a shared network.
      - It cannot change afterwards.
    type: str
  network_domain:
    description:
      - DNS domain of the network, the zone's by default.
      - A change reaches a running instance without a stop.
    type: str
  network_offering:
    description:
      - Sort of the network.
      - Name or id of a C(network_offering).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
  physical_network:
    description:
      - Physical network whose guest traffic's bridge an L2 network uses; without one it has its own bridge.
      - With O(cairn.cloud.physical_network#module:isolation_method=VXLAN) an L2 or isolated network is one segment
        on all hosts.
      - Name or id of a C(physical_network).
      - It cannot change afterwards.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  source_nat_ip_address:
    description:
      - Public address that instances of an isolated network have outside; it is the network's from then on.
      - By default it gets the next free one with its first instance, and keeps that.
      - It cannot change afterwards.
    type: str
  start_ip:
    description:
      - First address that instances get.
      - It cannot change afterwards.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
  vlan:
    description:
      - VXLAN network identifier of an L2 or isolated network on a physical network isolated by VXLAN.
      - The lowest from 4096 that no other network of the zone has, by default. Clouds whose hosts share a network
        must not use the same.
      - It cannot change afterwards.
    type: int
  zone:
    description:
      - Zone that the network is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - A network comes into being on a host with the first instance there; a host has its own bridge for it.
  - An isolated network is on the host of its virtual router, and so are its instances. On a physical network that
    is isolated by VXLAN they can be on any host.
  - No instance is in two networks with the same addresses.
  - A shared network without O(start_ip) hands out all addresses of its subnet but the gateway's.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.network_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a network that hands out all of its subnet
  cairn.cloud.network:
    name: office
    network_offering: shared
    cidr: 10.20.0.0/24

- name: Have a network that hands out a part of its subnet
  cairn.cloud.network:
    name: lab
    network_offering: shared
    gateway: 10.21.0.1
    netmask: 255.255.255.0
    start_ip: 10.21.0.100
    end_ip: 10.21.0.199
    network_domain: lab.example.com

- name: Have a network that is the bridge of a physical network
  cairn.cloud.network:
    name: machines
    network_offering: bridge-only
    physical_network: cabling

- name: Give a network another DNS domain, and tags
  cairn.cloud.network:
    name: lab
    network_domain: test.example.com
    tags:
      owner: research

- name: Remove networks that have no instances any more
  cairn.cloud.network:
    name: "{{ item }}"
    state: absent
  loop: [office, lab, machines]
"""

RETURN = r"""
id:
  description: Id of the network.
  returned: when it has a value
  type: str
state:
  description: State of the network.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the network.
  returned: when it has a value
  type: str
display_text:
  description: Description for people.
  returned: when it has a value
  type: str
zone:
  description: Zone that the network is in.
  returned: when it has a value
  type: str
network_offering:
  description: Sort of the network.
  returned: when it has a value
  type: str
physical_network:
  description: Physical network whose guest traffic's bridge an L2 network uses; without one it has its own bridge.
  returned: when it has a value
  type: str
vlan:
  description: VXLAN network identifier of an L2 or isolated network on a physical network isolated by VXLAN.
  returned: when it has a value
  type: int
cidr:
  description: Subnet of a shared or isolated network, instead of gateway and netmask.
  returned: when it has a value
  type: str
gateway:
  description: Gateway of a shared network, the subnet's first address by default.
  returned: when it has a value
  type: str
netmask:
  description: Netmask of a shared network.
  returned: when it has a value
  type: str
start_ip:
  description: First address that instances get.
  returned: when it has a value
  type: str
end_ip:
  description: Last address that instances get.
  returned: when it has a value
  type: str
source_nat_ip_address:
  description: Public address that instances of an isolated network have outside; it is the network's from then
    on.
  returned: when it has a value
  type: str
traffic_type:
  description: V(GUEST) or V(PUBLIC), as its offering says.
  returned: when it has a value
  type: str
network_domain:
  description: DNS domain of the network, the zone's by default.
  returned: when it has a value
  type: str
tags:
  description: Tags as a list of dictionaries with key and value.
  returned: when it has a value
  type: list
  elements: dict
domain:
  description: Domain that owns the resource, V(ROOT) when left out.
  returned: when it has a value
  type: str
account:
  description: Account that owns the resource, V(admin) when left out.
  returned: when it has a value
  type: str
project:
  description: Project that the resource belongs to.
  returned: when it has a value
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.network import NETWORK
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(NETWORK)


if __name__ == "__main__":
    main()
