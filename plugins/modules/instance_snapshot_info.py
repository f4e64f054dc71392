#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/instance_snapshot.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_snapshot_info
short_description: Read instance snapshots, all disks of an instance at one moment, with its memory or without
description:
  - Returns instance snapshots, all disks of an instance at one moment, with its memory or without, as they are
    stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Only those whose account is this.
    type: str
  domain:
    description:
      - Only those whose domain is this.
    type: str
  host:
    description:
      - Only those whose host is this.
    type: str
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
    aliases:
      - display_name
  project:
    description:
      - Only those whose project is this.
    type: str
  snapshot_memory:
    description:
      - Only those whose snapshot_memory is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  vm:
    description:
      - Only those whose vm is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.instance_snapshot
"""

EXAMPLES = r"""
- name: Read all instance snapshots
  cairn.cloud.instance_snapshot_info:

- name: Read the snapshots of one instance
  cairn.cloud.instance_snapshot_info:
    vm: cache1
  register: found

- name: Show which one the instance was at last
  ansible.builtin.debug:
    msg: "{{ found.instance_snapshots | selectattr('current') | map(attribute='name') }}"
"""

RETURN = r"""
instance_snapshots:
  description: The instance snapshots, all disks of an instance at one moment, with its memory or without, sorted
    by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(INSTANCE_SNAPSHOT)


if __name__ == "__main__":
    main()
