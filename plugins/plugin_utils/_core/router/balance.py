# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Load balancing of a router, by HAProxy.

When it reads its file again, the process that knew the old one goes on with the flows that it has and takes no others.

https://docs.haproxy.org/2.6/configuration.html
"""

from __future__ import annotations

import ipaddress

from .model import Balancer, Router
from .names import DIRECTORY

# How many older processes may still have flows; the oldest one has to end when there are more.
_OLDER = 10
# Without rules, too, there is something that it listens to: it would not read such a file again otherwise.
_HEAD = f"""\
global
  user nobody
  group nogroup
  chroot /var/empty
  nbthread 1
  mworker-max-reloads {_OLDER}
  stats socket {DIRECTORY}/haproxy.sock mode 600
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout client-fin 30s
  timeout server-fin 30s
  option clitcpka
  option srvtcpka
  retries 3
  option redispatch 1
"""


def haproxy(router: Router) -> str:
    """The configuration file. Where it has no ``listen``, there is nothing to do."""
    found = sorted(router.balancers, key=lambda one: (ipaddress.IPv4Address(one.public), one.port))
    return _HEAD + "".join(map(_listen, found))


def _listen(one: Balancer) -> str:
    place = f"{one.public}:{one.port}"
    lines = [
        f"listen {place}",
        f"  bind {place}",
        f"  balance {one.algorithm}",
        # So that those who call keep their guest when another one comes or goes.
        *(["  hash-type consistent"] if one.algorithm == "source" else []),
        f"  default-server check inter {one.interval}s fall {one.fall} rise {one.rise}",
        *(f"  server {private} {private}:{one.private_port}" for private in sorted(one.private, key=_number)),
    ]
    return "".join(f"{line}\n" for line in lines)


def _number(address: str) -> int:
    return int(ipaddress.IPv4Address(address))
