#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/firewall.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall
short_description: Manage firewall rules of isolated networks
description:
  - Creates, changes and removes firewall rules of isolated networks.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  cidrs:
    description:
      - 'IPv4 networks that call: outside for an ingress rule, of instances for an egress rule.'
      - All of them by default.
      - A change reaches a running instance without a stop.
    type: list
    elements: str
    aliases:
      - cidr
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  end_port:
    description:
      - Last port, O(start_port) by default.
      - A change reaches a running instance without a stop.
    type: int
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  icmp_code:
    description:
      - Code of V(icmp), all (V(-1)) by default.
      - A change reaches a running instance without a stop.
    type: int
  icmp_type:
    description:
      - Type of V(icmp), all (V(-1)) by default.
      - A change reaches a running instance without a stop.
    type: int
  id:
    description:
      - Id of the firewall, instead of its name.
    type: str
  ip_address:
    description:
      - Public address of an ingress rule, which needs it.
      - Name or id of a C(ip_address).
      - It cannot change afterwards.
    type: str
  name:
    description:
      - Name of the rule within its zone.
      - Without one it is made of what the rule says, so that another content is another rule.
    type: str
  network:
    description:
      - Isolated network of an egress rule, which needs it.
      - Name or id of a C(network).
      - It cannot change afterwards.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  protocol:
    description:
      - Protocol; V(all) is for egress rules.
      - A new firewall has V(tcp) by default.
      - A change reaches a running instance without a stop.
    type: str
    choices:
      - tcp
      - udp
      - icmp
      - all
  start_port:
    description:
      - First port of V(tcp) or V(udp), all ports by default.
      - A change reaches a running instance without a stop.
    type: int
    aliases:
      - port
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
  type:
    description:
      - Whether traffic from outside or to it is meant.
      - A new firewall has V(ingress) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - ingress
      - egress
  zone:
    description:
      - Zone that it is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - Nothing comes in from outside that no ingress rule lets in.
  - An egress rule is an exception of what the network offering says by default.
  - A change holds for connections that begin from then on; those that are open go on.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.firewall_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Let one network call a port of a public address
  cairn.cloud.firewall:
    ip_address: 203.0.113.20
    port: 443
    cidrs:
      - 198.51.100.0/24

- name: Let everybody ping it
  cairn.cloud.firewall:
    name: ping
    ip_address: 203.0.113.20
    protocol: icmp
    icmp_type: 8

- name: Let instances send no mail past the mail server
  cairn.cloud.firewall:
    name: no mail
    type: egress
    network: private
    port: 25

- name: Close the port
  cairn.cloud.firewall:
    ip_address: 203.0.113.20
    port: 443
    cidrs:
      - 198.51.100.0/24
    state: absent

- name: Be silent again
  cairn.cloud.firewall:
    name: ping
    state: absent

- name: Let instances send mail
  cairn.cloud.firewall:
    name: no mail
    state: absent
"""

RETURN = r"""
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
  description: Last port, O(start_port) by default.
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(FIREWALL)


if __name__ == "__main__":
    main()
