#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/volume_snapshot.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_snapshot
short_description: Manage volume snapshots, copies of volumes as they were at a moment
description:
  - Creates, changes and removes volume snapshots, copies of volumes as they were at a moment.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
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
      - Id of the volume snapshot, instead of its name.
    type: str
  name:
    description:
      - Name of the snapshot.
      - A new volume snapshot needs it.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the snapshot exists; a new one is taken now.
      - V(reverted) - the volume becomes what the snapshot holds now, each time; what it held is lost.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - reverted
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
  volume:
    description:
      - Volume that it is of; the root volume of instance C(web1) is C(ROOT-web1).
      - A new volume snapshot needs it.
      - Name or id of a C(volume).
      - It cannot change afterwards.
    type: str
  zone:
    description:
      - Zone that it is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - A snapshot is taken while the guest runs; its file systems are held still for a moment if its agent answers.
  - It is a copy that stands alone, beside its volume on the same storage. It stays when the volume goes.
  - A running instance is restarted by V(reverted), which needs O(force=true).
  - Those that M(cairn.cloud.instance_snapshot) took belong to it and go with it.
  - A snapshot whose file is lost is never taken anew; the task says that it is lost.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.volume_snapshot_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Take a snapshot of the root volume
  cairn.cloud.volume_snapshot:
    name: before the upgrade
    volume: ROOT-db1

- name: Tag it
  cairn.cloud.volume_snapshot:
    name: before the upgrade
    tags:
      keep: long

- name: Let the root volume be again what it was
  cairn.cloud.volume_snapshot:
    name: before the upgrade
    state: reverted
    force: true

- name: Remove the snapshot
  cairn.cloud.volume_snapshot:
    name: before the upgrade
    state: absent
"""

RETURN = r"""
id:
  description: Id of the volume snapshot.
  returned: when it has a value
  type: str
state:
  description: State of the volume snapshot.
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
volume:
  description: Volume that it is of; the root volume of instance C(web1) is C(ROOT-web1).
  returned: when it has a value
  type: str
zone:
  description: Zone that it is in.
  returned: when it has a value
  type: str
storage:
  description: Primary storage that has it.
  returned: when it has a value
  type: str
host:
  description: Host whose storage has it.
  returned: when it has a value
  type: str
policy:
  description: Volume snapshot policy that made it.
  returned: when it has a value
  type: str
size:
  description: Size of the disk that it holds.
  returned: when it has a value
  type: int
taken:
  description: Whether it is complete.
  returned: when it has a value
  type: bool
quiesced:
  description: 'Whether nothing was being written at its moment: the guest''s agent saw to it, or no guest ran.'
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.volume_snapshot import VOLUME_SNAPSHOT
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(VOLUME_SNAPSHOT)


if __name__ == "__main__":
    main()
