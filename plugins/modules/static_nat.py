#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/static_nat.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: static_nat
short_description: Manage static NAT, public addresses that stand for an instance
description:
  - Creates, changes and removes static NAT, public addresses that stand for an instance.
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
      - Id of the static nat, instead of its name.
    type: str
  ip_address:
    description:
      - Public address that is called.
      - Name or id of a C(ip_address).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
  name:
    description:
      - Name of the rule, its address by default; an address has one.
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
      - Instance; a new rule needs it.
      - Name or id of a C(instance).
      - V('') takes it away.
      - A change reaches a running instance without a stop.
    type: str
  zone:
    description:
      - Zone that the address is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - The instance has the address outside, too. What calls it must be let in by M(cairn.cloud.firewall).
  - The address that a network's other instances have outside cannot stand for one of them.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.static_nat_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Let an address stand for an instance
  cairn.cloud.static_nat:
    ip_address: 203.0.113.21
    vm: app1

- name: Let it stand for none
  cairn.cloud.static_nat:
    ip_address: 203.0.113.21
    state: absent
"""

RETURN = r"""
id:
  description: Id of the static nat.
  returned: when it has a value
  type: str
state:
  description: State of the static nat.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the rule, its address by default; an address has one.
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
vm:
  description: Instance; a new rule needs it.
  returned: when it has a value
  type: str
network:
  description: Network of the address.
  returned: when it has a value
  type: str
vm_guest_ip:
  description: Address of the instance in that network.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.static_nat import STATIC_NAT
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(STATIC_NAT)


if __name__ == "__main__":
    main()
