#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/pod.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: pod_info
short_description: Read pods, the racks of a zone
description:
  - Returns pods, the racks of a zone, as they are stored; no host is asked.
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
  - module: cairn.cloud.pod
"""

EXAMPLES = r"""
- name: Read the pods of a zone
  cairn.cloud.pod_info:
    zone: vie-1
  register: found

- name: Show them
  ansible.builtin.debug:
    msg: "{{ found.pods | map(attribute='name') }}"

- name: Read one pod
  cairn.cloud.pod_info:
    name: rack-1
"""

RETURN = r"""
pods:
  description: The pods, the racks of a zone, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
      description: Only this account of O(cairn.cloud.pod#module:dedicated_domain), or of V(ROOT) when that is left
        out, has it.
      returned: when it has a value
      type: str
    allocation_state:
      description: Whether new instances are placed here.
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.pod import POD
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(POD)


if __name__ == "__main__":
    main()
