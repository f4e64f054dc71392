#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/configuration.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: configuration_info
short_description: Read configuration, the settings of the cloud as a whole
description:
  - Returns configuration, the settings of the cloud as a whole, as they are stored; no host is asked.
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
  value:
    description:
      - Only those whose value is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.configuration
"""

EXAMPLES = r"""
- name: Read all settings, with their defaults
  cairn.cloud.configuration_info:

- name: Read those that were set
  cairn.cloud.configuration_info:
    state: Present
"""

RETURN = r"""
configurations:
  description: The configuration, the settings of the cloud as a whole, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the configuration.
      returned: when it has a value
      type: str
    state:
      description: State of the configuration.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the setting.
      returned: when it has a value
      type: str
    value:
      description: Value of the setting; several are joined by commas.
      returned: when it has a value
      type: str
    default:
      description: Value that it has when it is not set.
      returned: when it has a value
      type: str
    type:
      description: Type of the value, such as V(int).
      returned: when it has a value
      type: str
    unit:
      description: Unit of the value.
      returned: when it has a value
      type: str
    description:
      description: What it is for.
      returned: when it has a value
      type: str
    is_set:
      description: Whether it was set.
      returned: when it has a value
      type: bool
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.configuration import CONFIGURATION
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(CONFIGURATION)


if __name__ == "__main__":
    main()
