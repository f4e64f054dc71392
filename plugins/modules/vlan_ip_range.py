#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/vlan_ip_range.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: vlan_ip_range
short_description: Manage VLAN IP ranges, the addresses that a network hands out
description:
  - Creates, changes and removes VLAN IP ranges, the addresses that a network hands out.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  end_ip:
    description:
      - Last address of the range, the first one by default.
      - It cannot change afterwards.
    type: str
  id:
    description:
      - Id of the vlan ip range, instead of its start_ip.
    type: str
  network:
    description:
      - Network that the addresses belong to.
      - Name or id of a C(network).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
  start_ip:
    description:
      - First address of the range.
      - A new vlan ip range needs it.
      - It cannot change afterwards.
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
notes:
  - A range must lie within its network and must not overlap another one; a range in use is not removed.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.vlan_ip_range_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Let a network hand out more addresses
  cairn.cloud.vlan_ip_range:
    network: dmz
    start_ip: 10.1.2.100
    end_ip: 10.1.2.149

- name: Let it hand out one more
  cairn.cloud.vlan_ip_range:
    network: dmz
    start_ip: 10.1.2.200

- name: Remove ranges of which no instance has an address
  cairn.cloud.vlan_ip_range:
    network: dmz
    start_ip: "{{ item }}"
    state: absent
  loop:
    - 10.1.2.100
    - 10.1.2.200
"""

RETURN = r"""
id:
  description: Id of the vlan ip range.
  returned: when it has a value
  type: str
state:
  description: State of the vlan ip range.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
start_ip:
  description: First address of the range.
  returned: when it has a value
  type: str
end_ip:
  description: Last address of the range, the first one by default.
  returned: when it has a value
  type: str
network:
  description: Network that the addresses belong to.
  returned: when it has a value
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.vlan_ip_range import VLAN_IP_RANGE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(VLAN_IP_RANGE)


if __name__ == "__main__":
    main()
