#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/security_group.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: security_group
short_description: Manage security groups, which decide on the traffic of their instances
description:
  - Creates, changes and removes security groups, which decide on the traffic of their instances.
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
  id:
    description:
      - Id of the security group, instead of its name.
    type: str
  name:
    description:
      - Name of the security group.
      - A new security group needs it.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
notes:
  - Rules say what may pass, see M(cairn.cloud.security_group_rule); a group without any lets nothing in.
  - A group is removed with its rules, once no instance is in it and no other group's rule names it.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.security_group_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a group whose instances let nothing in until it has rules
  cairn.cloud.security_group:
    name: mail
    description: Mail servers

- name: Tag a group
  cairn.cloud.security_group:
    name: mail
    tags:
      team: post

- name: Remove a group with its rules, once no instance is in it
  cairn.cloud.security_group:
    name: mail
    state: absent
"""

RETURN = r"""
id:
  description: Id of the security group.
  returned: when it has a value
  type: str
state:
  description: State of the security group.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the security group.
  returned: when it has a value
  type: str
description:
  description: Description for people.
  returned: when it has a value
  type: str
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.security_group import SECURITY_GROUP
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(SECURITY_GROUP)


if __name__ == "__main__":
    main()
