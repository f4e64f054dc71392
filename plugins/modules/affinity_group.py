#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/affinity_group.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: affinity_group
short_description: Manage affinity groups, which keep instances together or apart
description:
  - Creates, changes and removes affinity groups, which keep instances together or apart.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  affinity_type:
    description:
      - V(host anti-affinity) puts each instance on a host of its own, V(host affinity) all on one.
      - The V(non-strict) ones do so as far as hosts have room.
      - A new affinity group has V(host anti-affinity) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - host anti-affinity
      - host affinity
      - non-strict host anti-affinity
      - non-strict host affinity
  description:
    description:
      - Description for people.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  id:
    description:
      - Id of the affinity group, instead of its name.
    type: str
  name:
    description:
      - Name of the affinity group.
      - A new affinity group needs it.
    type: str
  project:
    description:
      - Project that the resource belongs to.
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
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.affinity_group_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Keep the members of a group on different hosts, and refuse those that find none
  cairn.cloud.affinity_group:
    name: database replicas
    affinity_type: host anti-affinity

- name: Keep the members of a group on one host as far as it has room
  cairn.cloud.affinity_group:
    name: shop
    affinity_type: non-strict host affinity

- name: Describe a group for people
  cairn.cloud.affinity_group:
    name: shop
    description: Web server and cache, which talk much

- name: Remove groups that no instance is in
  cairn.cloud.affinity_group:
    name: "{{ item }}"
    state: absent
  loop:
    - database replicas
    - shop
"""

RETURN = r"""
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(AFFINITY_GROUP)


if __name__ == "__main__":
    main()
