#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/physical_network.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: physical_network_info
short_description: Read physical networks, the cabling of a zone
description:
  - Returns physical networks, the cabling of a zone, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  allocation_state:
    description:
      - Only those whose allocation_state is this.
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
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.physical_network
"""

EXAMPLES = r"""
- name: Read the physical networks of a zone
  cairn.cloud.physical_network_info:
    zone: vie-1

- name: Read those that have a tag
  cairn.cloud.physical_network_info:
    tags:
      vendor: acme
"""

RETURN = r"""
physical_networks:
  description: The physical networks, the cabling of a zone, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the physical network.
      returned: when it has a value
      type: str
    state:
      description: State of the physical network.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the physical network.
      returned: when it has a value
      type: str
    zone:
      description: Zone that it is in.
      returned: when it has a value
      type: str
    isolation_method:
      description: How L2 and isolated networks on it are kept apart between hosts.
      returned: when it has a value
      type: str
    allocation_state:
      description: Whether new instances are placed here.
      returned: when it has a value
      type: str
    tags:
      description: Tags as a list of dictionaries with key and value.
      returned: when it has a value
      type: list
      elements: dict
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.physical_network import PHYSICAL_NETWORK
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(PHYSICAL_NETWORK)


if __name__ == "__main__":
    main()
