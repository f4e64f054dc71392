#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/ssh_key.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: ssh_key
short_description: Manage SSH keys that instances let in
description:
  - Creates, changes and removes SSH keys that instances let in.
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
  id:
    description:
      - Id of the ssh key, instead of its name.
    type: str
  name:
    description:
      - Name of the SSH key.
      - A new ssh key needs it.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  public_key:
    description:
      - Public key in OpenSSH's format, one line.
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
notes:
  - Without O(public_key) a new key pair is made, and the private key is returned this once; it is kept nowhere.
  - Instances take a key at their first start; a key that was changed is told to guests by the next apply.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.ssh_key_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a public key
  cairn.cloud.ssh_key:
    name: alice
    public_key: "{{ lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub') }}"

- name: Make a new key pair
  cairn.cloud.ssh_key:
    name: deployment
  register: pair
  no_log: true

- name: Keep its private key, which is returned this once
  ansible.builtin.copy:
    content: "{{ pair.private_key }}"
    dest: ~/.ssh/deployment
    mode: "0600"
  when: pair.private_key is defined
  no_log: true

- name: Remove keys
  cairn.cloud.ssh_key:
    name: "{{ item }}"
    state: absent
  loop: [alice, deployment]
"""

RETURN = r"""
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
private_key:
  description: Private key in OpenSSH's format.
  returned: once, when it was made
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.ssh_key import SSH_KEY
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(SSH_KEY)


if __name__ == "__main__":
    main()
