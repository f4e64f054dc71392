#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/ip_address.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: ip_address
short_description: Manage public IP addresses of isolated networks
description:
  - Creates, changes and removes public IP addresses of isolated networks.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  id:
    description:
      - Id of the ip address, instead of its ip_address.
    type: str
  ip_address:
    description:
      - Address that a public network of the zone hands out.
      - A new ip address needs it.
      - It cannot change afterwards.
    type: str
  network:
    description:
      - Isolated network that it is for; a new one needs it.
      - Name or id of a C(network).
      - It cannot change afterwards.
    type: str
  project:
    description:
      - Project that the resource belongs to.
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
  zone:
    description:
      - Zone that it is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - The address that instances have outside comes with the network's router and goes with the network.
  - All addresses of a network are of one public network.
  - Nothing from outside passes before a rule of M(cairn.cloud.firewall) lets it.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.ip_address_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Give a network one more public address
  cairn.cloud.ip_address:
    ip_address: 203.0.113.30
    network: private

- name: Say what it is for
  cairn.cloud.ip_address:
    ip_address: 203.0.113.30
    tags:
      purpose: shop

- name: Release it
  cairn.cloud.ip_address:
    ip_address: 203.0.113.30
    state: absent
"""

RETURN = r"""
id:
  description: Id of the ip address.
  returned: when it has a value
  type: str
state:
  description: State of the ip address.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
ip_address:
  description: Address that a public network of the zone hands out.
  returned: when it has a value
  type: str
zone:
  description: Zone that it is in.
  returned: when it has a value
  type: str
network:
  description: Isolated network that it is for; a new one needs it.
  returned: when it has a value
  type: str
is_source_nat:
  description: Whether instances have it outside.
  returned: when it has a value
  type: bool
public_network:
  description: Network that hands it out.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.ip_address import IP_ADDRESS
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(IP_ADDRESS)


if __name__ == "__main__":
    main()
