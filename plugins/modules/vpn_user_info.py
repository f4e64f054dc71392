#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/vpn_user.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_user_info
short_description: Read VPN users, clients of remote access VPNs
description:
  - Returns VPN users, clients of remote access VPNs, as they are stored; no host is asked.
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
  ip_address:
    description:
      - Only those whose ip_address is this.
    type: str
  name:
    description:
      - Only those whose name is this.
    type: str
    aliases:
      - username
  network:
    description:
      - Only those whose network is this.
    type: str
  project:
    description:
      - Only those whose project is this.
    type: str
  public_ip:
    description:
      - Only those whose public_ip is this.
    type: str
  state:
    description:
      - Only those in this state, which is the one that they are returned with.
    type: str
  vpn:
    description:
      - Only those whose vpn is this.
    type: str
  zone:
    description:
      - Only those whose zone is this.
    type: str
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.info_attributes
seealso:
  - module: cairn.cloud.vpn_user
"""

EXAMPLES = r"""
- name: Read all users
  cairn.cloud.vpn_user_info:
  register: result

- name: Read one of them
  cairn.cloud.vpn_user_info:
    name: anna
  register: anna

- name: Show what its configuration is to be, in which the client puts its private key
  ansible.builtin.debug:
    msg: |
      [Interface]
      PrivateKey =
      Address = {{ anna.vpn_users[0].ip_address }}/32
      [Peer]
      PublicKey = {{ anna.vpn_users[0].server_public_key }}
      Endpoint = {{ anna.vpn_users[0].endpoint }}
      AllowedIPs = {{ anna.vpn_users[0].allowed_networks | join(', ') }}
"""

RETURN = r"""
vpn_users:
  description: The VPN users, clients of remote access VPNs, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the vpn user.
      returned: when it has a value
      type: str
    state:
      description: State of the vpn user.
      returned: when it has a value
      type: str
    created:
      description: When it was made, in UTC.
      returned: when it has a value
      type: str
    name:
      description: Name of the client.
      returned: when it has a value
      type: str
    vpn:
      description: VPN that lets it in, by its name, which is its public address by default.
      returned: when it has a value
      type: str
    zone:
      description: Zone that the VPN is in.
      returned: when it has a value
      type: str
    public_key:
      description: Public key of the client, as C(wg pubkey) prints it; a new user needs it.
      returned: when it has a value
      type: str
    ip_address:
      description: Address of the client within the C(client_cidr) of the VPN, a free one by default.
      returned: when it has a value
      type: str
    network:
      description: Network that it is let in to.
      returned: when it has a value
      type: str
    public_ip:
      description: Public address of the VPN.
      returned: when it has a value
      type: str
    server_public_key:
      description: Public key of the VPN.
      returned: when it has a value
      type: str
    endpoint:
      description: Address and port that the client calls.
      returned: when it has a value
      type: str
    allowed_networks:
      description: Networks that the client reaches through the VPN.
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

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.vpn_user import VPN_USER
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(VPN_USER)


if __name__ == "__main__":
    main()
