#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/service_offering.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: service_offering_info
short_description: Read service offerings, the sizes of instances
description:
  - Returns service offerings, the sizes of instances, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.service_offering
"""

EXAMPLES = r"""
- name: Read all service offerings
  cairn.cloud.service_offering_info:
  register: found

- name: Show those whose instances name their own size
  ansible.builtin.debug:
    msg: "{{ found.service_offerings | selectattr('is_customized') | map(attribute='name') }}"
"""

RETURN = r"""
service_offerings:
  description: The service offerings, the sizes of instances, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the service offering.
      returned: when it has a value
      type: str
    state:
      description: State of the service offering.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the service offering.
      returned: when it has a value
      type: str
    display_text:
      description: Description for people.
      returned: when it has a value
      type: str
    cpu_number:
      description: Number of virtual CPUs.
      returned: when it has a value
      type: int
    memory:
      description: Memory.
      returned: when it has a value
      type: int
    is_customized:
      description: Whether each instance names its own CPUs and memory.
      returned: when it has a value
      type: bool
    host_tags:
      description: Instances are placed on hosts that have all of these tags.
      returned: when it has a value
      type: list
      elements: str
    storage_tags:
      description: Root volumes are placed on storage that has all of these tags.
      returned: when it has a value
      type: list
      elements: str
    deployment_planner:
      description: Which of the hosts that have room a new instance is placed on.
      returned: when it has a value
      type: str
    root_disk_size:
      description: Size of the root volume, the template's by default.
      returned: when it has a value
      type: int
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.service_offering import SERVICE_OFFERING
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(SERVICE_OFFERING)


if __name__ == "__main__":
    main()
