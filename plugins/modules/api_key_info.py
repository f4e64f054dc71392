#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/api_key.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_info
short_description: Read API keys, which let programs and people ask the management daemon
description:
  - Returns API keys, which let programs and people ask the management daemon, as they are stored; no host is asked.
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
  - module: cairn.cloud.api_key
"""

EXAMPLES = r"""
- name: Read which API keys there are
  cairn.cloud.api_key_info:
  register: found

- name: Show how they begin
  ansible.builtin.debug:
    msg: "{{ found.api_keys | items2dict(key_name='name', value_name='hint') }}"
"""

RETURN = r"""
api_keys:
  description: The API keys, which let programs and people ask the management daemon, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.api_key import API_KEY
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(API_KEY)


if __name__ == "__main__":
    main()
