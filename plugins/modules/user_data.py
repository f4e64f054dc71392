#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/user_data.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: user_data
short_description: Manage user data for cloud-init, kept under a name
description:
  - Creates, changes and removes user data for cloud-init, kept under a name.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  id:
    description:
      - Id of the user data, instead of its name.
    type: str
  name:
    description:
      - Name of the user data.
      - A new user data needs it.
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
  user_data:
    description:
      - The text, C(#cloud-config) or a script, at most 64 KiB.
      - A new user data needs it.
    type: str
notes:
  - 'User data often holds passwords: it is encrypted in the database and never shown.'
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.user_data_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Keep what makes a guest a web server
  cairn.cloud.user_data:
    name: web server
    user_data: |
      #cloud-config
      packages: [nginx]

- name: Change it, which concerns instances that are made from now on
  cairn.cloud.user_data:
    name: web server
    user_data: |
      #cloud-config
      packages: [nginx]
      package_update: true

- name: Remove user data that no instance has
  cairn.cloud.user_data:
    name: web server
    state: absent
"""

RETURN = r"""
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(USER_DATA)


if __name__ == "__main__":
    main()
