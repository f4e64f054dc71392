#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/static_nat.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: static_nat_info
short_description: Read static NAT, public addresses that stand for an instance
description:
  - Returns static NAT, public addresses that stand for an instance, as they are stored; no host is asked.
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
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  vm:
    description:
      - Only those whose vm is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.static_nat
"""

EXAMPLES = r"""
- name: Read all addresses that stand for an instance
  cairn.cloud.static_nat_info:

- name: Read those of one network
  cairn.cloud.static_nat_info:
    network: private
"""

RETURN = r"""
static_nats:
  description: The static NAT, public addresses that stand for an instance, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(STATIC_NAT)


if __name__ == "__main__":
    main()
