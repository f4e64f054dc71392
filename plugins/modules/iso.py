#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/iso.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: iso
short_description: Manage ISO images, which instances are installed from or have in their drives
description:
  - Creates, changes and removes ISO images, which instances are installed from or have in their drives.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  bootable:
    description:
      - Whether instances can be installed from it.
      - A new iso has V(true) by default.
    type: bool
  checksum:
    description:
      - Checksum that the image must have, as C(sha256:digits).
      - It cannot change afterwards.
    type: str
  dest:
    description:
      - File of the control node that V(extracted) is about, with its whole path; its directory has to be there.
    type: str
  display_text:
    description:
      - Description for people.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  force:
    description:
      - Whether V(extracted) overwrites a file that is there and is another one.
    type: bool
    default: false
  id:
    description:
      - Id of the iso, instead of its name.
    type: str
  name:
    description:
      - Name of the ISO.
      - A new iso needs it.
    type: str
  os_type:
    description:
      - Operating system that is on it, for people.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(attached) - the ISO exists and is in the drive of O(vm).
      - V(detached) - the ISO exists and is not in the drive of O(vm).
      - V(extracted) - the ISO exists, and its image is the file O(dest).
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - attached
      - detached
      - extracted
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
  url:
    description:
      - Where the image is fetched from, C(file:///path), C(http://) or C(https://).
      - A new iso needs it.
      - It cannot change afterwards.
    type: str
  vm:
    description:
      - Instance that the states V(attached) and V(detached) are about.
      - Name or id of a C(instance).
    type: str
  zone:
    description:
      - Zone that has the ISO.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - The image is fetched once, checked, looked into (it must be ISO 9660) and kept on secondary storage.
  - A host gets its copy with the first of its instances that has the ISO in its drive.
  - Each instance has one drive. What is in it changes while the guest runs, unless the guest holds it.
  - In documents of M(cairn.cloud.apply), write O(cairn.cloud.instance#module:iso) at the instance instead.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.iso_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have an ISO to install instances from
  cairn.cloud.iso:
    name: debian-13-netinst
    url: https://images.example.com/debian-13-netinst.iso
    os_type: Debian GNU/Linux 13

- name: Put it into the drive of an instance, which may run
  cairn.cloud.iso:
    name: debian-13-netinst
    vm: db1
    state: attached

- name: Take it out again
  cairn.cloud.iso:
    name: debian-13-netinst
    vm: db1
    state: detached

- name: Have its image as a file of the control node
  cairn.cloud.iso:
    name: debian-13-netinst
    dest: /srv/extracted/debian-13-netinst.iso
    state: extracted

- name: Remove an ISO that is in no drive
  cairn.cloud.iso:
    name: debian-13-netinst
    state: absent
"""

RETURN = r"""
id:
  description: Id of the iso.
  returned: when it has a value
  type: str
state:
  description: State of the iso.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the ISO.
  returned: when it has a value
  type: str
display_text:
  description: Description for people.
  returned: when it has a value
  type: str
url:
  description: Where the image is fetched from, C(file:///path), C(http://) or C(https://).
  returned: when it has a value
  type: str
checksum:
  description: Checksum that the image must have, as C(sha256:digits).
  returned: when it has a value
  type: str
bootable:
  description: Whether instances can be installed from it.
  returned: when it has a value
  type: bool
os_type:
  description: Operating system that is on it, for people.
  returned: when it has a value
  type: str
zone:
  description: Zone that has the ISO.
  returned: when it has a value
  type: str
secondary:
  description: Secondary storage that has it.
  returned: when it has a value
  type: str
size:
  description: Size of the image.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.iso import ISO
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(ISO)


if __name__ == "__main__":
    main()
