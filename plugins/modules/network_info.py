#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/network.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: network_info
short_description: Read networks of instances
description:
  - Returns networks of instances, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Only those whose account is this.
    type: str
  domain:
    description:
      - Only those whose domain is this.
    type: str
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  network_offering:
    description:
      - Only those whose network_offering is this.
    type: str
  physical_network:
    description:
      - Only those whose physical_network is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  traffic_type:
    description:
      - Only those whose traffic_type is this.
    type: str
  vlan:
    description:
      - Only those whose vlan is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.network
"""

EXAMPLES = r"""
- name: Read all networks
  cairn.cloud.network_info:
  register: found

- name: Show their subnets
  ansible.builtin.debug:
    msg: "{{ found.networks | selectattr('cidr', 'defined') | items2dict(key_name='name', value_name='cidr') }}"

- name: Read the networks of an offering
  cairn.cloud.network_info:
    network_offering: shared
"""

RETURN = r"""
networks:
  description: The networks of instances, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
      description: Physical network whose guest traffic's bridge an L2 network uses; without one it has its own
        bridge.
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(NETWORK)


if __name__ == "__main__":
    main()
