#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/ssh_key.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: ssh_key_info
short_description: Read SSH keys that instances let in
description:
  - Returns SSH keys that instances let in, as they are stored; no host is asked.
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
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.ssh_key
"""

EXAMPLES = r"""
- name: Read all SSH keys
  cairn.cloud.ssh_key_info:
  register: found

- name: Show their fingerprints
  ansible.builtin.debug:
    msg: "{{ found.ssh_keys | items2dict(key_name='name', value_name='fingerprint') }}"

- name: Read one key
  cairn.cloud.ssh_key_info:
    name: admin
"""

RETURN = r"""
ssh_keys:
  description: The SSH keys that instances let in, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the ssh key.
      returned: when it has a value
      type: str
    state:
      description: State of the ssh key.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the SSH key.
      returned: when it has a value
      type: str
    public_key:
      description: Public key in OpenSSH's format, one line.
      returned: when it has a value
      type: str
    fingerprint:
      description: Fingerprint of the key (SHA-256, as C(ssh-keygen -l) prints it).
      returned: when it has a value
      type: str
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.ssh_key import SSH_KEY
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(SSH_KEY)


if __name__ == "__main__":
    main()
