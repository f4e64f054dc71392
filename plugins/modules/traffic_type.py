#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/traffic_type.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_type
short_description: Manage traffic types, the uses of a physical network
description:
  - Creates, changes and removes traffic types, the uses of a physical network.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Id of the traffic type, instead of its traffic_type.
    type: str
  kvm_networklabel:
    description:
      - Bridge on the hosts that carries this traffic.
      - An L2 network on the physical network plugs its instances into the bridge of its guest traffic.
    type: str
  physical_network:
    description:
      - Physical network that has it.
      - Name or id of a C(physical_network).
      - What there is only one of is the default.
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
  traffic_type:
    description:
      - Type of the traffic.
      - A new traffic type needs it.
    type: str
    choices:
      - Management
      - Guest
      - Public
      - Storage
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.traffic_type_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Carry guest traffic by the bridge br0 of the hosts
  cairn.cloud.traffic_type:
    traffic_type: Guest
    physical_network: cabling
    kvm_networklabel: br0

- name: Carry it by another bridge from now on
  cairn.cloud.traffic_type:
    traffic_type: Guest
    physical_network: cabling
    kvm_networklabel: br-guest

- name: Remove the traffic type
  cairn.cloud.traffic_type:
    traffic_type: Guest
    physical_network: cabling
    state: absent
"""

RETURN = r"""
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(TRAFFIC_TYPE)


if __name__ == "__main__":
    main()
