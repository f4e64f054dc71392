#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/template.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: template_info
short_description: Read templates, the images that instances start from
description:
  - Returns templates, the images that instances start from, as they are stored; no host is asked.
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
  id:
    description:
      - Only the one with this id.
    type: str
  is_routing:
    description:
      - Only those whose is_routing is this.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  secondary:
    description:
      - Only those whose secondary is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.template
"""

EXAMPLES = r"""
- name: Read all templates
  cairn.cloud.template_info:
  register: found

- name: Show whom to log in as
  ansible.builtin.debug:
    msg: "{{ found.templates | items2dict(key_name='name', value_name='login_user') }}"

- name: Read those with a tag
  cairn.cloud.template_info:
    tags:
      family: debian
"""

RETURN = r"""
templates:
  description: The templates, the images that instances start from, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(TEMPLATE)


if __name__ == "__main__":
    main()
