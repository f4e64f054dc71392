#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/loadbalancer_rule.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: loadbalancer_rule_info
short_description: Read load balancer rules, from a public address to several instances
description:
  - Returns load balancer rules, from a public address to several instances, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Only those whose account is this.
    type: str
  algorithm:
    description:
      - Only those whose algorithm is this.
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
    aliases:
      - public_ip
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
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.loadbalancer_rule
"""

EXAMPLES = r"""
- name: Read all load balancer rules
  cairn.cloud.loadbalancer_rule_info:
  register: result

- name: Read those of a public address
  cairn.cloud.loadbalancer_rule_info:
    ip_address: 203.0.113.20
"""

RETURN = r"""
loadbalancer_rules:
  description: The load balancer rules, from a public address to several instances, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the loadbalancer rule.
      returned: when it has a value
      type: str
    state:
      description: State of the loadbalancer rule.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the rule for its address.
      returned: when it has a value
      type: str
    ip_address:
      description: Public address that is called.
      returned: when it has a value
      type: str
    zone:
      description: Zone that the address is in.
      returned: when it has a value
      type: str
    description:
      description: Description for people.
      returned: when it has a value
      type: str
    protocol:
      description: Protocol.
      returned: when it has a value
      type: str
    public_port:
      description: Port of the address; a new rule needs it.
      returned: when it has a value
      type: int
    private_port:
      description: Port of the instances, O(cairn.cloud.loadbalancer_rule#module:public_port) by default.
      returned: when it has a value
      type: int
    algorithm:
      description: Which instance a connection leads to.
      returned: when it has a value
      type: str
    open_firewall:
      description: Whether O(cairn.cloud.loadbalancer_rule#module:cidr) is let in to the port, without a rule of
        M(cairn.cloud.firewall).
      returned: when it has a value
      type: bool
    cidr:
      description: IPv4 network that O(cairn.cloud.loadbalancer_rule#module:open_firewall) lets in.
      returned: when it has a value
      type: str
    interval_time:
      description: Time from one look at an instance to the next; it has that long to answer, and 5 s at most.
      returned: when it has a value
      type: int
    unhealthy_threshold:
      description: How often in a row it does not answer until it is called no more.
      returned: when it has a value
      type: int
    healthy_threshold:
      description: How often in a row it answers until it is called again.
      returned: when it has a value
      type: int
    network:
      description: Network of the address.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.loadbalancer_rule import LOADBALANCER_RULE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(LOADBALANCER_RULE)


if __name__ == "__main__":
    main()
