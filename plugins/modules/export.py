#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: export
short_description: Write the cloud as documents
description:
  - Returns what is wanted of the cloud as documents that M(cairn.cloud.apply) takes, and finds nothing to do with.
  - Defaults are left out, and so are volumes that belong to an instance. References are by name.
  - Secrets (user data, passwords) are left out too, with a warning; apply leaves those of what exists as they are.
  - On another cloud the documents make the same again, with data that is new and addresses that may be others.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  kinds:
    description:
      - Only resources of these kinds.
    type: list
    elements: str
  dest:
    description:
      - File that the documents are written to, where they differ from what it holds; a relative path starts from the
        playbook's folder.
      - Only its owner may read it.
    type: path
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Read the whole cloud as documents
  cairn.cloud.export:
  register: cloud

- name: Read what instances can be made from
  cairn.cloud.export:
    kinds:
      - service_offering
      - disk_offering
      - template
"""

RETURN = r"""
documents:
  description: The documents, each after those that it refers to.
  returned: success
  type: list
  elements: dict
  sample: [{"kind": "zone", "name": "vie-1"}, {"kind": "pod", "name": "rack-1", "zone": "vie-1"}]
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_export


def main() -> None:
    run_export()


if __name__ == "__main__":
    main()
