#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: rebuild
short_description: Read a lost database back from the hosts
description:
  - Each host keeps a record of what is on it and of all that is on no host, such as zones, offerings, networks and templates.
    From these records the module fills a database that is empty. Names, ids, MACs and addresses are as they were.
  - No host is changed and no guest is touched. Objects that are not the cloud's are ignored.
  - Secrets (user data, passwords) are not in the records. M(cairn.cloud.apply) of the documents that they were written in
    brings them back, and finds nothing to do with where the key file is still the same.
  - Not read back either are events, volumes that were never attached to an instance, and what was stored after a host was
    last worked on, such as an offering that a task made and no apply has seen since.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  hosts:
    description:
      - URLs of all hosts of the cloud, as of O(cairn.cloud.host#module:url).
    type: list
    elements: str
    required: true
  installation:
    description:
      - Which cloud, where the hosts have records of several; the error names them.
    type: str
  partial:
    description:
      - Whether to go on where hosts of the cloud are not named in O(hosts), because they are lost.
      - What is on them is not read back. Should they come back, remove it from them by hand before they are used again.
    type: bool
    default: false
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.apply
  - module: cairn.cloud.drift
"""

EXAMPLES = r"""
- name: See what would be read back
  cairn.cloud.rebuild:
    api_url: sqlite:////var/lib/cairn/rebuilt.db
    hosts: qemu+tls://node1.example.com/system
  check_mode: true

- name: Read the cloud back into a new database
  cairn.cloud.rebuild:
    api_url: sqlite:////var/lib/cairn/rebuilt.db
    hosts:
      - qemu+tls://node1.example.com/system

- name: Read back what is left of a cloud of which a host is lost for good
  cairn.cloud.rebuild:
    api_url: sqlite:////var/lib/cairn/what-is-left.db
    hosts:
      - qemu+tls://node1.example.com/system
    partial: true
"""

RETURN = r"""
summary:
  description: How many resources were read back, as C(create).
  returned: success
  type: dict
  sample: {"create": 14, "mend": 0, "none": 0, "remove": 0, "update": 0}
resources:
  description: Each resource that was read back; volumes of instances are not named apart.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_rebuild


def main() -> None:
    run_rebuild()


if __name__ == "__main__":
    main()
