#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/router.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: router_info
short_description: Read virtual routers, which serve isolated networks
description:
  - Returns virtual routers, which serve isolated networks, as they are stored; no host is asked.
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
  host:
    description:
      - Only those whose host is this.
    type: str
  id:
    description:
      - Only the one with this id.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  network:
    description:
      - Only those whose network is this.
    type: str
  power:
    description:
      - Only those whose power is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.router
"""

EXAMPLES = r"""
- name: Read all virtual routers
  cairn.cloud.router_info:
  register: found

- name: Show where they run
  ansible.builtin.debug:
    msg: "{{ found.routers | items2dict(key_name='name', value_name='host') }}"

- name: Read the router of one network
  cairn.cloud.router_info:
    network: private
"""

RETURN = r"""
routers:
  description: The virtual routers, which serve isolated networks, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the router.
      returned: when it has a value
      type: str
    state:
      description: State of the router.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the router, C(r-) and the name of its network.
      returned: when it has a value
      type: str
    zone:
      description: Zone that it is in.
      returned: when it has a value
      type: str
    network:
      description: Network that it serves.
      returned: when it has a value
      type: str
    public_network:
      description: Network by which it reaches the outside.
      returned: when it has a value
      type: str
    service_offering:
      description: Size, where its network offering says one.
      returned: when it has a value
      type: str
    template:
      description: Routing template that it runs.
      returned: when it has a value
      type: str
    host:
      description: Host that it runs on, that of the first instance by default.
      returned: when it has a value
      type: str
    last_host:
      description: Host that it is on its way from, until that is rid of it.
      returned: when it has a value
      type: str
    last_storage:
      description: Primary storage that had the copy of its template there.
      returned: when it has a value
      type: str
    storage:
      description: Storage that has the copy of its template.
      returned: when it has a value
      type: str
    power:
      description: V(Running) or V(Stopped).
      returned: when it has a value
      type: str
    role:
      description: V(VIRTUAL_ROUTER).
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.router import ROUTER
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(ROUTER)


if __name__ == "__main__":
    main()
