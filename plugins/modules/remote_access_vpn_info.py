#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/remote_access_vpn.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_access_vpn_info
short_description: Read remote access VPNs, which let clients into an isolated network by WireGuard
description:
  - Returns remote access VPNs, which let clients into an isolated network by WireGuard, as they are stored; no
    host is asked.
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
    aliases:
      - public_ip
  name:
    description:
      - Only those whose name is this.
    type: str
  network:
    description:
      - Only those whose network is this.
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
  - module: cairn.cloud.remote_access_vpn
"""

EXAMPLES = r"""
- name: Read all VPNs
  cairn.cloud.remote_access_vpn_info:
  register: result

- name: Read that of a network
  cairn.cloud.remote_access_vpn_info:
    network: staff
"""

RETURN = r"""
remote_access_vpns:
  description: The remote access VPNs, which let clients into an isolated network by WireGuard, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_info


def main() -> None:
    run_info(REMOTE_ACCESS_VPN)


if __name__ == "__main__":
    main()
