#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/user_data.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: user_data_info
short_description: Read user data for cloud-init, kept under a name
description:
  - Returns user data for cloud-init, kept under a name, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Only those whose account is this.
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
  - module: cairn.cloud.user_data
"""

EXAMPLES = r"""
- name: Read which user data there is
  cairn.cloud.user_data_info:
  register: found

- name: Show its names; what it holds is never returned
  ansible.builtin.debug:
    msg: "{{ found.user_data | map(attribute='name') }}"
"""

RETURN = r"""
user_data:
  description: The user data for cloud-init, kept under a name, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the user data.
      returned: when it has a value
      type: str
    state:
      description: State of the user data.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the user data.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.user_data import USER_DATA
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(USER_DATA)


if __name__ == "__main__":
    main()
