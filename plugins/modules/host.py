#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/host.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: host
short_description: Manage hosts, the machines that instances run on
description:
  - Creates, changes and removes hosts, the machines that instances run on.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  cluster:
    description:
      - Cluster that the host is in.
      - Name or id of a C(cluster).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
  cpu_model:
    description:
      - Processor model that guests see, one of libvirt's names.
      - The host's own by default under KVM, and V(qemu64) under emulation, where it is the fastest.
    type: str
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
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  host_tags:
    description:
      - Tags that service offerings ask for to be placed here.
    type: list
    elements: str
  id:
    description:
      - Id of the host, instead of its name.
    type: str
  migration_address:
    description:
      - Address at which other hosts reach it, to move guests to it.
      - The host in O(url) by default, or else its host name.
      - V('') takes it away.
    type: str
  migration_tls:
    description:
      - Whether what is moved to and from the host while it runs has to be encrypted on the way.
      - That needs certificates for QEMU on both, which role C(node) makes where libvirt is reached by TLS.
      - Between two hosts that both have V(false) it crosses the network in clear; use that for a network that nobody
        else is in.
      - A new host has V(true) by default.
    type: bool
  name:
    description:
      - Name of the host.
      - A new host needs it.
    type: str
  pod:
    description:
      - Pod that the host is in.
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
      - V(maintenance) - it exists, takes no new instances and is being worked on.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - enabled
      - disabled
      - maintenance
      - absent
  url:
    description:
      - URL of the host's libvirt.
      - For example C(qemu:///system), C(qemu+tls://node1/system) or C(qemu+ssh://root@node1/system).
      - A new host needs it.
    type: str
  virt_type:
    description:
      - How guests' processors are run, by the kernel (V(kvm)) or by emulation (V(qemu)).
      - V(auto) runs a few instructions under KVM when the host is added, and emulates where that fails.
      - A change holds for instances from their next definition on.
      - A new host has V(auto) by default.
    type: str
    choices:
      - auto
      - kvm
      - qemu
  zone:
    description:
      - Zone that the host is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - What runs on a host that is put into maintenance is moved to other hosts of its cluster while it runs, all of
    it or nothing; what is stopped stays. Nothing is placed or started there until it is enabled again.
  - A host of C(test:///path/to/file.xml?cpus=32&memory=131072) is simulated, with so many CPUs and so much memory
    (MiB). What is on it is kept in that file of the control node, so that a playbook can be rehearsed.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.host_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Add a host, whose zone, pod and cluster are the only ones
  cairn.cloud.host:
    name: node2
    url: qemu+tls://node2.example.com/system

- name: Let service offerings that ask for fast disks choose the host
  cairn.cloud.host:
    name: node2
    host_tags: [ssd]

- name: Move what runs on the host to others of its cluster, and place nothing there while it is worked on
  cairn.cloud.host:
    name: node2
    state: maintenance

- name: Place new instances on the host again
  cairn.cloud.host:
    name: node2
    state: enabled

- name: Keep the host for one account; an empty text opens it to all again
  cairn.cloud.host:
    name: node2
    dedicated_domain: ROOT
    dedicated_account: admin

- name: Remove the host, which has no instances any more
  cairn.cloud.host:
    name: node2
    state: absent
"""

RETURN = r"""
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
  description: Only this account of O(dedicated_domain), or of V(ROOT) when that is left out, has it.
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(HOST)


if __name__ == "__main__":
    main()
