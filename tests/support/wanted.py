# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A small desired state in memory, as convergence functions see it."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import wanted
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.desired import Desired
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.lifecycle import initial
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import HostWanted
from support.wishes import uid

MAC = "06:00:00:00:00:01"


def made(kind: str, name: str, /, *, status: dict[str, t.Any] | None = None, **spec: t.Any) -> Resource:
    """A resource with its kind's defaults; its id follows from its kind and name."""
    whole = initial(KINDS[kind]) | {KINDS[kind].identity: name} | spec
    return Resource(ident(kind, name), kind, name, whole, status or {})


def ident(kind: str, name: str) -> str:
    return uid(f"{kind} {name}")


Z1, H1, PS = ident("zone", "z1"), ident("host", "h1"), ident("primary_storage", "ps")
NET, WEB, ROOT = ident("network", "net"), ident("instance", "web"), ident("volume", "ROOT-web")
TINY, KEY = ident("template", "tiny"), ident("ssh_key", "key")


def small() -> dict[str, Resource]:
    """One instance on one host, with its root volume, a data volume, a network and all that it refers to."""
    found = [
        made("zone", "z1", dns1="192.0.2.53", network_domain="example.org"),
        made("host", "h1", zone=Z1, cluster="c1", url="test:///h1", status={"runs": "kvm"}),
        made("primary_storage", "ps", zone=Z1, storage_url="file:///primary/"),
        made("secondary_storage", "ss", zone=Z1, url="file:///secondary"),
        made("service_offering", "small", cpu_number=2, memory=512),
        made("network_offering", "shared"),
        made(
            "network",
            "net",
            zone=Z1,
            network_offering=ident("network_offering", "shared"),
            cidr="10.0.0.0/24",
            status={"hosts": [H1]},
        ),
        made("template", "tiny", zone=Z1, secondary=ident("secondary_storage", "ss"), status={"hosts": [H1]}),
        made("ssh_key", "key", status={"public_key": "ssh-ed25519 AAAA"}),
        made(
            "instance",
            "web",
            zone=Z1,
            host=H1,
            service_offering=ident("service_offering", "small"),
            template=TINY,
            networks=[NET],
            ssh_keys=[KEY],
        ),
        dc.replace(
            made("volume", "ROOT-web", zone=Z1, vm=WEB, type="ROOT", template=TINY, storage=PS, host=H1, device_id=0),
            parent=WEB,
        ),
        made("volume", "data", zone=Z1, vm=WEB, size=3, storage=PS, host=H1, device_id=1),
    ]
    return {one.id: one for one in found}


NICS = {WEB: (Nic(WEB, NET, 0, MAC, "10.0.0.2"),)}


def desired(
    focus: t.Iterable[str] | None = None, *changed: Resource, nics: t.Mapping[str, t.Any] = NICS, **how: t.Any
) -> Desired:
    """The small state with resources changed or added; everything is in focus by default."""
    resources = small() | {one.id: one for one in changed}
    return Desired(resources, nics, frozenset(resources if focus is None else focus), **how)


def changed(ident_: str, /, *, removing: bool = False, **spec: t.Any) -> Resource:
    """A resource of the small state, with another spec."""
    return dc.replace(small()[ident_].with_spec(**spec), removing=removing)


def on_host(state: Desired) -> HostWanted:
    return wanted(state)[H1]
