#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/template.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: template
short_description: Manage templates, the images that instances start from
description:
  - Creates, changes and removes templates, the images that instances start from.
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
  format:
    description:
      - Format of the image.
      - A new template has V(QCOW2) by default.
      - It cannot change afterwards.
    type: str
    choices:
      - QCOW2
      - RAW
  id:
    description:
      - Id of the template, instead of its name.
    type: str
  is_routing:
    description:
      - Whether virtual routers run it, and no instance by default; role P(cairn.cloud.router_image#role) builds
        one.
      - New routers run the newest one of their zone.
      - A new template has V(false) by default.
      - It cannot change afterwards.
    type: bool
  login_user:
    description:
      - User that the image's cloud-init gives SSH keys to; the inventory logs in as this user.
      - A new template has V(root) by default.
    type: str
  name:
    description:
      - Name of the template.
      - A new template needs it.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  snapshot:
    description:
      - Name or id of a volume snapshot that the template is made from; it has to be there already.
      - It cannot change afterwards.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(extracted) - the template exists, and its image is the file O(dest).
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
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
      - A new template needs it, or O(snapshot).
      - It cannot change afterwards.
    type: str
  zone:
    description:
      - Zone that has the template.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - The image is fetched once, checked, looked into (it must stand alone) and kept on secondary storage.
  - A host gets its copy with its first instance; instances are thin overlays of that copy.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.template_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a template from an image that must have a checksum
  cairn.cloud.template:
    name: debian-13
    url: https://images.example.com/debian-13.qcow2
    checksum: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    login_user: debian

- name: Have a template from a raw image of this machine
  cairn.cloud.template:
    name: appliance
    url: file:///srv/images/appliance.img
    format: RAW

- name: Describe a template for people, and tag it
  cairn.cloud.template:
    name: debian-13
    display_text: Debian 13, nothing installed
    tags:
      family: debian

- name: Have its image as a file of the control node
  cairn.cloud.template:
    name: debian-13
    dest: /srv/extracted/debian-13.qcow2
    state: extracted

- name: Remove templates that no instance was made from
  cairn.cloud.template:
    name: "{{ item }}"
    state: absent
  loop: [debian-13, appliance]
"""

RETURN = r"""
id:
  description: Id of the template.
  returned: when it has a value
  type: str
state:
  description: State of the template.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the template.
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
snapshot:
  description: Name or id of a volume snapshot that the template is made from; it has to be there already.
  returned: when it has a value
  type: str
format:
  description: Format of the image.
  returned: when it has a value
  type: str
checksum:
  description: Checksum that the image must have, as C(sha256:digits).
  returned: when it has a value
  type: str
zone:
  description: Zone that has the template.
  returned: when it has a value
  type: str
is_routing:
  description: Whether virtual routers run it, and no instance by default; role P(cairn.cloud.router_image#role)
    builds one.
  returned: when it has a value
  type: bool
login_user:
  description: User that the image's cloud-init gives SSH keys to; the inventory logs in as this user.
  returned: when it has a value
  type: str
source:
  description: Id of the volume snapshot that the image is a copy of.
  returned: when it has a value
  type: str
secondary:
  description: Secondary storage that has it.
  returned: when it has a value
  type: str
size:
  description: Size of the disk that guests see.
  returned: when it has a value
  type: int
physical_size:
  description: Size of the image's file.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.template import TEMPLATE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(TEMPLATE)


if __name__ == "__main__":
    main()
