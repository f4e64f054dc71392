#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/disk_offering.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: disk_offering_info
short_description: Read disk offerings, the sizes of data volumes
description:
  - Returns disk offerings, the sizes of data volumes, as they are stored; no host is asked.
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
  - module: cairn.cloud.disk_offering
"""

EXAMPLES = r"""
- name: Read all disk offerings
  cairn.cloud.disk_offering_info:
  register: found

- name: Show those of a fixed size
  ansible.builtin.debug:
    msg: "{{ found.disk_offerings | selectattr('disk_size', 'defined') | map(attribute='name') }}"

- name: Read one disk offering
  cairn.cloud.disk_offering_info:
    name: any size
"""

RETURN = r"""
disk_offerings:
  description: The disk offerings, the sizes of data volumes, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(DISK_OFFERING)


if __name__ == "__main__":
    main()
