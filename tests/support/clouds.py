# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Small random clouds, and edits of them that are allowed."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import document as doc

NETWORKS = ("red", "blue", "wire")
SECURITY = ("front", "inside")


@dc.dataclass(frozen=True)
class Instance:
    offering: str = "small"
    networks: tuple[str, ...] = ()
    title: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    state: str = "started"
    root: int = 2
    group: str | None = None
    security: tuple[str, ...] = ()
    host: int | None = None

    def document(self, name: str) -> Document:
        fields: dict[str, t.Any] = {
            "service_offering": self.offering,
            "networks": list(self.networks),
            "tags": dict(self.tags),
            "state": self.state,
            "root_disk_size": self.root,
            "display_name": self.title,
            "affinity_groups": [self.group] if self.group else None,
            "security_groups": list(self.security),
            "host": f"h{self.host}" if self.host else None,
            "force": True,
        }
        return doc("instance", name, zone="z1", **fields)


@dc.dataclass(frozen=True)
class Wish:
    """``volumes`` is volume to its size and instance; ``dns`` is the zone's name server.

    ``rules`` are security group, direction and what is on the other side: a security group or a network.
    """

    zones: int = 1
    hosts: int = 1
    dns: str | None = None
    networks: tuple[str, ...] = ()
    instances: t.Mapping[str, Instance] = dc.field(default_factory=dict)
    volumes: t.Mapping[str, tuple[int, str | None]] = dc.field(default_factory=dict)
    rules: t.Collection[tuple[str, str, str]] = ()

    def documents(self) -> list[Document]:
        z1 = {"zone": "z1"}
        documents = [doc("zone", f"z{number}", dns1=self.dns) for number in range(1, self.zones + 1)]
        documents += [doc("pod", "p1", **z1), doc("cluster", "c1", memory_overcommit_ratio=4, **z1)]
        documents += [doc("host", f"h{n}", url=f"test:///h{n}", **z1) for n in range(1, self.hosts + 1)]
        documents += [
            doc("primary_storage", "ps", storage_url="file:///primary", **z1),
            doc("secondary_storage", "ss", url="file:///secondary", **z1),
            doc("service_offering", "small", cpu_number=1, memory=256),
            doc("service_offering", "large", cpu_number=2, memory=512),
            doc("network_offering", "shared"),
            doc("network_offering", "l2", guest_ip_type="L2"),
            doc("template", "tiny", url="file:///images/tiny.qcow2", **z1),
            doc("affinity_group", "near", affinity_type="non-strict host affinity"),
            doc("affinity_group", "far", affinity_type="non-strict host anti-affinity"),
            *(doc("security_group", name) for name in SECURITY),
        ]
        for group, direction, side in self.rules:
            where = {"user_security_group": side} if side in SECURITY else {"cidr": side}
            documents.append(doc("security_group_rule", security_group=group, type=direction, port=80, **where))
        for number, name in enumerate(NETWORKS):
            if name in self.networks:
                how = {"network_offering": "l2"} if name == "wire" else {"cidr": f"10.{number}.0.0/24"}
                documents.append(doc("network", name, **{"network_offering": "shared"} | how, **z1))
        documents += [one.document(name) for name, one in self.instances.items()]
        for name, (size, vm) in self.volumes.items():
            documents.append(doc("volume", name, size=size, state="attached" if vm else "detached", vm=vm, **z1))
        return documents


def _instances(draw: st.DrawFn, networks: tuple[str, ...], hosts: int) -> dict[str, Instance]:
    one = st.builds(
        Instance,
        offering=st.sampled_from(("small", "large")),
        networks=st.lists(st.sampled_from(networks), unique=True).map(tuple) if networks else st.just(()),
        title=st.sampled_from((None, "One")),
        tags=st.sampled_from(((), (("a", "1"),))),
        state=st.sampled_from(("started", "stopped", "destroyed")),
        root=st.integers(2, 3),
        group=st.sampled_from((None, "near", "far")),
        security=st.lists(st.sampled_from(SECURITY), unique=True).map(tuple),
        host=st.sampled_from((None, *range(1, hosts + 1))),
    )
    return draw(st.dictionaries(st.sampled_from(("a", "b", "c")), one, max_size=3))


@st.composite
def clouds(draw: st.DrawFn) -> Wish:
    networks = tuple(draw(st.lists(st.sampled_from(NETWORKS), unique=True)))
    hosts = draw(st.integers(1, 2))
    instances = _instances(draw, networks, hosts)
    users = st.sampled_from([None, *sorted(instances)])
    volumes = draw(st.dictionaries(st.sampled_from(("x", "y")), st.tuples(st.integers(1, 2), users), max_size=2))
    dns = draw(st.sampled_from((None, "192.0.2.1")))
    sides = st.sampled_from((*SECURITY, "192.0.2.0/24"))
    rule = st.tuples(st.sampled_from(SECURITY), st.sampled_from(("ingress", "egress")), sides)
    rules = draw(st.lists(rule, unique=True, max_size=3))
    return Wish(draw(st.integers(1, 2)), hosts, dns, networks, instances, volumes, rules)


def _may_move(name: str, was: Instance, now: Instance, old: Wish, new: Wish) -> bool:
    """What is destroyed stays where it is, and so does what gets or loses volumes meanwhile; and a guest that runs on
    other networks."""
    if was.state == "started" and was.networks != now.networks:
        return False
    before, after = ({one for one, (_size, vm) in wish.volumes.items() if vm == name} for wish in (old, new))
    return "destroyed" not in (was.state, now.state) and before == after


@st.composite
def edits(draw: st.DrawFn, old: Wish) -> Wish:
    """Another cloud that the old one may become: what cannot change does not, and nothing shrinks."""
    new = draw(clouds())
    instances = {}
    for name, one in new.instances.items():
        was = old.instances.get(name)
        kept = {"group": was.group, "root": max(was.root, one.root), "title": one.title or was.title} if was else {}
        moves = was is None or _may_move(name, was, one, old, new)
        instances[name] = dc.replace(one, host=one.host if moves else None, **kept)  # type: ignore[arg-type]
    volumes = {}
    for name, (size, vm) in new.volumes.items():
        was_size, was_vm = old.volumes.get(name, (0, None))
        # A volume that has a place is on its instance's host, and can only be attached there.
        volumes[name] = (max(size, was_size), vm if was_vm is None or vm == was_vm else None)
    return dc.replace(new, hosts=max(old.hosts, new.hosts), instances=instances, volumes=volumes)
