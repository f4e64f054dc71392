#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/volume.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_info
short_description: Read volumes, the disks of instances
description:
  - Returns volumes, the disks of instances, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Only those whose account is this.
    type: str
  disk_offering:
    description:
      - Only those whose disk_offering is this.
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
  type:
    description:
      - Only those whose type is this.
    type: str
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
  - module: cairn.cloud.volume
"""

EXAMPLES = r"""
- name: Read the volumes of an instance
  cairn.cloud.volume_info:
    vm: db1
  register: found

- name: Show their sizes
  ansible.builtin.debug:
    msg: "{{ found.volumes | selectattr('size', 'defined') | items2dict(key_name='name', value_name='size') }}"

- name: Read all data volumes
  cairn.cloud.volume_info:
    type: DATADISK
"""

RETURN = r"""
volumes:
  description: The volumes, the disks of instances, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the volume.
      returned: when it has a value
      type: str
    state:
      description: State of the volume.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the volume.
      returned: when it has a value
      type: str
    zone:
      description: Zone that the volume is in.
      returned: when it has a value
      type: str
    disk_offering:
      description: Disk offering that sizes and places the volume.
      returned: when it has a value
      type: str
    size:
      description: Size, where the offering has none; it can grow and never shrinks.
      returned: when it has a value
      type: int
    snapshot:
      description: Name or id of a volume snapshot that a new volume starts as; it has to be there already.
      returned: when it has a value
      type: str
    url:
      description: Where an image is fetched from that a new volume starts as, C(file:///path), C(http://) or C(https://).
      returned: when it has a value
      type: str
    format:
      description: Format of the image at O(cairn.cloud.volume#module:url), V(QCOW2) when left out.
      returned: when it has a value
      type: str
    checksum:
      description: Checksum that the image must have, as C(sha256:digits).
      returned: when it has a value
      type: str
    vm:
      description: Instance that the volume is attached to.
      returned: when it has a value
      type: str
    type:
      description: V(ROOT) or V(DATADISK).
      returned: when it has a value
      type: str
    template:
      description: Template that a root volume starts from.
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
    last_host:
      description: Host that it is on its way from with its instance.
      returned: when it has a value
      type: str
    last_storage:
      description: Primary storage that had it there.
      returned: when it has a value
      type: str
    secondary:
      description: Secondary storage that has the image that it started as.
      returned: when it has a value
      type: str
    source:
      description: Id of the volume snapshot that its file is a copy of.
      returned: when it has a value
      type: str
    revision:
      description: How often it was reverted.
      returned: when it has a value
      type: int
    device_id:
      description: Place on the instance, 0 being the root volume.
      returned: when it has a value
      type: int
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.volume import VOLUME
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(VOLUME)


if __name__ == "__main__":
    main()
