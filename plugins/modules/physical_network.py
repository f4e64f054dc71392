#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/physical_network.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: physical_network
short_description: Manage physical networks, the cabling of a zone
description:
  - Creates, changes and removes physical networks, the cabling of a zone.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Id of the physical network, instead of its name.
    type: str
  isolation_method:
    description:
      - How L2 and isolated networks on it are kept apart between hosts.
      - With V(VXLAN) each has a segment of its own that connects its instances on all hosts.
      - Hosts that role P(cairn.cloud.node#role) prepared find each other by multicast, in one network.
      - By default L2 networks share the bridge of the guest traffic, or have one on each host, and an isolated
        network is on the host of its router alone.
      - It cannot change afterwards.
    type: str
    choices:
      - VXLAN
  name:
    description:
      - Name of the physical network.
      - A new physical network needs it.
    type: str
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(enabled) - it exists and takes new instances.
      - V(disabled) - it exists and takes no new instances.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - enabled
      - disabled
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
  zone:
    description:
      - Zone that it is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.physical_network_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have a physical network
  cairn.cloud.physical_network:
    name: campus
    zone: vie-1
    tags:
      vendor: acme

- name: Have one whose L2 networks connect instances on all hosts
  cairn.cloud.physical_network:
    name: overlay
    zone: vie-1
    isolation_method: VXLAN

- name: Say that no new networks are to use it
  cairn.cloud.physical_network:
    name: campus
    zone: vie-1
    state: disabled

- name: Remove all tags
  cairn.cloud.physical_network:
    name: campus
    zone: vie-1
    tags: []

- name: Remove the physical networks
  cairn.cloud.physical_network:
    name: "{{ item }}"
    zone: vie-1
    state: absent
  loop: [campus, overlay]
"""

RETURN = r"""
id:
  description: Id of the physical network.
  returned: when it has a value
  type: str
state:
  description: State of the physical network.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the physical network.
  returned: when it has a value
  type: str
zone:
  description: Zone that it is in.
  returned: when it has a value
  type: str
isolation_method:
  description: How L2 and isolated networks on it are kept apart between hosts.
  returned: when it has a value
  type: str
allocation_state:
  description: Whether new instances are placed here.
  returned: when it has a value
  type: str
tags:
  description: Tags as a list of dictionaries with key and value.
  returned: when it has a value
  type: list
  elements: dict
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.physical_network import PHYSICAL_NETWORK
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(PHYSICAL_NETWORK)


if __name__ == "__main__":
    main()
