#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/router.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: router
short_description: Manage virtual routers, which serve isolated networks
description:
  - Creates, changes and removes virtual routers, which serve isolated networks.
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
  force:
    description:
      - Whether the router is made anew on O(host) though the one that it is on does not answer; what is there is
        left behind.
    type: bool
    default: false
  host:
    description:
      - Host that it runs on, that of the first instance by default.
      - Another one moves it there, live while it runs. Only where its network can be on several hosts.
      - Name or id of a C(host).
      - V('') takes it away.
      - A change reaches a running instance without a stop.
    type: str
  id:
    description:
      - Id of the router, instead of its name.
    type: str
  name:
    description:
      - Name of the router, C(r-) and the name of its network.
      - A new router needs it.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(started) - the router runs.
      - V(stopped) - the router does not run; its network has no DHCP, DNS and outside.
      - V(restarted) - the router is restarted now, each time.
      - V(recreated) - the router is made anew from the newest routing template now, each time.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - started
      - stopped
      - restarted
      - recreated
      - absent
  zone:
    description:
      - Zone that it is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - A router is made by the cloud with the first instance of an isolated network, and goes with the network.
  - 'It keeps nothing: when it was killed, an apply starts it again with all that it is to do.'
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.router_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Start the router of a network that was without it
  cairn.cloud.router:
    name: r-private
    state: started

- name: Stop it, which leaves the instances of the network to themselves
  cairn.cloud.router:
    name: r-private
    state: stopped
"""

RETURN = r"""
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(ROUTER)


if __name__ == "__main__":
    main()
