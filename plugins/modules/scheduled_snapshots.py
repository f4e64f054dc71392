#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: scheduled_snapshots
short_description: Take the volume snapshots that are due
description:
  - Takes the snapshots that policies of M(cairn.cloud.volume_snapshot_policy) say are due by now, and removes those of
    the same policies that are too many once the new ones are there.
  - What cannot be done for one volume keeps no other from being done; the task fails at the end and names all of it.
  - While somebody else does the same there is nothing to do, which a warning says.
  - Role P(cairn.cloud.management#role) has a timer that does the same by C(cairn snapshots).
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.volume_snapshot_policy
  - module: cairn.cloud.volume_snapshot
"""

EXAMPLES = r"""
- name: Take the snapshots that are due
  cairn.cloud.scheduled_snapshots:

- name: Take them before a planned shutdown, and see which there were
  cairn.cloud.scheduled_snapshots:
    wait_timeout: 600
  register: snapshots
"""

RETURN = r"""
taken:
  description: Names of the volume snapshots that were taken.
  returned: success
  type: list
  elements: str
removed:
  description: Names of the volume snapshots that were removed.
  returned: success
  type: list
  elements: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_scheduled_snapshots


def main() -> None:
    run_scheduled_snapshots()


if __name__ == "__main__":
    main()
