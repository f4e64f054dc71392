#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/cluster.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_info
short_description: Read clusters, groups of like hosts
description:
  - Returns clusters, groups of like hosts, as they are stored; no host is asked.
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
  pod:
    description:
      - Only those whose pod is this.
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
  - module: cairn.cloud.cluster
"""

EXAMPLES = r"""
- name: Read the clusters of a pod
  cairn.cloud.cluster_info:
    pod: rack-1
  register: found

- name: Show how far each is overcommitted
  ansible.builtin.debug:
    msg: "{{ found.clusters | items2dict(key_name='name', value_name='cpu_overcommit_ratio') }}"
"""

RETURN = r"""
clusters:
  description: The clusters, groups of like hosts, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the cluster.
      returned: when it has a value
      type: str
    state:
      description: State of the cluster.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the cluster.
      returned: when it has a value
      type: str
    zone:
      description: Zone that the cluster is in.
      returned: when it has a value
      type: str
    pod:
      description: Pod that the cluster is in.
      returned: when it has a value
      type: str
    hypervisor:
      description: Hypervisor of the hosts.
      returned: when it has a value
      type: str
    cpu_overcommit_ratio:
      description: Virtual CPUs that are placed per CPU of a host.
      returned: when it has a value
      type: float
    memory_overcommit_ratio:
      description: Memory that is placed per memory of a host.
      returned: when it has a value
      type: float
    dedicated_domain:
      description: Only instances of this domain are placed here from then on, and rather here than elsewhere.
      returned: when it has a value
      type: str
    dedicated_account:
      description: Only this account of O(cairn.cloud.cluster#module:dedicated_domain), or of V(ROOT) when that
        is left out, has it.
      returned: when it has a value
      type: str
    allocation_state:
      description: Whether new instances are placed here.
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.cluster import CLUSTER
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(CLUSTER)


if __name__ == "__main__":
    main()
