#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/security_group_rule.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: security_group_rule_info
short_description: Read security group rules, the traffic that a group lets pass
description:
  - Returns security group rules, the traffic that a group lets pass, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  protocol:
    description:
      - Only those whose protocol is this.
    type: str
  security_group:
    description:
      - Only those whose security_group is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  type:
    description:
      - Only those whose type is this.
    type: str
  user_security_group:
    description:
      - Only those whose user_security_group is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.security_group_rule
"""

EXAMPLES = r"""
- name: List the rules of a security group
  cairn.cloud.security_group_rule_info:
    security_group: web
  register: rules

- name: List all rules that limit what instances send
  cairn.cloud.security_group_rule_info:
    type: egress
"""

RETURN = r"""
security_group_rules:
  description: The security group rules, the traffic that a group lets pass, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
      description: Last port, O(cairn.cloud.security_group_rule#module:start_port) by default.
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
      description: Group whose instances are on the other side, by the addresses that they have, instead of O(cairn.cloud.security_group_rule#module:cidr).
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.security_group_rule import SECURITY_GROUP_RULE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(SECURITY_GROUP_RULE)


if __name__ == "__main__":
    main()
