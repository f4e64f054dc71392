#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/volume_snapshot_policy.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_snapshot_policy_info
short_description: Read policies by which snapshots of volumes are taken regularly
description:
  - Returns policies by which snapshots of volumes are taken regularly, as they are stored; no host is asked.
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
  interval_type:
    description:
      - Only those whose interval_type is this.
    type: str
    aliases:
      - interval
  project:
    description:
      - Only those whose project is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  volume:
    description:
      - Only those whose volume is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.volume_snapshot_policy
"""

EXAMPLES = r"""
- name: Read all policies
  cairn.cloud.volume_snapshot_policy_info:

- name: Read the policies of one volume
  cairn.cloud.volume_snapshot_policy_info:
    volume: ROOT-db1
  register: found

- name: Show when each took its last snapshot
  ansible.builtin.debug:
    msg: "{{ found.volume_snapshot_policies | map(attribute='last', default='not yet') }}"
"""

RETURN = r"""
volume_snapshot_policies:
  description: The policies by which snapshots of volumes are taken regularly, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the volume snapshot policy.
      returned: when it has a value
      type: str
    state:
      description: State of the volume snapshot policy.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    interval_type:
      description: How often a snapshot is taken.
      returned: when it has a value
      type: str
    volume:
      description: Volume that it is for.
      returned: when it has a value
      type: str
    schedule:
      description: When a snapshot is taken, as V(MM) hourly, V(MM:HH) daily, V(MM:HH:D) weekly and V(MM:HH:DD)
        monthly.
      returned: when it has a value
      type: str
    max_snaps:
      description: How many of its snapshots are kept; older ones are removed.
      returned: when it has a value
      type: int
    time_zone:
      description: Time zone of O(cairn.cloud.volume_snapshot_policy#module:schedule), by its name in the IANA database,
        such as V(Europe/Vienna).
      returned: when it has a value
      type: str
    zone:
      description: Zone of the volume.
      returned: when it has a value
      type: str
    last:
      description: When its last snapshot was taken, in UTC.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.volume_snapshot_policy import VOLUME_SNAPSHOT_POLICY
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(VOLUME_SNAPSHOT_POLICY)


if __name__ == "__main__":
    main()
