#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/loadbalancer_rule_member.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: loadbalancer_rule_member
short_description: Manage members of load balancer rules, instances that they lead to
description:
  - Creates, changes and removes members of load balancer rules, instances that they lead to.
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
      - Id of the loadbalancer rule member, instead of its vm.
    type: str
  ip_address:
    description:
      - Public address of the rule, where several have a rule of that name.
      - Name or id of a C(ip_address).
      - It cannot change afterwards.
    type: str
    aliases:
      - public_ip
  name:
    description:
      - Rule that leads to them.
      - Name or id of a C(loadbalancer_rule).
      - What there is only one of is the default.
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
  vm:
    description:
      - Name of a single instance, instead of O(vms).
    type: str
  vms:
    description:
      - Instances to add or take.
      - Names or ids of C(instance) resources.
      - It cannot change afterwards.
    type: list
    elements: str
  zone:
    description:
      - Zone that the rule is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - Instances that are not named stay as they are, members or not.
  - A member that is taken out gets no new connections; those that are open go on.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.loadbalancer_rule_member_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a rule lead to two instances
  cairn.cloud.loadbalancer_rule_member:
    name: balance_https
    vms:
      - app1
      - app2

- name: Take one out while it is being worked on
  cairn.cloud.loadbalancer_rule_member:
    name: balance_https
    vms: app2
    state: absent

- name: Have it back
  cairn.cloud.loadbalancer_rule_member:
    name: balance_https
    vms: app2

- name: Lead to none of them
  cairn.cloud.loadbalancer_rule_member:
    name: balance_https
    vms:
      - app1
      - app2
    state: absent
"""

RETURN = r"""
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
  description: Name of a single instance, instead of O(vms).
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(LOADBALANCER_RULE_MEMBER)


if __name__ == "__main__":
    main()
