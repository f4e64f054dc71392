#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/instance_snapshot.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_snapshot
short_description: Manage instance snapshots, all disks of an instance at one moment, with its memory or without
description:
  - Creates, changes and removes instance snapshots, all disks of an instance at one moment, with its memory or
    without.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  description:
    description:
      - Description for people.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  id:
    description:
      - Id of the instance snapshot, instead of its name.
    type: str
  name:
    description:
      - Name of the snapshot.
      - A new instance snapshot needs it.
    type: str
    aliases:
      - display_name
  project:
    description:
      - Project that the resource belongs to.
    type: str
  snapshot_memory:
    description:
      - Whether it also holds the memory of the instance, which has to run for that.
      - A new instance snapshot has V(false) by default.
      - It cannot change afterwards.
    type: bool
  state:
    description:
      - What is to be.
      - V(present) - the snapshot exists; a new one is taken now.
      - V(revert) - the instance becomes what the snapshot holds now, each time, and runs; what it held is lost.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - revert
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
  vm:
    description:
      - Instance that it is of.
      - A new instance snapshot needs it.
      - Name or id of a C(instance).
      - It cannot change afterwards.
    type: str
  zone:
    description:
      - Zone of the instance.
      - Name or id of a C(zone).
      - It cannot change afterwards.
    type: str
notes:
  - Each disk is kept as a M(cairn.cloud.volume_snapshot), from which volumes and templates can be made.
  - Without O(snapshot_memory) the guest starts anew from its disks when it is reverted, and with it the guest goes
    on where it was.
  - With O(snapshot_memory) the guest stands still while its memory is written; without, its file systems are held
    still for a moment if its agent answers.
  - Volumes that were attached since are left as they are, unless the memory is reverted to as well, which needs
    the size, networks and volumes that the instance had.
  - Snapshots go with their instance.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.instance_snapshot_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Keep the disks and the memory of an instance before an upgrade
  cairn.cloud.instance_snapshot:
    name: before the upgrade
    vm: cache1
    description: version 1 was fine
    snapshot_memory: true

- name: Have the guest go on where it was then
  cairn.cloud.instance_snapshot:
    name: before the upgrade
    vm: cache1
    state: revert

- name: Keep the disks alone
  cairn.cloud.instance_snapshot:
    name: disks
    vm: cache1
    tags:
      keep: long

- name: Start the guest from its disks as they were then
  cairn.cloud.instance_snapshot:
    name: disks
    vm: cache1
    state: revert

- name: Remove the snapshots
  cairn.cloud.instance_snapshot:
    name: "{{ item }}"
    vm: cache1
    state: absent
  loop: [before the upgrade, disks]
"""

RETURN = r"""
id:
  description: Id of the instance snapshot.
  returned: when it has a value
  type: str
state:
  description: State of the instance snapshot.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the snapshot.
  returned: when it has a value
  type: str
vm:
  description: Instance that it is of.
  returned: when it has a value
  type: str
description:
  description: Description for people.
  returned: when it has a value
  type: str
snapshot_memory:
  description: Whether it also holds the memory of the instance, which has to run for that.
  returned: when it has a value
  type: bool
zone:
  description: Zone of the instance.
  returned: when it has a value
  type: str
storage:
  description: Primary storage that has the memory.
  returned: when it has a value
  type: str
host:
  description: Host whose storages have it.
  returned: when it has a value
  type: str
type:
  description: V(Disk) or V(DiskAndMemory).
  returned: when it has a value
  type: str
current:
  description: Whether it is the one that was taken or reverted to last of its instance.
  returned: when it has a value
  type: bool
parent:
  description: Name of the snapshot that was current when this one was taken.
  returned: when it has a value
  type: str
taken:
  description: Whether it is complete.
  returned: when it has a value
  type: bool
quiesced:
  description: Whether nothing was being written at its moment, or what was being written is in its memory.
  returned: when it has a value
  type: bool
tags:
  description: Tags as a list of dictionaries with key and value.
  returned: when it has a value
  type: list
  elements: dict
domain:
  description: Domain that owns the resource, V(ROOT) when left out.
  returned: when it has a value
  type: str
account:
  description: Account that owns the resource, V(admin) when left out.
  returned: when it has a value
  type: str
project:
  description: Project that the resource belongs to.
  returned: when it has a value
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance_snapshot import INSTANCE_SNAPSHOT
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(INSTANCE_SNAPSHOT)


if __name__ == "__main__":
    main()
