#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/volume_snapshot_policy.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_snapshot_policy
short_description: Manage policies by which snapshots of volumes are taken regularly
description:
  - Creates, changes and removes policies by which snapshots of volumes are taken regularly.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  device_id:
    description:
      - Which volume of O(vm), V(0) being the root volume and the default.
    type: int
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  id:
    description:
      - Id of the volume snapshot policy, instead of its interval_type.
    type: str
  interval_type:
    description:
      - How often a snapshot is taken.
      - A new volume snapshot policy needs it.
    type: str
    choices:
      - hourly
      - daily
      - weekly
      - monthly
    aliases:
      - interval
  max_snaps:
    description:
      - How many of its snapshots are kept; older ones are removed.
      - A new volume snapshot policy has V(8) by default.
    type: int
    aliases:
      - max
  project:
    description:
      - Project that the resource belongs to.
    type: str
  schedule:
    description:
      - When a snapshot is taken, as V(MM) hourly, V(MM:HH) daily, V(MM:HH:D) weekly and V(MM:HH:DD) monthly.
      - A week begins with day V(1), the Sunday; days of a month are V(1) to V(28), which each one has.
      - A new volume snapshot policy needs it.
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
  time_zone:
    description:
      - Time zone of O(schedule), by its name in the IANA database, such as V(Europe/Vienna).
      - A new volume snapshot policy has V(UTC) by default.
    type: str
    aliases:
      - timezone
  vm:
    description:
      - Instance whose volume it is for, instead of O(volume).
      - Name or id of a C(instance).
    type: str
  volume:
    description:
      - Volume that it is for.
      - A new volume snapshot policy needs it.
      - Name or id of a C(volume).
      - It cannot change afterwards.
    type: str
notes:
  - A volume has at most one policy of each interval. Policies go with their volume.
  - Snapshots are taken by C(cairn snapshots), which the timer of role P(cairn.cloud.management#role) runs.
  - A new snapshot is complete before the oldest one goes, so that storage needs room for one more.
  - Of moments that were missed, the last one is made up for. Snapshots that other tasks took are never removed.
  - When a policy is removed, the snapshots that it made stay, as if others had taken them.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.volume_snapshot_policy_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Take a snapshot of a volume every night, and keep a week of them
  cairn.cloud.volume_snapshot_policy:
    volume: ROOT-db1
    interval_type: daily
    schedule: "30:2"
    time_zone: Europe/Vienna
    max_snaps: 7

- name: Keep two weeks of them
  cairn.cloud.volume_snapshot_policy:
    vm: db1
    interval_type: daily
    max_snaps: 14

- name: Take one on the first day of each month as well
  cairn.cloud.volume_snapshot_policy:
    vm: db1
    interval_type: monthly
    schedule: "0:4:1"

- name: Take no more of them
  cairn.cloud.volume_snapshot_policy:
    volume: ROOT-db1
    interval_type: "{{ item }}"
    state: absent
  loop: [daily, monthly]
"""

RETURN = r"""
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
  description: When a snapshot is taken, as V(MM) hourly, V(MM:HH) daily, V(MM:HH:D) weekly and V(MM:HH:DD) monthly.
  returned: when it has a value
  type: str
max_snaps:
  description: How many of its snapshots are kept; older ones are removed.
  returned: when it has a value
  type: int
time_zone:
  description: Time zone of O(schedule), by its name in the IANA database, such as V(Europe/Vienna).
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(VOLUME_SNAPSHOT_POLICY)


if __name__ == "__main__":
    main()
