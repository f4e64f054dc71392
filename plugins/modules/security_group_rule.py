#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/security_group_rule.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: security_group_rule
short_description: Manage security group rules, the traffic that a group lets pass
description:
  - Creates, changes and removes security group rules, the traffic that a group lets pass.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  cidr:
    description:
      - IPv4 and IPv6 networks on the other side, V(0.0.0.0/0) by default.
      - IPv6 ones matter on L2 networks, since shared ones carry IPv4 alone.
    type: list
    elements: str
    aliases:
      - cidrs
      - cidr_list
  end_port:
    description:
      - Last port, O(start_port) by default.
    type: int
  icmp_code:
    description:
      - Code of V(icmp), all (V(-1)) by default.
    type: int
  icmp_type:
    description:
      - Type of V(icmp), all (V(-1)) by default.
    type: int
  id:
    description:
      - Id of the security group rule, instead of its name.
    type: str
  name:
    description:
      - Name of the rule within its group.
      - Without one it is made of what the rule says, so that another content is another rule.
    type: str
  protocol:
    description:
      - Protocol; V(icmp) is ICMPv6 with IPv6 addresses.
      - A new security group rule has V(tcp) by default.
    type: str
    choices:
      - tcp
      - udp
      - icmp
      - sctp
      - esp
      - ah
      - all
  security_group:
    description:
      - Group that the rule is of.
      - Name or id of a C(security_group).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
  start_port:
    description:
      - First port of V(tcp), V(udp) or V(sctp), all ports by default.
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
  type:
    description:
      - Whether traffic to the instances or from them is meant.
      - A new security group rule has V(ingress) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - ingress
      - egress
  user_security_group:
    description:
      - Group whose instances are on the other side, by the addresses that they have, instead of O(cidr).
      - Name or id of a C(security_group).
      - V('') takes it away.
    type: str
notes:
  - Instances in a group let in what a rule of one of their groups allows, and nothing else.
  - They send what they like, until one of their groups has an egress rule; then what such rules allow.
  - Replies of what is allowed always pass, and so do DHCP, and questions for names and for metadata.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.security_group_rule_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Let everybody reach the web servers
  cairn.cloud.security_group_rule:
    security_group: web
    port: 443

- name: Let administrators log in
  cairn.cloud.security_group_rule:
    security_group: web
    name: administrators
    port: 22
    cidr:
      - 192.0.2.0/24
      - 198.51.100.7/32

- name: Let administrators log in from elsewhere, instead
  cairn.cloud.security_group_rule:
    security_group: web
    name: administrators
    cidr:
      - 203.0.113.0/24

- name: Let the web servers of the group talk to each other on some ports
  cairn.cloud.security_group_rule:
    security_group: web
    protocol: udp
    start_port: 4000
    end_port: 4010
    user_security_group: web

- name: Answer pings
  cairn.cloud.security_group_rule:
    security_group: web
    protocol: icmp
    icmp_type: 8

- name: Send nothing but questions to one server
  cairn.cloud.security_group_rule:
    security_group: web
    name: updates
    type: egress
    port: 443
    cidr: 192.0.2.10/32

- name: Remove rules by what they say
  cairn.cloud.security_group_rule:
    security_group: web
    port: 443
    state: absent

- name: Remove a rule that says more
  cairn.cloud.security_group_rule:
    security_group: web
    protocol: udp
    start_port: 4000
    end_port: 4010
    user_security_group: web
    state: absent

- name: Remove another one
  cairn.cloud.security_group_rule:
    security_group: web
    protocol: icmp
    icmp_type: 8
    state: absent

- name: Remove rules by their names
  cairn.cloud.security_group_rule:
    security_group: web
    name: "{{ item }}"
    state: absent
  loop:
    - administrators
    - updates
"""

RETURN = r"""
id:
  description: Id of the security group rule.
  returned: when it has a value
  type: str
state:
  description: State of the security group rule.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the rule within its group.
  returned: when it has a value
  type: str
security_group:
  description: Group that the rule is of.
  returned: when it has a value
  type: str
type:
  description: Whether traffic to the instances or from them is meant.
  returned: when it has a value
  type: str
protocol:
  description: Protocol; V(icmp) is ICMPv6 with IPv6 addresses.
  returned: when it has a value
  type: str
start_port:
  description: First port of V(tcp), V(udp) or V(sctp), all ports by default.
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
cidr:
  description: IPv4 and IPv6 networks on the other side, V(0.0.0.0/0) by default.
  returned: when it has a value
  type: list
  elements: str
user_security_group:
  description: Group whose instances are on the other side, by the addresses that they have, instead of O(cidr).
  returned: when it has a value
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.security_group_rule import SECURITY_GROUP_RULE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(SECURITY_GROUP_RULE)


if __name__ == "__main__":
    main()
