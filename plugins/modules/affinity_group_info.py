#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/affinity_group.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: affinity_group_info
short_description: Read affinity groups, which keep instances together or apart
description:
  - Returns affinity groups, which keep instances together or apart, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Only those whose account is this.
    type: str
  affinity_type:
    description:
      - Only those whose affinity_type is this.
    type: str
  domain:
    description:
      - Only those whose domain is this.
    type: str
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.affinity_group
"""

EXAMPLES = r"""
- name: Read all affinity groups
  cairn.cloud.affinity_group_info:
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.affinity_groups | map(attribute='name') }}"

- name: Read those that keep instances apart at any price
  cairn.cloud.affinity_group_info:
    affinity_type: host anti-affinity
"""

RETURN = r"""
affinity_groups:
  description: The affinity groups, which keep instances together or apart, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the affinity group.
      returned: when it has a value
      type: str
    state:
      description: State of the affinity group.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the affinity group.
      returned: when it has a value
      type: str
    description:
      description: Description for people.
      returned: when it has a value
      type: str
    affinity_type:
      description: V(host anti-affinity) puts each instance on a host of its own, V(host affinity) all on one.
      returned: when it has a value
      type: str
    domain:
      description: Domain that owns the resource, V(ROOT) when left out.
      returned: when it has a value
      type: str
    account:
      description: Account that owns the resource, V(admin) when left out.
      returned: when it has a value
      type: str
    project:
      description: Project that the resource belongs to.
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.affinity_group import AFFINITY_GROUP
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(AFFINITY_GROUP)


if __name__ == "__main__":
    main()
