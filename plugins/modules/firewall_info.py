#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/firewall.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall_info
short_description: Read firewall rules of isolated networks
description:
  - Returns firewall rules of isolated networks, as they are stored; no host is asked.
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
  name:
    description:
      - Only those whose name is this.
    type: str
  network:
    description:
      - Only those whose network is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  protocol:
    description:
      - Only those whose protocol is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  type:
    description:
      - Only those whose type is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.firewall
"""

EXAMPLES = r"""
- name: Read all firewall rules
  cairn.cloud.firewall_info:

- name: Read what is let in to one address
  cairn.cloud.firewall_info:
    ip_address: 203.0.113.20
    type: ingress
"""

RETURN = r"""
firewalls:
  description: The firewall rules of isolated networks, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the firewall.
      returned: when it has a value
      type: str
    state:
      description: State of the firewall.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the rule within its zone.
      returned: when it has a value
      type: str
    zone:
      description: Zone that it is in.
      returned: when it has a value
      type: str
    type:
      description: Whether traffic from outside or to it is meant.
      returned: when it has a value
      type: str
    ip_address:
      description: Public address of an ingress rule, which needs it.
      returned: when it has a value
      type: str
    network:
      description: Isolated network of an egress rule, which needs it.
      returned: when it has a value
      type: str
    protocol:
      description: Protocol; V(all) is for egress rules.
      returned: when it has a value
      type: str
    start_port:
      description: First port of V(tcp) or V(udp), all ports by default.
      returned: when it has a value
      type: int
    end_port:
      description: Last port, O(cairn.cloud.firewall#module:start_port) by default.
      returned: when it has a value
      type: int
    icmp_type:
      description: Type of V(icmp), all (V(-1)) by default.
      returned: when it has a value
      type: int
    icmp_code:
      description: Code of V(icmp), all (V(-1)) by default.
      returned: when it has a value
      type: int
    cidrs:
      description: 'IPv4 networks that call: outside for an ingress rule, of instances for an egress rule.'
      returned: when it has a value
      type: list
      elements: str
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.firewall import FIREWALL
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(FIREWALL)


if __name__ == "__main__":
    main()
