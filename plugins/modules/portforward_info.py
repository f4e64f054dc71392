#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/portforward.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: portforward_info
short_description: Read port forwarding rules, from a public address to an instance
description:
  - Returns port forwarding rules, from a public address to an instance, as they are stored; no host is asked.
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
  - module: cairn.cloud.portforward
"""

EXAMPLES = r"""
- name: Read all port forwarding rules
  cairn.cloud.portforward_info:

- name: Read what leads to one instance
  cairn.cloud.portforward_info:
    vm: app1
"""

RETURN = r"""
portforwards:
  description: The port forwarding rules, from a public address to an instance, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the portforward.
      returned: when it has a value
      type: str
    state:
      description: State of the portforward.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the rule for its address, made of protocol and public port by default.
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
    protocol:
      description: Protocol.
      returned: when it has a value
      type: str
    public_port:
      description: First port of the address; a new rule needs it.
      returned: when it has a value
      type: int
    public_end_port:
      description: Last one, O(cairn.cloud.portforward#module:public_port) by default.
      returned: when it has a value
      type: int
    private_port:
      description: First port of the instance, O(cairn.cloud.portforward#module:public_port) by default.
      returned: when it has a value
      type: int
    private_end_port:
      description: Last one; it follows from the others and may be said too.
      returned: when it has a value
      type: int
    vm:
      description: Instance; a new rule needs it.
      returned: when it has a value
      type: str
    open_firewall:
      description: Whether the public ports are let in from everywhere, without a rule of M(cairn.cloud.firewall).
      returned: when it has a value
      type: bool
    network:
      description: Network of the address.
      returned: when it has a value
      type: str
    vm_guest_ip:
      description: Address of the instance in that network.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.portforward import PORTFORWARD
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(PORTFORWARD)


if __name__ == "__main__":
    main()
