#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/pod.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: pod
short_description: Manage pods, the racks of a zone
description:
  - Creates, changes and removes pods, the racks of a zone.
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
  end_ip:
    description:
      - Last address of the management subnet that the cloud may use.
      - V('') takes it away.
    type: str
  gateway:
    description:
      - Gateway of the management subnet.
      - V('') takes it away.
    type: str
  id:
    description:
      - Id of the pod, instead of its name.
    type: str
  name:
    description:
      - Name of the pod.
      - A new pod needs it.
    type: str
  netmask:
    description:
      - Netmask of the management subnet.
    type: str
  start_ip:
    description:
      - First address of the management subnet that the cloud may use.
      - V('') takes it away.
    type: str
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
  zone:
    description:
      - Zone that the pod is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.pod_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a pod with a management subnet
  cairn.cloud.pod:
    name: rack-2
    zone: vie-1
    gateway: 10.0.2.1
    netmask: 255.255.255.0
    start_ip: 10.0.2.10
    end_ip: 10.0.2.99

- name: Give the cloud more addresses of the subnet
  cairn.cloud.pod:
    name: rack-2
    zone: vie-1
    end_ip: 10.0.2.199

- name: Place no new instances in the pod
  cairn.cloud.pod:
    name: rack-2
    zone: vie-1
    state: disabled

- name: Remove the pod
  cairn.cloud.pod:
    name: rack-2
    zone: vie-1
    state: absent
"""

RETURN = r"""
id:
  description: Id of the pod.
  returned: when it has a value
  type: str
state:
  description: State of the pod.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the pod.
  returned: when it has a value
  type: str
zone:
  description: Zone that the pod is in.
  returned: when it has a value
  type: str
gateway:
  description: Gateway of the management subnet.
  returned: when it has a value
  type: str
netmask:
  description: Netmask of the management subnet.
  returned: when it has a value
  type: str
start_ip:
  description: First address of the management subnet that the cloud may use.
  returned: when it has a value
  type: str
end_ip:
  description: Last address of the management subnet that the cloud may use.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.pod import POD
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(POD)


if __name__ == "__main__":
    main()
