# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A database with instances in it that no hypervisor runs, for tests of what only reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import open_store

CREATED = "2026-01-01T00:00:00Z"


def ident(name: str) -> str:
    """The id of the resource that a test calls so: always the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def instance(name: str, zone: str = "vie-1", **fields: Any) -> dict[str, Any]:
    """An instance as it is stored, by the least that is said about it; references by name."""
    return {"name": name, "zone": zone, "power": "Running", "tags": {}, "ip": True} | fields


def fill(path: Path, instances: Iterable[dict[str, Any]]) -> str:
    """Make a database at ``path`` with these instances and what they refer to. Returns its URL.

    Instances get the addresses 10.1.0.1 and so on, in their order, unless they say ``ip: False``.
    """
    url = f"sqlite:///{path}"
    store = open_store(url, kinds=KINDS, create=True, clock=lambda: CREATED)
    with store.transaction(commit=True) as tx:
        for zone in ("vie-1", "vie-2"):
            for resource in _surroundings(zone):
                tx.insert(resource)
        for number, written in enumerate(instances, 1):
            made = _resource("instance", written["name"], _spec(written), written["zone"], written.get("id"))
            tx.insert(made)
            address = f"10.1.{number // 256}.{number % 256}" if written["ip"] else None
            tx.add_nic(made.id, ident(f"network {written['zone']}"), 0, address)
    store.close()
    return url


def _spec(written: dict[str, Any]) -> dict[str, Any]:
    zone = written["zone"]
    own = {key: value for key, value in written.items() if key not in ("id", "ip", "zone")}
    referred = {kind: ident(f"{kind} {zone}") for kind in ("host", "template", "service_offering")}
    return own | referred | {"zone": ident(f"zone {zone}"), "networks": [ident(f"network {zone}")], "revision": 0}


def _surroundings(zone: str) -> Iterable[Resource]:
    within = {"zone": ident(f"zone {zone}")}
    yield _resource("zone", zone, {"network_type": "Advanced"}, "", ident(f"zone {zone}"))
    for kind, name, more in (
        ("host", f"node-{zone}", {"url": "qemu+tls://node/system"}),
        ("network", "inside", {"gateway": "10.1.0.0"}),
        ("template", "debian-12", {"login_user": "debian"}),
        ("service_offering", f"small-{zone}", {"cpu_number": 1, "memory": 512}),
    ):
        yield _resource(kind, name, within | more, zone, ident(f"{kind} {zone}"))


def _resource(kind: str, name: str, spec: dict[str, Any], scope: str, id: str | None) -> Resource:
    return Resource(
        id=id or ident(f"{kind} {scope} {name}"),
        kind=kind,
        name=name,
        spec={"name": name} | spec,
        scope=scope,
        created=CREATED,
    )
