#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/volume.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: volume
short_description: Manage volumes, the disks of instances
description:
  - Creates, changes and removes volumes, the disks of instances.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  checksum:
    description:
      - Checksum that the image must have, as C(sha256:digits).
      - It cannot change afterwards.
    type: str
  dest:
    description:
      - File of the control node that V(extracted) is about, with its whole path; its directory has to be there.
    type: str
  disk_offering:
    description:
      - Disk offering that sizes and places the volume.
      - Name or id of a C(disk_offering).
      - It cannot change afterwards.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
      - Whether V(extracted) overwrites a file that is there and is another one.
    type: bool
    default: false
  format:
    description:
      - Format of the image at O(url), V(QCOW2) when left out.
      - It cannot change afterwards.
    type: str
    choices:
      - QCOW2
      - RAW
  id:
    description:
      - Id of the volume, instead of its name.
    type: str
  name:
    description:
      - Name of the volume.
      - A new volume needs it.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  size:
    description:
      - Size, where the offering has none; it can grow and never shrinks.
      - In GiB.
      - A change reaches a running instance without a stop.
    type: int
  snapshot:
    description:
      - Name or id of a volume snapshot that a new volume starts as; it has to be there already.
      - The volume is on the snapshot's host and storage, and at least as large.
      - It cannot change afterwards.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(attached) - the volume exists and is attached to O(vm).
      - V(detached) - the volume exists and is attached to nothing.
      - V(uploaded) - the volume exists; a new one starts as the image at O(url).
      - V(extracted) - what is on the volume, which no guest has open, is the file O(dest).
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - attached
      - detached
      - uploaded
      - extracted
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
  url:
    description:
      - Where an image is fetched from that a new volume starts as, C(file:///path), C(http://) or C(https://).
      - The volume is at least as large as the image's disk.
      - It cannot change afterwards.
    type: str
  vm:
    description:
      - Instance that the volume is attached to.
      - Name or id of a C(instance).
      - V('') takes it away.
      - A change reaches a running instance without a stop.
    type: str
  zone:
    description:
      - Zone that the volume is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - A volume gets its place with its first instance, on the host of that instance.
  - The image that a volume starts as is fetched once, checked, looked into (it must stand alone) and kept on secondary
    storage. The volume is a thin overlay of a copy of it on its host.
  - V(extracted) reads a volume from its host. What a guest has open would be torn, and is refused.
  - To extract it nevertheless, extract a template that is made from a snapshot of the volume.
  - A file that a volume was extracted to is replaced, without O(force), when the volume was written to since.
  - Root volumes, and data volumes that M(cairn.cloud.instance) was asked for, belong to their instance.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.volume_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a volume
  cairn.cloud.volume:
    name: db1-data
    size: 2

- name: Attach it to an instance
  cairn.cloud.volume:
    name: db1-data
    vm: db1
    state: attached

- name: Grow it
  cairn.cloud.volume:
    name: db1-data
    size: 3

- name: Detach it, and keep what is on it
  cairn.cloud.volume:
    name: db1-data
    state: detached

- name: Have a volume of an offering and attach it in one go
  cairn.cloud.volume:
    name: db1-log
    disk_offering: any size
    size: 1
    vm: db1
    tags:
      backup: none
    state: attached

- name: Have what is on it as a QCOW2 image that stands alone, while its instance is stopped
  cairn.cloud.volume:
    name: db1-log
    dest: /srv/extracted/db1-log.qcow2
    state: extracted

- name: Have a volume that starts as an image
  cairn.cloud.volume:
    name: db1-dump
    url: https://images.example.com/debian-13.qcow2
    checksum: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    state: uploaded

- name: Remove volumes
  cairn.cloud.volume:
    name: "{{ item }}"
    state: absent
  loop: [db1-data, db1-dump, db1-log]
"""

RETURN = r"""
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
  description: Format of the image at O(url), V(QCOW2) when left out.
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(VOLUME)


if __name__ == "__main__":
    main()
