#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/vpn_user.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: vpn_user
short_description: Manage VPN users, clients of remote access VPNs
description:
  - Creates, changes and removes VPN users, clients of remote access VPNs.
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
      - Whether it is removed though a host does not answer; what is there is left behind.
    type: bool
    default: false
  id:
    description:
      - Id of the vpn user, instead of its name.
    type: str
  ip_address:
    description:
      - Address of the client within the C(client_cidr) of the VPN, a free one by default.
      - It cannot change afterwards.
    type: str
  name:
    description:
      - Name of the client.
      - A new vpn user needs it.
    type: str
    aliases:
      - username
  project:
    description:
      - Project that the resource belongs to.
    type: str
  public_key:
    description:
      - Public key of the client, as C(wg pubkey) prints it; a new user needs it.
      - With another one, the key before is let in no more.
      - A change reaches a running instance without a stop.
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
  vpn:
    description:
      - VPN that lets it in, by its name, which is its public address by default.
      - Name or id of a C(remote_access_vpn).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
  zone:
    description:
      - Zone that the VPN is in.
      - Name or id of a C(zone).
      - What there is only one of is the default.
      - It cannot change afterwards.
    type: str
notes:
  - One that is removed is let in no more as soon as the task ends, its open connections included.
  - What it returns is what the client's configuration needs, but for the private key, which only the client has.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.vpn_user_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Let a client in, and learn what its configuration needs
  cairn.cloud.vpn_user:
    name: peter
    vpn: 203.0.113.22
    public_key: HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=
  register: result

- name: Let another one in by an address of its own
  cairn.cloud.vpn_user:
    name: maria
    vpn: 203.0.113.22
    public_key: TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=
    ip_address: 10.1.2.50

- name: Take another key of it, and the one before no more
  cairn.cloud.vpn_user:
    name: peter
    vpn: 203.0.113.22
    public_key: fE/wdxzl0klVp/IR8UcaoGUMjqaWi3jAd7KzHKFS6Ds=

- name: Let them in no more
  cairn.cloud.vpn_user:
    name: "{{ item }}"
    vpn: 203.0.113.22
    state: absent
  loop: [peter, maria]
"""

RETURN = r"""
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
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(VPN_USER)


if __name__ == "__main__":
    main()
