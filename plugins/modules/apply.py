#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: apply
short_description: Make a whole cloud as it is written
description:
  - Takes the documents of a cloud from files, folders or a list, in whatever order they stand, and makes it so in one task.
  - Each document is a mapping with C(kind) and the options of that kind's module.
  - What is wanted is stored first, in one transaction; a document that is refused leaves everything as it was.
  - Everything of the cloud on all hosts is looked at, by one observation a host, and put right where it is not as described.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  src:
    description:
      - Files with YAML documents, and folders of them; a relative path starts from the playbook's folder.
    type: list
    elements: path
  documents:
    description:
      - Documents themselves, besides those of O(src).
    type: list
    elements: dict
  prune:
    description:
      - Whether to remove what an earlier run of this O(set) wrote and this one does not.
      - What other tasks made, and what is not the cloud's, is never removed.
    type: bool
    default: false
  set:
    description:
      - Name under which the run keeps in mind what it wrote, so that O(prune) knows what is its own.
    type: str
    default: default
  force:
    description:
      - Whether changes that need a stop may stop instances.
    type: bool
    default: false
  explain:
    description:
      - Whether to tell, for each new instance, why it is placed where it is, and why not on each other host.
      - With many instances and many hosts that is a lot to read; it is meant for a few.
    type: bool
    default: false
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.drift
"""

EXAMPLES = r"""
- name: Ask where new instances would be placed, and why
  cairn.cloud.apply:
    src: cloud/
    explain: true
  check_mode: true

- name: Make the cloud that a folder describes
  cairn.cloud.apply:
    src: cloud/

- name: Remove all that the folder described
  cairn.cloud.apply:
    documents: []
    prune: true

- name: Make two offerings, and keep in mind that they are of the catalogue
  cairn.cloud.apply:
    set: catalogue
    documents:
      - kind: service_offering
        name: tiny
        cpu_number: 1
        memory: 128
      - kind: disk_offering
        name: backup
        disk_size: 50

- name: Remove the disk offering, which is no longer written, and nothing else
  cairn.cloud.apply:
    set: catalogue
    prune: true
    documents:
      - kind: service_offering
        name: tiny
        cpu_number: 1
        memory: 128

- name: Remove all that the catalogue wrote
  cairn.cloud.apply:
    set: catalogue
    prune: true
    documents: []
"""

RETURN = r"""
summary:
  description: How many resources were created, updated, removed, mended and left alone.
  returned: success
  type: dict
  sample: {"create": 2, "mend": 0, "none": 11, "remove": 0, "update": 1}
resources:
  description: Each resource that changed, with what was done and its impact.
  returned: success
  type: list
  elements: dict
placements:
  description: For each new instance, where it is placed, and why not elsewhere.
  returned: when O(explain) is true
  type: list
  elements: dict
  contains:
    name:
      description: Name of the instance.
      type: str
      returned: always
    id:
      description: Id of the instance.
      type: str
      returned: always
    host:
      description: Host that it is placed on.
      type: str
      returned: always
    storage:
      description: Primary storage of its root volume and, if it has one, of its data volume.
      type: list
      elements: str
      returned: always
    not_chosen:
      description: Each other host of the zone by name, with a sentence that says why not.
      type: dict
      returned: always
    reasons:
      description: The same in a few lines, one a reason, with the number of hosts and some of their names.
      type: list
      elements: str
      returned: always
private_keys:
  description: Private keys of SSH key pairs that were made, by name; they are returned this once.
  returned: when key pairs were made
  type: dict
api_keys:
  description: API keys that were made, by name; they are returned this once.
  returned: when API keys were made
  type: dict
failures:
  description: What went wrong on hosts, a sentence each; the next run goes on from there.
  returned: failure
  type: list
  elements: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_apply


def main() -> None:
    run_apply()


if __name__ == "__main__":
    main()
