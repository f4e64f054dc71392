#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/secondary_storage.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: secondary_storage
short_description: Manage secondary storage, where templates are kept
description:
  - Creates, changes and removes secondary storage, where templates are kept.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Id of the secondary storage, instead of its name.
    type: str
  name:
    description:
      - Name of the secondary storage.
      - A new secondary storage needs it.
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
  url:
    description:
      - Directory on the management machine, as C(file:///path).
      - A new secondary storage needs it.
      - It cannot change afterwards.
    type: str
  zone:
    description:
      - Zone that the storage serves.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.secondary_storage_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Keep templates in a directory of the management machine
  cairn.cloud.secondary_storage:
    name: archive
    url: file:///srv/cairn/archive
    zone: vie-1

- name: Remove secondary storage that has no templates any more
  cairn.cloud.secondary_storage:
    name: archive
    zone: vie-1
    state: absent
"""

RETURN = r"""
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(SECONDARY_STORAGE)


if __name__ == "__main__":
    main()
