#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/volume_snapshot.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_snapshot_info
short_description: Read volume snapshots, copies of volumes as they were at a moment
description:
  - Returns volume snapshots, copies of volumes as they were at a moment, as they are stored; no host is asked.
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
  policy:
    description:
      - Only those whose policy is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  storage:
    description:
      - Only those whose storage is this.
    type: str
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  volume:
    description:
      - Only those whose volume is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.volume_snapshot
"""

EXAMPLES = r"""
- name: Read all volume snapshots
  cairn.cloud.volume_snapshot_info:

- name: Read the snapshots of one volume
  cairn.cloud.volume_snapshot_info:
    volume: ROOT-db1
  register: found

- name: Show when they were taken
  ansible.builtin.debug:
    msg: "{{ found.volume_snapshots | items2dict(key_name='name', value_name='created') }}"
"""

RETURN = r"""
volume_snapshots:
  description: The volume snapshots, copies of volumes as they were at a moment, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(VOLUME_SNAPSHOT)


if __name__ == "__main__":
    main()
