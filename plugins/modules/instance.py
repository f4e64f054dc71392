#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/instance.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: instance
short_description: Manage instances, the virtual machines
description:
  - Creates, changes and removes instances, the virtual machines.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  affinity_groups:
    description:
      - Affinity groups that decide on its host.
      - Names or ids of C(affinity_group) resources.
      - It cannot change afterwards.
    type: list
    elements: str
  cpu:
    description:
      - Number of virtual CPUs, with a customized offering.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: int
  disk_offering:
    description:
      - Offering of a data volume made with the instance, or of the root volume where it has no template.
      - Name or id of a C(disk_offering).
      - It cannot change afterwards.
    type: str
  disk_size:
    description:
      - Size of a data volume made with the instance; it can grow and never shrinks.
      - In GiB.
      - A change reaches a running instance without a stop.
    type: int
  display_name:
    description:
      - Name for people, the name by default.
      - A change reaches a running instance without a stop.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  force:
    description:
      - Whether a change that needs a stop may stop the instance.
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  group:
    description:
      - Group that it is shown in, also by the inventory.
    type: str
  host:
    description:
      - Host to run on, chosen by placement by default.
      - 'Another one than it is on moves the instance there, with its volumes: live while it runs.'
      - From a host that does not answer only O(force=true) takes it, which says that the host is off. All its volumes
        have to be on storage that both hosts share. It is started anew there.
      - Name or id of a C(host).
      - V('') takes it away.
      - A change reaches a running instance without a stop.
    type: str
  id:
    description:
      - Id of the instance, instead of its name.
    type: str
  ip_address:
    description:
      - Address on the default network, the next free one by default.
      - V('') takes it away.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: str
  ip_to_networks:
    description:
      - Fixed addresses on other networks than the default one.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: list
    elements: dict
    suboptions:
      network:
        description:
          - Network of the address, also named in O(networks).
        type: str
        required: true
      ip:
        description:
          - Address on that network.
        type: str
        required: true
  iso:
    description:
      - ISO in its drive, from which it starts as long as its root volume does not.
      - Without O(template), O(root_disk_size) or O(disk_offering) says how large the root volume is.
      - Name or id of a C(iso).
      - V('') takes it away.
      - A change reaches a running instance without a stop.
    type: str
  max_cpu:
    description:
      - Number of virtual CPUs up to which the instance gets another size while it runs.
      - The guest sees them as CPUs that can be plugged in.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: int
  max_memory:
    description:
      - Memory in MiB up to which the instance gets another size while it runs.
      - The guest starts with all of it and gives back, by its balloon driver, what it is not to have.
      - In MiB.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: int
  memory:
    description:
      - Memory in MiB, with a customized offering.
      - In MiB.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: int
  name:
    description:
      - Name of the instance, and host name of the guest.
      - A new instance needs it.
    type: str
  networks:
    description:
      - Networks that it is plugged into; the first one is the default network.
      - Names or ids of C(network) resources.
      - What there is only one of is the default.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: list
    elements: str
  password:
    description:
      - Password of the template's O(cairn.cloud.template#module:login_user), told to the guest by its agent.
      - A change reaches a running instance without a stop.
    type: str
  project:
    description:
      - Project that the resource belongs to.
    type: str
  root_disk_size:
    description:
      - Size of the root volume, the offering's or the template's by default; it can grow and never shrinks.
      - In GiB.
      - A change reaches a running instance without a stop.
    type: int
  security_groups:
    description:
      - Security groups that decide what it lets in and out, on all its networks; none lets everything pass.
      - A change holds at once, also for connections that are open.
      - Names or ids of C(security_group) resources.
      - A change reaches a running instance without a stop.
    type: list
    elements: str
    aliases:
      - security_group
  service_offering:
    description:
      - Size of the instance.
      - Name or id of a C(service_offering).
      - What there is only one of is the default.
      - A change needs a stop, and waits for O(force=true) while the instance runs.
    type: str
  ssh_keys:
    description:
      - SSH keys that the guest lets in from its first start on.
      - A change is told to the running guest by its agent; keys that others put there stay.
      - Names or ids of C(ssh_key) resources.
      - A change reaches a running instance without a stop.
    type: list
    elements: str
    aliases:
      - ssh_key
  state:
    description:
      - What is to be.
      - V(present) - the resource exists and is as described.
      - V(deployed) - the instance exists; a new one is not started.
      - V(started) - the instance exists and runs.
      - V(stopped) - the instance exists and does not run.
      - V(restarted) - the instance is restarted now, each time.
      - V(restored) - the root volume is made anew from the template now, each time; what was on it is lost.
      - V(destroyed) - the instance is gone from its host; volumes and addresses are kept, V(present) brings it
        back.
      - V(expunged) - the instance, its root volume and addresses are gone for good.
      - V(absent) - the resource does not exist.
    type: str
    default: present
    choices:
      - present
      - deployed
      - started
      - stopped
      - restarted
      - restored
      - destroyed
      - expunged
      - absent
  tags:
    description:
      - Tags as a mapping, or as a list of dictionaries with V(key) and V(value).
      - V([]) removes all tags.
    type: raw
  template:
    description:
      - Template that it starts from.
      - An instance that is made with O(iso) alone has none, and an empty root volume.
      - Name or id of a C(template).
      - What there is only one of is the default, unless O(iso) is given.
      - It cannot change afterwards.
    type: str
  user_data:
    description:
      - Text for cloud-init, C(#cloud-config) or a script, at most 64 KiB.
      - It cannot change afterwards.
    type: str
  user_data_name:
    description:
      - Kept user data instead of O(user_data).
      - Name or id of a C(user_data).
      - It cannot change afterwards.
    type: str
  zone:
    description:
      - Zone that it is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - A change of size up to O(max_cpu) and O(max_memory) is made while the instance runs, and needs no O(force).
  - V(present) leaves an instance that was stopped by a task as it is, and starts one that stopped by itself.
  - A change that needs a stop is held back with a warning while the instance runs, unless O(force=true).
  - Volumes of their own that are attached to an instance are detached and kept when it is removed.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.instance_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have an instance
  cairn.cloud.instance:
    name: web1
    service_offering: small
    template: debian-12
    networks: [lan]
    ssh_keys: [admin]
    affinity_groups: [web servers]
    tags:
      role: web

- name: Have an instance with a fixed address, a data volume and user data, and do not start it yet
  cairn.cloud.instance:
    name: mail
    service_offering: small
    template: debian-12
    networks: [lan, dmz]
    ip_to_networks:
      - network: dmz
        ip: 10.1.2.25
    disk_offering: any size
    disk_size: 1
    user_data: |
      #cloud-config
      packages: [postfix]
    state: deployed

- name: Have an instance that names its own size, on a host of one's choice
  cairn.cloud.instance:
    name: build
    service_offering: own size
    cpu: 2
    memory: 192
    template: debian-12
    networks: [lan]
    host: node1
    state: deployed

- name: Start an instance
  cairn.cloud.instance:
    name: mail
    state: started

- name: Grow the root volume while the guest runs
  cairn.cloud.instance:
    name: web1
    root_disk_size: 2

- name: Put an instance into a security group while it runs
  cairn.cloud.instance:
    name: web1
    security_groups: [web]

- name: Give an instance another size, and restart it for that
  cairn.cloud.instance:
    name: web1
    service_offering: medium
    force: true

- name: Restart an instance
  cairn.cloud.instance:
    name: web1
    state: restarted

- name: Stop an instance
  cairn.cloud.instance:
    name: mail
    state: stopped

- name: Make the root volume anew from the template
  cairn.cloud.instance:
    name: web1
    state: restored

- name: Take an instance from its host, and keep its volumes and addresses
  cairn.cloud.instance:
    name: mail
    state: destroyed

- name: Bring it back
  cairn.cloud.instance:
    name: mail
    state: started

- name: Remove instances for good
  cairn.cloud.instance:
    name: "{{ item }}"
    state: expunged
  loop: [web1, mail, build]
"""

RETURN = r"""
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
  description: Kept user data instead of O(user_data).
  returned: when it has a value
  type: str
affinity_groups:
  description: Affinity groups that decide on its host.
  returned: when it has a value
  type: list
  elements: str
security_groups:
  description: Security groups that decide what it lets in and out, on all its networks; none lets everything pass.
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(INSTANCE)


if __name__ == "__main__":
    main()
