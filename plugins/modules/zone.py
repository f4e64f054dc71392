#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/zone.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: zone
short_description: Manage zones, the largest unit of a cloud
description:
  - Creates, changes and removes zones, the largest unit of a cloud.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  dedicated_account:
    description:
      - Only this account of O(dedicated_domain), or of V(ROOT) when that is left out, has it.
      - V('') takes it away.
    type: str
  dedicated_domain:
    description:
      - Only instances of this domain are placed here from then on, and rather here than elsewhere.
      - Instances of others that are here already stay.
      - V('') takes it away.
    type: str
  dns1:
    description:
      - Name server that guests' queries are forwarded to.
      - V('') takes it away.
    type: str
  dns2:
    description:
      - Second name server.
      - V('') takes it away.
    type: str
  id:
    description:
      - Id of the zone, instead of its name.
    type: str
  name:
    description:
      - Name of the zone.
      - A new zone needs it.
    type: str
  network_domain:
    description:
      - DNS domain of networks that name none of their own.
      - A new zone has V(cairn.internal) by default, or what setting V(guest.domain.suffix) of M(cairn.cloud.configuration)
        says.
    type: str
  network_type:
    description:
      - V(Basic) has one shared network for all instances.
      - V(Advanced) has as many networks of all types as are wanted.
      - A new zone has V(Advanced) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - Basic
      - Advanced
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(enabled) - it exists and takes new instances.
      - V(disabled) - it exists and takes no new instances.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - enabled
      - disabled
      - absent
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.zone_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a zone
  cairn.cloud.zone:
    name: vie-2
    dns1: 9.9.9.9
    network_domain: vie-2.example.com

- name: Forward guests' queries to name servers of one's own
  cairn.cloud.zone:
    name: vie-2
    dns1: 10.0.0.53
    dns2: 10.0.1.53

- name: Place no new instances in the zone
  cairn.cloud.zone:
    name: vie-2
    state: disabled

- name: Place new instances in the zone again
  cairn.cloud.zone:
    name: vie-2
    state: enabled

- name: Remove the zone
  cairn.cloud.zone:
    name: vie-2
    state: absent
"""

RETURN = r"""
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
  description: Only this account of O(dedicated_domain), or of V(ROOT) when that is left out, has it.
  returned: when it has a value
  type: str
allocation_state:
  description: Whether new instances are placed here.
  returned: when it has a value
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.zone import ZONE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(ZONE)


if __name__ == "__main__":
    main()
