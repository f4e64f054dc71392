#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/cluster.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster
short_description: Manage clusters, groups of like hosts
description:
  - Creates, changes and removes clusters, groups of like hosts.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  cpu_overcommit_ratio:
    description:
      - Virtual CPUs that are placed per CPU of a host.
      - A new cluster has V(4.0) by default, or what setting V(cpu.overprovisioning.factor) of M(cairn.cloud.configuration)
        says.
    type: float
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
  hypervisor:
    description:
      - Hypervisor of the hosts.
      - A new cluster has V(KVM) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - KVM
  id:
    description:
      - Id of the cluster, instead of its name.
    type: str
  memory_overcommit_ratio:
    description:
      - Memory that is placed per memory of a host.
      - A new cluster has V(1.0) by default, or what setting V(mem.overprovisioning.factor) of M(cairn.cloud.configuration)
        says.
    type: float
  name:
    description:
      - Name of the cluster.
      - A new cluster needs it.
    type: str
  pod:
    description:
      - Pod that the cluster is in.
      - Name or id of a C(pod).
      - What there is only one of is the default.
      - It cannot change afterwards.
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
      - Zone that the cluster is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.cluster_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a cluster with two virtual CPUs per CPU
  cairn.cloud.cluster:
    name: kvm-2
    zone: vie-1
    pod: rack-1
    cpu_overcommit_ratio: 2

- name: Place more memory than the hosts have
  cairn.cloud.cluster:
    name: kvm-2
    zone: vie-1
    memory_overcommit_ratio: 1.2

- name: Place no new instances in the cluster
  cairn.cloud.cluster:
    name: kvm-2
    zone: vie-1
    state: disabled

- name: Remove the cluster
  cairn.cloud.cluster:
    name: kvm-2
    zone: vie-1
    state: absent
"""

RETURN = r"""
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
  description: Only this account of O(dedicated_domain), or of V(ROOT) when that is left out, has it.
  returned: when it has a value
  type: str
allocation_state:
  description: Whether new instances are placed here.
  returned: when it has a value
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.cluster import CLUSTER
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(CLUSTER)


if __name__ == "__main__":
    main()
