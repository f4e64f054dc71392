#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/zone.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: zone_info
short_description: Read zones, the largest unit of a cloud
description:
  - Returns zones, the largest unit of a cloud, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  allocation_state:
    description:
      - Only those whose allocation_state is this.
    type: str
  dedicated_account:
    description:
      - Only those whose dedicated_account is this.
    type: str
  dedicated_domain:
    description:
      - Only those whose dedicated_domain is this.
    type: str
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  network_type:
    description:
      - Only those whose network_type is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.zone
"""

EXAMPLES = r"""
- name: Read all zones
  cairn.cloud.zone_info:
  register: found

- name: Show those that take no new instances
  ansible.builtin.debug:
    msg: "{{ found.zones | selectattr('allocation_state', 'ne', 'Enabled') | map(attribute='name') }}"

- name: Read one zone
  cairn.cloud.zone_info:
    name: vie-1
"""

RETURN = r"""
zones:
  description: The zones, the largest unit of a cloud, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the zone.
      returned: when it has a value
      type: str
    state:
      description: State of the zone.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the zone.
      returned: when it has a value
      type: str
    network_type:
      description: V(Basic) has one shared network for all instances.
      returned: when it has a value
      type: str
    dns1:
      description: Name server that guests' queries are forwarded to.
      returned: when it has a value
      type: str
    dns2:
      description: Second name server.
      returned: when it has a value
      type: str
    network_domain:
      description: DNS domain of networks that name none of their own.
      returned: when it has a value
      type: str
    dedicated_domain:
      description: Only instances of this domain are placed here from then on, and rather here than elsewhere.
      returned: when it has a value
      type: str
    dedicated_account:
      description: Only this account of O(cairn.cloud.zone#module:dedicated_domain), or of V(ROOT) when that is
        left out, has it.
      returned: when it has a value
      type: str
    allocation_state:
      description: Whether new instances are placed here.
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.zone import ZONE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(ZONE)


if __name__ == "__main__":
    main()
