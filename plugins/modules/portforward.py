#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/portforward.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: portforward
short_description: Manage port forwarding rules, from a public address to an instance
description:
  - Creates, changes and removes port forwarding rules, from a public address to an instance.
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
      - Id of the portforward, instead of its name.
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
      - Name of the rule for its address, made of protocol and public port by default.
    type: str
  open_firewall:
    description:
      - Whether the public ports are let in from everywhere, without a rule of M(cairn.cloud.firewall).
      - A new portforward has V(false) by default.
      - A change reaches a running instance without a stop.
    type: bool
  private_end_port:
    description:
      - Last one; it follows from the others and may be said too.
      - A change reaches a running instance without a stop.
    type: int
  private_port:
    description:
      - First port of the instance, O(public_port) by default.
      - A rule that leads to other ports than are called has 1024 of them at most.
      - A change reaches a running instance without a stop.
    type: int
  project:
    description:
      - Project that the resource belongs to.
    type: str
  protocol:
    description:
      - Protocol.
      - A new portforward has V(tcp) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - tcp
      - udp
  public_end_port:
    description:
      - Last one, O(public_port) by default.
      - A change reaches a running instance without a stop.
    type: int
  public_port:
    description:
      - First port of the address; a new rule needs it.
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
  - A change holds for connections that begin from then on; those that are open go on.
  - Without O(open_firewall) a rule of M(cairn.cloud.firewall) has to let the port in.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.portforward_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Lead a public port to an instance, and let everybody call it
  cairn.cloud.portforward:
    ip_address: 203.0.113.20
    public_port: 80
    private_port: 8080
    vm: app1
    open_firewall: true

- name: Lead it to another port
  cairn.cloud.portforward:
    ip_address: 203.0.113.20
    public_port: 80
    private_port: 8000

- name: Lead it nowhere
  cairn.cloud.portforward:
    ip_address: 203.0.113.20
    public_port: 80
    state: absent
"""

RETURN = r"""
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
  description: Last one, O(public_port) by default.
  returned: when it has a value
  type: int
private_port:
  description: First port of the instance, O(public_port) by default.
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(PORTFORWARD)


if __name__ == "__main__":
    main()
