#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/secondary_storage.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: secondary_storage_info
short_description: Read secondary storage, where templates are kept
description:
  - Returns secondary storage, where templates are kept, as they are stored; no host is asked.
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
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.secondary_storage
"""

EXAMPLES = r"""
- name: Read the secondary storage of a zone
  cairn.cloud.secondary_storage_info:
    zone: vie-1
  register: found

- name: Show its directories
  ansible.builtin.debug:
    msg: "{{ found.secondary_storage | map(attribute='url') }}"
"""

RETURN = r"""
secondary_storage:
  description: The secondary storage, where templates are kept, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the secondary storage.
      returned: when it has a value
      type: str
    state:
      description: State of the secondary storage.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the secondary storage.
      returned: when it has a value
      type: str
    url:
      description: Directory on the management machine, as C(file:///path).
      returned: when it has a value
      type: str
    zone:
      description: Zone that the storage serves.
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.secondary_storage import SECONDARY_STORAGE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(SECONDARY_STORAGE)


if __name__ == "__main__":
    main()
