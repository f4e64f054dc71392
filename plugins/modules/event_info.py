#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: event_info
short_description: Read what was changed, when and by whom
description:
  - Returns events, the latest first. Each change of a resource is one, as is each thing on a host that was mended or failed.
  - Events are stored with the change that they tell of, and never changed or removed.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  kind:
    description:
      - Only events of resources of this kind.
    type: str
  name:
    description:
      - Only events of resources of this name.
    type: str
  resource_id:
    description:
      - Only events of the resource with this id.
    type: str
  action:
    description:
      - Only events that tell of this.
    type: str
    choices: [create, update, remove, mend, fail]
  user:
    description:
      - Only events of this user.
    type: str
  since:
    description:
      - Only events at or after this time, ISO 8601 in UTC such as V(2026-01-31T12:00:00Z); a beginning of it will do.
    type: str
  until:
    description:
      - Only events at or before this time, written likewise.
    type: str
  limit:
    description:
      - How many events to return at most.
    type: int
    default: 100
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Read the latest changes
  cairn.cloud.event_info:
    limit: 20
  register: latest

- name: Read what became of an instance
  cairn.cloud.event_info:
    kind: instance
    name: db1
  register: found

- name: Show who did it
  ansible.builtin.debug:
    msg: "{{ found.events | map(attribute='user') | unique }}"

- name: Read what failed this year
  cairn.cloud.event_info:
    action: fail
    since: "2026"
"""

RETURN = r"""
events:
  description: The events, the latest first.
  returned: success
  type: list
  elements: dict
  contains:
    number:
      description: Number of the event; later ones have higher numbers.
      returned: always
      type: int
    created:
      description: When it was, in UTC.
      returned: always
      type: str
    user:
      description: Who ran what led to it.
      returned: always
      type: str
    action:
      description: What was done.
      returned: always
      type: str
    kind:
      description: Kind of the resource.
      returned: always
      type: str
    name:
      description: Name of the resource.
      returned: always
      type: str
    resource_id:
      description: Id of the resource.
      returned: always
      type: str
    before:
      description: The fields that changed, as they were; secrets are hidden.
      returned: always
      type: dict
    after:
      description: The fields that changed, as they are since; secrets are hidden.
      returned: always
      type: dict
    message:
      description: What went wrong.
      returned: always
      type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_event_info


def main() -> None:
    run_event_info()


if __name__ == "__main__":
    main()
