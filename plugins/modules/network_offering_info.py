#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/network_offering.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: network_offering_info
short_description: Read network offerings, the sorts of networks
description:
  - Returns network offerings, the sorts of networks, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  guest_ip_type:
    description:
      - Only those whose guest_ip_type is this.
    type: str
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  service_offering:
    description:
      - Only those whose service_offering is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  traffic_type:
    description:
      - Only those whose traffic_type is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.network_offering
"""

EXAMPLES = r"""
- name: Read all network offerings
  cairn.cloud.network_offering_info:
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.network_offerings | map(attribute='name') }}"

- name: Read those of networks without addresses
  cairn.cloud.network_offering_info:
    guest_ip_type: L2
"""

RETURN = r"""
network_offerings:
  description: The network offerings, the sorts of networks, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
      description: Whether instances of a shared network reach the outside, by network address translation on the
        host.
      returned: when it has a value
      type: bool
    forged_transmits:
      description: Whether instances of a shared network may send from MAC, IP and ARP addresses that are not theirs.
      returned: when it has a value
      type: bool
    user_data:
      description: Whether instances of a shared network get their metadata at C(http://169.254.169.254/), as on
        EC2.
      returned: when it has a value
      type: bool
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.network_offering import NETWORK_OFFERING
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(NETWORK_OFFERING)


if __name__ == "__main__":
    main()
