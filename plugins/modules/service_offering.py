#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/service_offering.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: service_offering
short_description: Manage service offerings, the sizes of instances
description:
  - Creates, changes and removes service offerings, the sizes of instances.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  cpu_number:
    description:
      - Number of virtual CPUs.
      - It cannot change afterwards.
    type: int
  deployment_planner:
    description:
      - Which of the hosts that have room a new instance is placed on.
      - V(spread) takes the one with the most free memory, V(pack) the fullest one.
      - V(FirstFitPlanner) takes the first one by name.
      - V(UserDispersingPlanner) takes the one with the fewest instances of the owner, V(UserConcentratedPodPlanner)
        one of the pod that has the most; then as V(spread).
      - A change holds for instances that are made from then on.
      - A new service offering has V(spread) by default.
    type: str
    choices:
      - spread
      - pack
      - FirstFitPlanner
      - UserDispersingPlanner
      - UserConcentratedPodPlanner
  display_text:
    description:
      - Description for people.
    type: str
  force:
    description:
      - Whether a change that needs a stop may stop the instance.
    type: bool
    default: false
  host_tags:
    description:
      - Instances are placed on hosts that have all of these tags.
    type: list
    elements: str
  id:
    description:
      - Id of the service offering, instead of its name.
    type: str
  is_customized:
    description:
      - Whether each instance names its own CPUs and memory.
      - A new service offering has V(false) by default.
      - It cannot change afterwards.
    type: bool
  memory:
    description:
      - Memory.
      - In MiB.
      - It cannot change afterwards.
    type: int
  name:
    description:
      - Name of the service offering.
      - A new service offering needs it.
    type: str
  root_disk_size:
    description:
      - Size of the root volume, the template's by default.
      - In GiB.
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
  storage_tags:
    description:
      - Root volumes are placed on storage that has all of these tags.
    type: list
    elements: str
notes:
  - An offering in use keeps its size; make another one and give it to the instances that are to change.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.service_offering_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Offer instances of two CPUs and 4 GiB
  cairn.cloud.service_offering:
    name: large
    cpu_number: 2
    memory: 4096
    root_disk_size: 20

- name: Offer instances that name their own size
  cairn.cloud.service_offering:
    name: custom
    is_customized: true

- name: Fill one host after the other with the offering's instances, so that others can be switched off
  cairn.cloud.service_offering:
    name: large
    deployment_planner: pack

- name: Place an offering's instances on hosts and storage with fast disks
  cairn.cloud.service_offering:
    name: large
    host_tags: [ssd]
    storage_tags: [ssd]

- name: Place them anywhere again
  cairn.cloud.service_offering:
    name: large
    host_tags: []
    storage_tags: []

- name: Remove offerings that no instance has
  cairn.cloud.service_offering:
    name: "{{ item }}"
    state: absent
  loop: [large, custom]
"""

RETURN = r"""
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(SERVICE_OFFERING)


if __name__ == "__main__":
    main()
