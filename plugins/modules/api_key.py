#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/api_key.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key
short_description: Manage API keys, which let programs and people ask the management daemon
description:
  - Creates, changes and removes API keys, which let programs and people ask the management daemon.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  description:
    description:
      - Description for people.
    type: str
  id:
    description:
      - Id of the api key, instead of its name.
    type: str
  name:
    description:
      - Name of the API key, which events show as the user.
      - A new api key needs it.
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
notes:
  - The key is returned this once, when it is made. The cloud keeps a digest of it, from which it cannot be had.
  - A key that is removed is refused from then on. Whoever has a key may do everything.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.api_key_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Make a key for AWX
  cairn.cloud.api_key:
    name: awx
    description: Job templates of the web shop
  register: key
  no_log: true

- name: Keep the key, which is returned this once
  ansible.builtin.copy:
    content: "{{ key.api_key }}"
    dest: ~/.cairn-awx.key
    mode: "0600"
  when: key.api_key is defined
  no_log: true

- name: Revoke a key
  cairn.cloud.api_key:
    name: awx
    state: absent
"""

RETURN = r"""
id:
  description: Id of the api key.
  returned: when it has a value
  type: str
state:
  description: State of the api key.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the API key, which events show as the user.
  returned: when it has a value
  type: str
description:
  description: Description for people.
  returned: when it has a value
  type: str
hint:
  description: How the key begins, by which it is told from others.
  returned: when it has a value
  type: str
api_key:
  description: The key itself.
  returned: once, when it was made
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.api_key import API_KEY
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(API_KEY)


if __name__ == "__main__":
    main()
