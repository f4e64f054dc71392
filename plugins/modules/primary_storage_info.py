#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/primary_storage.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: primary_storage_info
short_description: Read primary storage, where the volumes of instances are
description:
  - Returns primary storage, where the volumes of instances are, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  allocation_state:
    description:
      - Only those whose allocation_state is this.
    type: str
  cluster:
    description:
      - Only those whose cluster is this.
    type: str
  host:
    description:
      - Only those whose host is this.
    type: str
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
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.primary_storage
"""

EXAMPLES = r"""
- name: Read the primary storage of a zone
  cairn.cloud.primary_storage_info:
    zone: vie-1
  register: found

- name: Show its directories
  ansible.builtin.debug:
    msg: "{{ found.primary_storage | items2dict(key_name='name', value_name='storage_url') }}"

- name: Read storage that is of one host
  cairn.cloud.primary_storage_info:
    host: node1
"""

RETURN = r"""
primary_storage:
  description: The primary storage, where the volumes of instances are, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the primary storage.
      returned: when it has a value
      type: str
    state:
      description: State of the primary storage.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the primary storage.
      returned: when it has a value
      type: str
    storage_url:
      description: Directory on each of its hosts, as C(file:///path).
      returned: when it has a value
      type: str
    zone:
      description: Zone that the storage is in.
      returned: when it has a value
      type: str
    cluster:
      description: Only hosts of this cluster have it, not all of the zone.
      returned: when it has a value
      type: str
    host:
      description: Only this host has it, not all of the zone.
      returned: when it has a value
      type: str
    storage_tags:
      description: Tags that offerings ask for to have volumes placed here.
      returned: when it has a value
      type: list
      elements: str
    over_provisioning_ratio:
      description: Sizes of thin volumes that are placed here per capacity.
      returned: when it has a value
      type: float
    allocation_state:
      description: Whether new instances are placed here.
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.primary_storage import PRIMARY_STORAGE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(PRIMARY_STORAGE)


if __name__ == "__main__":
    main()
