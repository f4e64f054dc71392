#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/ip_address.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: ip_address_info
short_description: Read public IP addresses of isolated networks
description:
  - Returns public IP addresses of isolated networks, as they are stored; no host is asked.
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
  ip_address:
    description:
      - Only those whose ip_address is this.
    type: str
  is_source_nat:
    description:
      - Only those whose is_source_nat is this.
    type: str
  network:
    description:
      - Only those whose network is this.
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
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.ip_address
"""

EXAMPLES = r"""
- name: Read all public addresses that networks have
  cairn.cloud.ip_address_info:

- name: Read the address that the instances of a network have outside
  cairn.cloud.ip_address_info:
    network: private
    is_source_nat: true
"""

RETURN = r"""
ip_addresses:
  description: The public IP addresses of isolated networks, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(IP_ADDRESS)


if __name__ == "__main__":
    main()
