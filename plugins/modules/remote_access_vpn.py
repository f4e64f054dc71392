#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/remote_access_vpn.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_access_vpn
short_description: Manage remote access VPNs, which let clients into an isolated network by WireGuard
description:
  - Creates, changes and removes remote access VPNs, which let clients into an isolated network by WireGuard.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  account:
    description:
      - Account that owns the resource, V(admin) when left out.
    type: str
  client_cidr:
    description:
      - Network of the clients' addresses. The router has the first one.
      - A new remote access vpn has V(10.1.2.0/24) by default.
      - It cannot change afterwards.
    type: str
  domain:
    description:
      - Domain that owns the resource, V(ROOT) when left out.
    type: str
  force:
    description:
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  id:
    description:
      - Id of the remote access vpn, instead of its name.
    type: str
  ip_address:
    description:
      - Public address that clients call.
      - Name or id of a C(ip_address).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
    aliases:
      - public_ip
  listen_port:
    description:
      - UDP port of the address.
      - A new remote access vpn has V(51820) by default.
      - A change reaches a running instance without a stop.
    type: int
  name:
    description:
      - Name of the VPN, its address by default; a network has one.
    type: str
  open_firewall:
    description:
      - Whether everybody is let in to the port, without a rule of M(cairn.cloud.firewall).
      - A new remote access vpn has V(true) by default.
      - A change reaches a running instance without a stop.
    type: bool
  project:
    description:
      - Project that the resource belongs to.
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
  zone:
    description:
      - Zone that the address is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - M(cairn.cloud.vpn_user) says which clients it lets in. They go with the VPN.
  - Clients reach the instances of the network, and nothing else; no instance calls a client.
  - Its private key is made by the cloud, and never shown.
  - A VPN that is removed and made again has another key, and so has one that was read back from hosts; clients
    need its new RV(public_key) then.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.remote_access_vpn_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Let clients into the network behind an address
  cairn.cloud.remote_access_vpn:
    ip_address: 203.0.113.20
    client_cidr: 10.1.5.0/24
  register: result

- name: Have them call another port, which only a partner may
  cairn.cloud.remote_access_vpn:
    ip_address: 203.0.113.20
    listen_port: 443
    open_firewall: false

- name: Let nobody in any more, and forget its users
  cairn.cloud.remote_access_vpn:
    ip_address: 203.0.113.20
    state: absent
"""

RETURN = r"""
id:
  description: Id of the remote access vpn.
  returned: when it has a value
  type: str
state:
  description: State of the remote access vpn.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the VPN, its address by default; a network has one.
  returned: when it has a value
  type: str
ip_address:
  description: Public address that clients call.
  returned: when it has a value
  type: str
zone:
  description: Zone that the address is in.
  returned: when it has a value
  type: str
listen_port:
  description: UDP port of the address.
  returned: when it has a value
  type: int
client_cidr:
  description: Network of the clients' addresses. The router has the first one.
  returned: when it has a value
  type: str
open_firewall:
  description: Whether everybody is let in to the port, without a rule of M(cairn.cloud.firewall).
  returned: when it has a value
  type: bool
network:
  description: Network of the address.
  returned: when it has a value
  type: str
public_key:
  description: Public key of the VPN, which clients know it by.
  returned: when it has a value
  type: str
endpoint:
  description: Address and port that clients call.
  returned: when it has a value
  type: str
allowed_networks:
  description: Networks that clients reach through the VPN.
  returned: when it has a value
  type: list
  elements: str
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.remote_access_vpn import REMOTE_ACCESS_VPN
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(REMOTE_ACCESS_VPN)


if __name__ == "__main__":
    main()
