# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a router lets pass and what it translates, as one transaction of nft.

```
 from outside ─▶ ingress (before translation: by public address) ─▶ destination ─▶ forward ─▶ guest
 from a guest ─▶ destination (its own public addresses) ─▶ forward ─▶ egress ─▶ source ─▶ outside
 from a client of the VPN ─▶ forward ─▶ guest
```

The table is replaced as a whole. Flows that are open are the kernel's and not in it: they go on, translated as they
were when they began.

https://www.netfilter.org/projects/nftables/manpage.html
"""

from __future__ import annotations

import typing as t

from .cards import GUEST, PUBLIC, VPN
from .model import Forward, Pass, Router

_TABLE = "inet router"
_KNOWN = ("ct state established,related accept", "ct state invalid drop")


def ruleset(router: Router) -> str:
    """The file for ``nft -f``."""
    chains = [_input(router), _forward(router)]
    if router.source:
        chains += [_ingress(router), _destination(router), _source(router)]
    # What is named is there, so that it can be deleted.
    return "\n".join([f"table {_TABLE}", f"delete table {_TABLE}", f"table {_TABLE} {{", *chains, "}", ""])


def _chain(name: str, hook: str, rules: t.Iterable[str]) -> str:
    lines = [f"  chain {name} {{", f"    type {hook}", *(f"    {rule}" for rule in rules), "  }"]
    return "\n".join(lines)


def _input(router: Router) -> str:
    """To the router itself. What comes from outside has passed ``ingress``."""
    rules = [
        *_KNOWN,
        'iifname "lo" accept',
        "icmp type echo-request accept",
        f'iifname "{GUEST}" udp dport {{ 53, 67 }} accept',
        f'iifname "{GUEST}" tcp dport 53 accept',
        *(f"ip daddr {public} tcp dport {port} accept" for public, port in _balanced(router)),
    ]
    if router.vpn:
        rules.append(f"ip daddr {router.vpn.public} udp dport {router.vpn.port} accept")
    return _chain("input", "filter hook input priority filter; policy drop;", rules)


def _balanced(router: Router) -> list[tuple[str, int]]:
    """What the router answers itself, and leads on by a connection of its own."""
    return sorted((one.public, one.port) for one in router.balancers)


def _forward(router: Router) -> str:
    rules = [*_KNOWN]
    if router.source:
        # What was translated was called by a public address, and has passed ingress where it came from outside.
        rules.append(f'oifname "{GUEST}" ct status dnat accept')
        way = f'iifname "{GUEST}" oifname "{PUBLIC}"'
        verdict = "drop" if router.denies else "accept"
        rules += [f"{way} {_about(one)} {verdict}" for one in sorted(router.egress)]
        rules += [f"{way} ip saddr {router.network} accept"] if router.denies else []
    if router.vpn:
        # Guests answer, and call no client.
        way = f'iifname "{VPN}" oifname "{GUEST}"'
        rules.append(f"{way} ip saddr {router.vpn.network} ip daddr {router.network} accept")
    return _chain("forward", "filter hook forward priority filter; policy drop;", rules)


def _ingress(router: Router) -> str:
    rules = [f'iifname != "{PUBLIC}" accept', *_KNOWN]
    rules += [f"{_about(one)} accept" for one in sorted(router.ingress)]
    # Before the translation of destinations, and after the kernel knows which flow it is.
    return _chain("ingress", "filter hook prerouting priority mangle; policy accept;", [*rules, "drop"])


def _destination(router: Router) -> str:
    rules = [_led(one) for one in sorted(router.forwards)]
    rules += [f"ip daddr {one.public} dnat ip to {one.private}" for one in sorted(router.static_nats)]
    return _chain("destination", "nat hook prerouting priority dstnat; policy accept;", rules)


def _led(one: Forward) -> str:
    rule = f"ip daddr {one.public} {one.protocol} dport {_ports(one.first, one.last)} dnat ip to {one.private}"
    if one.private_first == one.first:
        return rule
    if one.first == one.last:
        return f"{rule}:{one.private_first}"
    shifted = ", ".join(
        f"{port} : {one.private} . {one.private_first + port - one.first}" for port in range(one.first, one.last + 1)
    )
    return f"ip daddr {one.public} dnat ip addr . port to {one.protocol} dport map {{ {shifted} }}"


def _source(router: Router) -> str:
    out = f'oifname "{PUBLIC}"'
    rules = [f"{out} ip saddr {one.private} snat ip to {one.public}" for one in sorted(router.static_nats)]
    rules.append(f"{out} ip saddr {router.network} snat ip to {router.source}")
    # A guest that calls a neighbour by a public address gets the answer by the way that it asked.
    rules.append(f'oifname "{GUEST}" ip saddr {router.network} ct status dnat snat ip to {router.gateway}')
    return _chain("source", "nat hook postrouting priority srcnat; policy accept;", rules)


def _about(one: Pass) -> str:
    """What a rule looks at."""
    words = [f"ip daddr {one.public} ip saddr {one.peer}" if one.public else f"ip saddr {one.peer}"]
    if one.protocol == "icmp":
        words.append("ip protocol icmp" if one.first < 0 else f"icmp type {one.first}")
        words += [f"icmp code {one.last}"] if one.first >= 0 and one.last >= 0 else []
    elif one.protocol != "all":
        words.append(
            f"meta l4proto {one.protocol}" if one.first < 0 else f"{one.protocol} dport {_ports(one.first, one.last)}"
        )
    return " ".join(words)


def _ports(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
