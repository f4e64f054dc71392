#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/network_offering.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: network_offering
short_description: Manage network offerings, the sorts of networks
description:
  - Creates, changes and removes network offerings, the sorts of networks.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  display_text:
    description:
      - Description for people.
    type: str
  egress_default_policy:
    description:
      - Whether instances of an isolated network reach all of the outside, but for what rules of M(cairn.cloud.firewall)
        forbid, or nothing but for what rules allow.
      - A new network offering has V(allow) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - allow
      - deny
  forged_transmits:
    description:
      - Whether instances of a shared network may send from MAC, IP and ARP addresses that are not theirs.
      - Routers and addresses that move between instances need it. L2 networks do not look at addresses.
      - A new network offering has V(false) by default.
    type: bool
  guest_ip_type:
    description:
      - V(Shared) networks have addresses, DHCP with fixed leases, and DNS.
      - V(L2) networks are a bridge and nothing else.
      - V(Isolated) networks have a virtual router of their own, which has all that shared ones have, and public
        addresses.
      - A new network offering has V(Shared) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - Shared
      - L2
      - Isolated
  id:
    description:
      - Id of the network offering, instead of its name.
    type: str
  name:
    description:
      - Name of the network offering.
      - A new network offering needs it.
    type: str
  service_offering:
    description:
      - Size of the virtual routers of isolated networks, one CPU and 128 MiB by default.
      - Name or id of a C(service_offering).
      - It cannot change afterwards.
    type: str
  source_nat:
    description:
      - Whether instances of a shared network reach the outside, by network address translation on the host.
      - Those of an isolated network do so by their router.
      - With a public network on a host's own bridge it is about what routers send to the world; where the host's
        filters see its bridges, nothing that others call gets to instances then.
      - A new network offering has V(true) by default.
      - It cannot change afterwards.
    type: bool
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
  traffic_type:
    description:
      - V(PUBLIC) shared networks hand out the public addresses of isolated ones, and take no instances.
      - They use the bridge of their physical network's public traffic; without one each host has its own.
      - A new network offering has V(GUEST) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - GUEST
      - PUBLIC
  user_data:
    description:
      - Whether instances of a shared network get their metadata at C(http://169.254.169.254/), as on EC2.
      - Hosts that role P(cairn.cloud.node#role) prepared for it answer there.
      - A new network offering has V(true) by default.
      - It cannot change afterwards.
    type: bool
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.network_offering_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Offer shared networks that reach the outside by the host's address
  cairn.cloud.network_offering:
    name: shared with source NAT

- name: Offer shared networks whose subnets are routed elsewhere
  cairn.cloud.network_offering:
    name: shared and routed
    source_nat: false

- name: Offer networks whose instances are routers, or share addresses that move between them
  cairn.cloud.network_offering:
    name: for routers
    forged_transmits: true

- name: Offer networks that are a bridge and nothing else
  cairn.cloud.network_offering:
    name: bridge
    guest_ip_type: L2

- name: Describe an offering for people
  cairn.cloud.network_offering:
    name: bridge
    display_text: Layer 2 only, addresses are the guests' business

- name: Remove offerings that no network has
  cairn.cloud.network_offering:
    name: "{{ item }}"
    state: absent
  loop:
    - shared with source NAT
    - shared and routed
    - for routers
    - bridge
"""

RETURN = r"""
id:
  description: Id of the network offering.
  returned: when it has a value
  type: str
state:
  description: State of the network offering.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the network offering.
  returned: when it has a value
  type: str
display_text:
  description: Description for people.
  returned: when it has a value
  type: str
guest_ip_type:
  description: V(Shared) networks have addresses, DHCP with fixed leases, and DNS.
  returned: when it has a value
  type: str
traffic_type:
  description: V(PUBLIC) shared networks hand out the public addresses of isolated ones, and take no instances.
  returned: when it has a value
  type: str
egress_default_policy:
  description: Whether instances of an isolated network reach all of the outside, but for what rules of M(cairn.cloud.firewall)
    forbid, or nothing but for what rules allow.
  returned: when it has a value
  type: str
service_offering:
  description: Size of the virtual routers of isolated networks, one CPU and 128 MiB by default.
  returned: when it has a value
  type: str
source_nat:
  description: Whether instances of a shared network reach the outside, by network address translation on the host.
  returned: when it has a value
  type: bool
forged_transmits:
  description: Whether instances of a shared network may send from MAC, IP and ARP addresses that are not theirs.
  returned: when it has a value
  type: bool
user_data:
  description: Whether instances of a shared network get their metadata at C(http://169.254.169.254/), as on EC2.
  returned: when it has a value
  type: bool
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.network_offering import NETWORK_OFFERING
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(NETWORK_OFFERING)


if __name__ == "__main__":
    main()
