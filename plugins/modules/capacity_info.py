#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: capacity_info
short_description: Read how much of the cloud is used and free
description:
  - Returns CPUs, memory and storage of zones, pods, clusters, hosts and primary storages.
  - Used is what instances and volumes were given, whether they run or not. Total includes overcommitment and
    over-provisioning.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  type:
    description:
      - Only places of this type.
    type: str
    choices: [zone, pod, cluster, host, primary_storage]
  name:
    description:
      - Only places of this name.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.host_info
"""

EXAMPLES = r"""
- name: Read how much is used and free
  cairn.cloud.capacity_info:
  register: found

- name: Show how much memory each host has left
  ansible.builtin.debug:
    msg: "{{ found.capacity | selectattr('type', 'eq', 'host') | items2dict(key_name='name', value_name='memory') }}"

- name: Read one zone
  cairn.cloud.capacity_info:
    type: zone
    name: vie-1
"""

RETURN = r"""
capacity:
  description: The places, from zones to primary storages.
  returned: success
  type: list
  elements: dict
  contains:
    type:
      description: Kind of the place.
      returned: always
      type: str
    name:
      description: Name of the place.
      returned: always
      type: str
    id:
      description: Id of the place.
      returned: always
      type: str
    cpu:
      description: Virtual CPUs as C(total), C(used) and C(free).
      returned: for all but primary storages
      type: dict
    memory:
      description: Memory in MiB as C(total), C(used) and C(free).
      returned: for all but primary storages
      type: dict
    storage:
      description: Storage in GiB as C(total), C(used) and C(free).
      returned: always
      type: dict
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_capacity_info


def main() -> None:
    run_capacity_info()


if __name__ == "__main__":
    main()
