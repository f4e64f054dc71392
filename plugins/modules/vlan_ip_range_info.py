#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/vlan_ip_range.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: vlan_ip_range_info
short_description: Read VLAN IP ranges, the addresses that a network hands out
description:
  - Returns VLAN IP ranges, the addresses that a network hands out, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Only the one with this id.
    type: str
  network:
    description:
      - Only those whose network is this.
    type: str
  start_ip:
    description:
      - Only those whose start_ip is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.vlan_ip_range
"""

EXAMPLES = r"""
- name: Read the ranges of a network
  cairn.cloud.vlan_ip_range_info:
    network: dmz
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.start_ip }} to {{ item.end_ip }}"
  loop: "{{ found.vlan_ip_ranges }}"
  loop_control:
    label: "{{ item.start_ip }}"
"""

RETURN = r"""
vlan_ip_ranges:
  description: The VLAN IP ranges, the addresses that a network hands out, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(VLAN_IP_RANGE)


if __name__ == "__main__":
    main()
