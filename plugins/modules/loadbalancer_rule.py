#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/loadbalancer_rule.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: loadbalancer_rule
short_description: Manage load balancer rules, from a public address to several instances
description:
  - Creates, changes and removes load balancer rules, from a public address to several instances.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  algorithm:
    description:
      - Which instance a connection leads to.
      - V(source) is the same one for each address that calls, V(roundrobin) each one in turn, V(leastconn) the
        one with the fewest connections.
      - A new loadbalancer rule has V(source) by default.
      - A change reaches a running instance without a stop.
    type: str
    choices:
      - source
      - roundrobin
      - leastconn
  cidr:
    description:
      - IPv4 network that O(open_firewall) lets in.
      - A new loadbalancer rule has V(0.0.0.0/0) by default.
      - A change reaches a running instance without a stop.
    type: str
  description:
    description:
      - Description for people.
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
  healthy_threshold:
    description:
      - How often in a row it answers until it is called again.
      - A new loadbalancer rule has V(2) by default.
      - A change reaches a running instance without a stop.
    type: int
  id:
    description:
      - Id of the loadbalancer rule, instead of its name.
    type: str
  interval_time:
    description:
      - Time from one look at an instance to the next; it has that long to answer, and 5 s at most.
      - In s.
      - A new loadbalancer rule has V(2) by default.
      - A change reaches a running instance without a stop.
    type: int
  ip_address:
    description:
      - Public address that is called.
      - Name or id of a C(ip_address).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
    aliases:
      - public_ip
  name:
    description:
      - Name of the rule for its address.
      - A new loadbalancer rule needs it.
    type: str
  open_firewall:
    description:
      - Whether O(cidr) is let in to the port, without a rule of M(cairn.cloud.firewall).
      - A new loadbalancer rule has V(false) by default.
      - A change reaches a running instance without a stop.
    type: bool
  private_port:
    description:
      - Port of the instances, O(public_port) by default.
      - A change reaches a running instance without a stop.
    type: int
  project:
    description:
      - Project that the resource belongs to.
    type: str
  protocol:
    description:
      - Protocol.
      - A new loadbalancer rule has V(tcp) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - tcp
  public_port:
    description:
      - Port of the address; a new rule needs it.
      - It cannot change afterwards.
    type: int
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
  unhealthy_threshold:
    description:
      - How often in a row it does not answer until it is called no more.
      - A new loadbalancer rule has V(3) by default.
      - A change reaches a running instance without a stop.
    type: int
  zone:
    description:
      - Zone that the address is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - M(cairn.cloud.loadbalancer_rule_member) says which instances it leads to. They go with the rule.
  - An instance whose port does not answer is called no more until it answers again.
  - Instances see the router's address as the one that calls.
  - A change holds for connections that begin from then on; those that are open go on.
  - Without O(open_firewall) a rule of M(cairn.cloud.firewall) has to let the port in.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.loadbalancer_rule_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Lead a public port to several instances, and let everybody call it
  cairn.cloud.loadbalancer_rule:
    name: balance_http
    ip_address: 203.0.113.20
    algorithm: roundrobin
    public_port: 80
    private_port: 8080
    open_firewall: true

- name: Look after them more often, and give up sooner
  cairn.cloud.loadbalancer_rule:
    name: balance_http
    ip_address: 203.0.113.20
    interval_time: 1
    unhealthy_threshold: 2

- name: Let only a partner call it
  cairn.cloud.loadbalancer_rule:
    name: balance_http
    ip_address: 203.0.113.20
    cidr: 198.51.100.0/24

- name: Lead it nowhere, and forget its members
  cairn.cloud.loadbalancer_rule:
    name: balance_http
    ip_address: 203.0.113.20
    state: absent
"""

RETURN = r"""
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
  description: Port of the instances, O(public_port) by default.
  returned: when it has a value
  type: int
algorithm:
  description: Which instance a connection leads to.
  returned: when it has a value
  type: str
open_firewall:
  description: Whether O(cidr) is let in to the port, without a rule of M(cairn.cloud.firewall).
  returned: when it has a value
  type: bool
cidr:
  description: IPv4 network that O(open_firewall) lets in.
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(LOADBALANCER_RULE)


if __name__ == "__main__":
    main()
