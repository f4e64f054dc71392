#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/traffic_type.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_type_info
short_description: Read traffic types, the uses of a physical network
description:
  - Returns traffic types, the uses of a physical network, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Only the one with this id.
    type: str
  physical_network:
    description:
      - Only those whose physical_network is this.
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
  - module: cairn.cloud.traffic_type
"""

EXAMPLES = r"""
- name: Read the traffic types of a physical network
  cairn.cloud.traffic_type_info:
    physical_network: cabling
  register: found

- name: Show the bridges that hosts need
  ansible.builtin.debug:
    msg: "{{ found.traffic_types | selectattr('kvm_networklabel', 'defined') | map(attribute='kvm_networklabel') }}"
"""

RETURN = r"""
traffic_types:
  description: The traffic types, the uses of a physical network, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the traffic type.
      returned: when it has a value
      type: str
    state:
      description: State of the traffic type.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    traffic_type:
      description: Type of the traffic.
      returned: when it has a value
      type: str
    physical_network:
      description: Physical network that has it.
      returned: when it has a value
      type: str
    kvm_networklabel:
      description: Bridge on the hosts that carries this traffic.
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.traffic_type import TRAFFIC_TYPE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(TRAFFIC_TYPE)


if __name__ == "__main__":
    main()
