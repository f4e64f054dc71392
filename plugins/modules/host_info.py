#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/host.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: Read hosts, the machines that instances run on
description:
  - Returns hosts, the machines that instances run on, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  allocation_state:
    description:
      - Only those whose allocation_state is this.
    type: str
  cluster:
    description:
      - Only those whose cluster is this.
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
  - module: cairn.cloud.host
"""

EXAMPLES = r"""
- name: Read the hosts of a cluster
  cairn.cloud.host_info:
    cluster: kvm-1
  register: found

- name: Show which version of QEMU each has
  ansible.builtin.debug:
    msg: "{{ found.hosts | items2dict(key_name='name', value_name='hypervisor_version') }}"

- name: Read the hosts that are being worked on
  cairn.cloud.host_info:
    allocation_state: Maintenance
"""

RETURN = r"""
hosts:
  description: The hosts, the machines that instances run on, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the host.
      returned: when it has a value
      type: str
    state:
      description: State of the host.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the host.
      returned: when it has a value
      type: str
    url:
      description: URL of the host's libvirt.
      returned: when it has a value
      type: str
    zone:
      description: Zone that the host is in.
      returned: when it has a value
      type: str
    pod:
      description: Pod that the host is in.
      returned: when it has a value
      type: str
    cluster:
      description: Cluster that the host is in.
      returned: when it has a value
      type: str
    host_tags:
      description: Tags that service offerings ask for to be placed here.
      returned: when it has a value
      type: list
      elements: str
    virt_type:
      description: How guests' processors are run, by the kernel (V(kvm)) or by emulation (V(qemu)).
      returned: when it has a value
      type: str
    cpu_model:
      description: Processor model that guests see, one of libvirt's names.
      returned: when it has a value
      type: str
    migration_address:
      description: Address at which other hosts reach it, to move guests to it.
      returned: when it has a value
      type: str
    migration_tls:
      description: Whether what is moved to and from the host while it runs has to be encrypted on the way.
      returned: when it has a value
      type: bool
    dedicated_domain:
      description: Only instances of this domain are placed here from then on, and rather here than elsewhere.
      returned: when it has a value
      type: str
    dedicated_account:
      description: Only this account of O(cairn.cloud.host#module:dedicated_domain), or of V(ROOT) when that is
        left out, has it.
      returned: when it has a value
      type: str
    allocation_state:
      description: Whether new instances are placed here.
      returned: when it has a value
      type: str
    hypervisor_version:
      description: Version of QEMU on the host.
      returned: when it has a value
      type: str
    libvirt_version:
      description: Version of libvirt on the host.
      returned: when it has a value
      type: str
    cpus:
      description: Processors of the host.
      returned: when it has a value
      type: int
    memory:
      description: Memory of the host.
      returned: when it has a value
      type: int
    runs:
      description: What V(auto) found to run guests with, V(kvm) or V(qemu).
      returned: when it has a value
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.host import HOST
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(HOST)


if __name__ == "__main__":
    main()
