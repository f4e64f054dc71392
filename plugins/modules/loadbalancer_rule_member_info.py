#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/loadbalancer_rule_member.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: loadbalancer_rule_member_info
short_description: Read members of load balancer rules, instances that they lead to
description:
  - Returns members of load balancer rules, instances that they lead to, as they are stored; no host is asked.
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
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  vm:
    description:
      - Only those whose vm is this.
    type: str
  vms:
    description:
      - Only those whose vms is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.loadbalancer_rule_member
"""

EXAMPLES = r"""
- name: Read all members
  cairn.cloud.loadbalancer_rule_member_info:
  register: result

- name: Read which instances a rule leads to
  cairn.cloud.loadbalancer_rule_member_info:
    name: balance_https
"""

RETURN = r"""
loadbalancer_rule_members:
  description: The members of load balancer rules, instances that they lead to, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the loadbalancer rule member.
      returned: when it has a value
      type: str
    state:
      description: State of the loadbalancer rule member.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Rule that leads to them.
      returned: when it has a value
      type: str
    ip_address:
      description: Public address of the rule, where several have a rule of that name.
      returned: when it has a value
      type: str
    zone:
      description: Zone that the rule is in.
      returned: when it has a value
      type: str
    vms:
      description: Instances to add or take.
      returned: when it has a value
      type: list
      elements: str
    vm:
      description: Name of a single instance, instead of O(cairn.cloud.loadbalancer_rule_member#module:vms).
      returned: when it has a value
      type: str
    network:
      description: Network of the address.
      returned: when it has a value
      type: str
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.loadbalancer_rule_member import (
    LOADBALANCER_RULE_MEMBER,
)
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(LOADBALANCER_RULE_MEMBER)


if __name__ == "__main__":
    main()
