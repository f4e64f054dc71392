#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/instance.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_info
short_description: Read instances, the virtual machines
description:
  - Returns instances, the virtual machines, as they are stored; no host is asked.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Only those whose account is this.
    type: str
  affinity_groups:
    description:
      - Only those whose affinity_groups is this.
    type: str
  disk_offering:
    description:
      - Only those whose disk_offering is this.
    type: str
  domain:
    description:
      - Only those whose domain is this.
    type: str
  group:
    description:
      - Only those whose group is this.
    type: str
  host:
    description:
      - Only those whose host is this.
    type: str
  id:
    description:
      - Only the one with this id.
    type: str
  iso:
    description:
      - Only those whose iso is this.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
  power:
    description:
      - Only those whose power is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  security_groups:
    description:
      - Only those whose security_groups is this.
    type: str
    aliases:
      - security_group
  service_offering:
    description:
      - Only those whose service_offering is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  tags:
    description:
      - Only those that have all of these tags, a mapping or a list.
    type: raw
  template:
    description:
      - Only those whose template is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.instance
"""

EXAMPLES = r"""
- name: Read all instances
  cairn.cloud.instance_info:
  register: found

- name: Show on which host each is
  ansible.builtin.debug:
    msg: "{{ found.instances | items2dict(key_name='name', value_name='host') }}"

- name: Read the instances that have a tag
  cairn.cloud.instance_info:
    tags:
      role: web

- name: Read the instances of a host
  cairn.cloud.instance_info:
    host: node1
"""

RETURN = r"""
instances:
  description: The instances, the virtual machines, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the instance.
      returned: when it has a value
      type: str
    state:
      description: State of the instance.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the instance, and host name of the guest.
      returned: when it has a value
      type: str
    display_name:
      description: Name for people, the name by default.
      returned: when it has a value
      type: str
    zone:
      description: Zone that it is in.
      returned: when it has a value
      type: str
    service_offering:
      description: Size of the instance.
      returned: when it has a value
      type: str
    cpu:
      description: Number of virtual CPUs, with a customized offering.
      returned: when it has a value
      type: int
    memory:
      description: Memory in MiB, with a customized offering.
      returned: when it has a value
      type: int
    max_cpu:
      description: Number of virtual CPUs up to which the instance gets another size while it runs.
      returned: when it has a value
      type: int
    max_memory:
      description: Memory in MiB up to which the instance gets another size while it runs.
      returned: when it has a value
      type: int
    template:
      description: Template that it starts from.
      returned: when it has a value
      type: str
    iso:
      description: ISO in its drive, from which it starts as long as its root volume does not.
      returned: when it has a value
      type: str
    networks:
      description: Networks that it is plugged into; the first one is the default network.
      returned: when it has a value
      type: list
      elements: str
    ip_address:
      description: Address on the default network, the next free one by default.
      returned: when it has a value
      type: str
    ip_to_networks:
      description: Fixed addresses on other networks than the default one.
      returned: when it has a value
      type: list
      elements: dict
    root_disk_size:
      description: Size of the root volume, the offering's or the template's by default; it can grow and never shrinks.
      returned: when it has a value
      type: int
    disk_offering:
      description: Offering of a data volume made with the instance, or of the root volume where it has no template.
      returned: when it has a value
      type: str
    disk_size:
      description: Size of a data volume made with the instance; it can grow and never shrinks.
      returned: when it has a value
      type: int
    ssh_keys:
      description: SSH keys that the guest lets in from its first start on.
      returned: when it has a value
      type: list
      elements: str
    user_data_name:
      description: Kept user data instead of O(cairn.cloud.instance#module:user_data).
      returned: when it has a value
      type: str
    affinity_groups:
      description: Affinity groups that decide on its host.
      returned: when it has a value
      type: list
      elements: str
    security_groups:
      description: Security groups that decide what it lets in and out, on all its networks; none lets everything
        pass.
      returned: when it has a value
      type: list
      elements: str
    host:
      description: Host to run on, chosen by placement by default.
      returned: when it has a value
      type: str
    group:
      description: Group that it is shown in, also by the inventory.
      returned: when it has a value
      type: str
    last_host:
      description: Host that it is on its way from, until that is rid of it.
      returned: when it has a value
      type: str
    power:
      description: V(Running), V(Stopped) or V(Destroyed).
      returned: when it has a value
      type: str
    revision:
      description: How often the root volume was made anew.
      returned: when it has a value
      type: int
    memory_from:
      description: Id of the instance snapshot whose memory the guest goes on from, once.
      returned: when it has a value
      type: str
    memory_number:
      description: How often it was reverted to memory.
      returned: when it has a value
      type: int
    password_number:
      description: How often the password was set.
      returned: when it has a value
      type: int
    default_ip:
      description: Address on the default network.
      returned: when it has a value
      type: str
    nic:
      description: 'Network cards: network, its type, address, MAC.'
      returned: when it has a value
      type: list
      elements: dict
    login_user:
      description: User to log in as.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(INSTANCE)


if __name__ == "__main__":
    main()
