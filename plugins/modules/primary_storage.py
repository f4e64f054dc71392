#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/primary_storage.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: primary_storage
short_description: Manage primary storage, where the volumes of instances are
description:
  - Creates, changes and removes primary storage, where the volumes of instances are.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  cluster:
    description:
      - Only hosts of this cluster have it, not all of the zone.
      - Name or id of a C(cluster).
      - It cannot change afterwards.
    type: str
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  host:
    description:
      - Only this host has it, not all of the zone.
      - Name or id of a C(host).
      - It cannot change afterwards.
    type: str
  id:
    description:
      - Id of the primary storage, instead of its name.
    type: str
  name:
    description:
      - Name of the primary storage.
      - A new primary storage needs it.
    type: str
  over_provisioning_ratio:
    description:
      - Sizes of thin volumes that are placed here per capacity.
      - A new primary storage has V(2.0) by default, or what setting V(storage.overprovisioning.factor) of M(cairn.cloud.configuration)
        says.
    type: float
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
  storage_tags:
    description:
      - Tags that offerings ask for to have volumes placed here.
    type: list
    elements: str
  storage_url:
    description:
      - Directory on each of its hosts, as C(file:///path).
      - C(SharedMountPoint:///path) is one that its hosts share, and that is mounted there on each of them. C(nfs://server/path)
        is one that its hosts mount by themselves, below C(/mnt).
      - Instances on what is shared move while they run without their disks being copied.
      - It has to be a file system on which locks of files hold between hosts.
      - A new primary storage needs it.
      - It cannot change afterwards.
    type: str
  zone:
    description:
      - Zone that the storage is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - Each host that uses a directory (C(file://)) has one of its own; hosts of another storage share one.
  - Files in it that are not the cloud's stay untouched.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.primary_storage_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a directory of each host of the zone as storage for fast disks
  cairn.cloud.primary_storage:
    name: fast
    storage_url: file:///srv/cairn/fast
    storage_tags: [ssd]

- name: Have a directory of one host as storage
  cairn.cloud.primary_storage:
    name: scratch
    storage_url: file:///srv/cairn/scratch
    host: node1
    over_provisioning_ratio: 4

- name: Have a directory that is mounted on all hosts of a cluster as one storage for them
  cairn.cloud.primary_storage:
    name: common
    storage_url: SharedMountPoint:///srv/common
    cluster: kvm-1

- name: Place no more thin volumes than the storage could hold
  cairn.cloud.primary_storage:
    name: fast
    over_provisioning_ratio: 1

- name: Place no new volumes on the storage while it is worked on
  cairn.cloud.primary_storage:
    name: fast
    state: maintenance

- name: Remove storage that has no volumes any more
  cairn.cloud.primary_storage:
    name: "{{ item }}"
    state: absent
  loop: [fast, scratch, common]
"""

RETURN = r"""
id:
  description: Id of the primary storage.
  returned: when it has a value
  type: str
state:
  description: State of the primary storage.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the primary storage.
  returned: when it has a value
  type: str
storage_url:
  description: Directory on each of its hosts, as C(file:///path).
  returned: when it has a value
  type: str
zone:
  description: Zone that the storage is in.
  returned: when it has a value
  type: str
cluster:
  description: Only hosts of this cluster have it, not all of the zone.
  returned: when it has a value
  type: str
host:
  description: Only this host has it, not all of the zone.
  returned: when it has a value
  type: str
storage_tags:
  description: Tags that offerings ask for to have volumes placed here.
  returned: when it has a value
  type: list
  elements: str
over_provisioning_ratio:
  description: Sizes of thin volumes that are placed here per capacity.
  returned: when it has a value
  type: float
allocation_state:
  description: Whether new instances are placed here.
  returned: when it has a value
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.primary_storage import PRIMARY_STORAGE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(PRIMARY_STORAGE)


if __name__ == "__main__":
    main()
