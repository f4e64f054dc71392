#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: drift
short_description: Say where the world is not as the cloud is described
description:
  - Looks at everything of the cloud on all hosts and names each difference from what is stored, by resource and field.
  - Changes nothing; M(cairn.cloud.apply) puts it right.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Look for differences
  cairn.cloud.drift:
  register: found

- name: Fail when somebody changed something by hand
  ansible.builtin.assert:
    that: not found.drifted
    fail_msg: "{{ found.drift }}"
"""

RETURN = r"""
drifted:
  description: Whether anything differs.
  returned: success
  type: bool
drift:
  description: Each difference.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the resource.
      returned: always
      type: str
    name:
      description: Name of the resource.
      returned: always
      type: str
    id:
      description: Id of the resource.
      returned: always
      type: str
    field:
      description: What differs.
      returned: always
      type: str
    wanted:
      description: What is described.
      returned: always
      type: raw
    found:
      description: What was found.
      returned: always
      type: raw
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_drift


def main() -> None:
    run_drift()


if __name__ == "__main__":
    main()
