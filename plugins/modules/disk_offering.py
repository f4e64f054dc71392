#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/disk_offering.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: disk_offering
short_description: Manage disk offerings, the sizes of data volumes
description:
  - Creates, changes and removes disk offerings, the sizes of data volumes.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  disk_size:
    description:
      - Size; a volume of an offering without one names its own.
      - In GiB.
      - It cannot change afterwards.
    type: int
  display_text:
    description:
      - Description for people.
    type: str
  id:
    description:
      - Id of the disk offering, instead of its name.
    type: str
  name:
    description:
      - Name of the disk offering.
      - A new disk offering needs it.
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
  storage_tags:
    description:
      - Volumes are placed on storage that has all of these tags.
    type: list
    elements: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.disk_offering_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Offer volumes of 100 GiB
  cairn.cloud.disk_offering:
    name: archive
    disk_size: 100

- name: Offer volumes of any size on fast disks
  cairn.cloud.disk_offering:
    name: fast
    storage_tags: [ssd]

- name: Describe an offering for people
  cairn.cloud.disk_offering:
    name: fast
    display_text: For databases

- name: Remove offerings that no volume has
  cairn.cloud.disk_offering:
    name: "{{ item }}"
    state: absent
  loop: [archive, fast]
"""

RETURN = r"""
id:
  description: Id of the disk offering.
  returned: when it has a value
  type: str
state:
  description: State of the disk offering.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the disk offering.
  returned: when it has a value
  type: str
display_text:
  description: Description for people.
  returned: when it has a value
  type: str
disk_size:
  description: Size; a volume of an offering without one names its own.
  returned: when it has a value
  type: int
storage_tags:
  description: Volumes are placed on storage that has all of these tags.
  returned: when it has a value
  type: list
  elements: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.disk_offering import DISK_OFFERING
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(DISK_OFFERING)


if __name__ == "__main__":
    main()
