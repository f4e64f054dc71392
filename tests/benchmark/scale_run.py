# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One measurement in a process of its own, so that its peak memory is its own: figures as JSON on stdout.

scale_run.py apply DIRECTORY INSTANCES HOSTS     the whole cloud, as documents; made, or found as it is
scale_run.py profile DIRECTORY INSTANCES HOSTS   the same on one host at a time, and what of it is spent where
scale_run.py documents DIRECTORY INSTANCES HOSTS that cloud
scale_run.py floor DIRECTORY                     the same objects by libvirt-python alone, nothing stored
scale_run.py place HOSTS INSTANCES PLANNER       instances of 2 vCPU and 4 GB, as many as fit
"""

from __future__ import annotations

import collections
import contextlib
import cProfile
import dataclasses as dc
import json
import pstats
import resource
import statistics
import sys
import time
import typing as t
from pathlib import Path

import libvirt

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import validate
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.place import (
    DiskRequest,
    HostRoom,
    Request,
    Rooms,
    StorageRoom,
    place,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.simulated import NodeFile
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.converge import Converger
from ansible_collections.cairn.cloud.plugins.plugin_utils._settings import Settings
from ansible_collections.cairn.cloud.plugins.plugin_utils._wiring import open_cloud

GIB = 1 << 30
Figures = dict[str, t.Any]


def cloud_of(directory: Path, instances: int, hosts: int) -> list[dict[str, t.Any]]:
    """Documents of a cloud with nothing but what its instances need."""
    host = f"test://{directory}/hosts/h{{:04}}.xml?cpus=32&memory=131072"
    return [
        {"kind": "zone", "name": "z"},
        {"kind": "pod", "name": "p"},
        {"kind": "cluster", "name": "c"},
        *({"kind": "host", "name": f"h{n:04}", "url": host.format(n)} for n in range(hosts)),
        {"kind": "primary_storage", "name": "ps", "storage_url": f"file://{directory}/pool"},
        {"kind": "secondary_storage", "name": "ss", "url": f"file://{directory}/secondary"},
        {"kind": "service_offering", "name": "small", "cpu_number": 1, "memory": 1024},
        {"kind": "network_offering", "name": "shared"},
        {"kind": "network", "name": "n", "network_offering": "shared", "cidr": "10.0.0.0/16"},
        {"kind": "template", "name": "t", "url": f"file://{directory}/image.qcow2"},
        *(
            {"kind": "instance", "name": f"vm{n:05}", "service_offering": "small", "template": "t", "networks": ["n"]}
            for n in range(instances)
        ),
    ]


class Stopwatch:
    """Time, and processor time of all threads, since it was made; and processor time by what it was spent on."""

    def __init__(self) -> None:
        self.spent: Figures = {}
        self._began = time.perf_counter(), time.process_time()

    def watch(self, cls: type, method: str, what: str) -> None:
        original = getattr(cls, method)

        def timed(*args: t.Any, **kwargs: t.Any) -> t.Any:
            began = time.process_time()
            try:
                return original(*args, **kwargs)
            finally:
                self.spent[what] = self.spent.get(what, 0.0) + time.process_time() - began

        setattr(cls, method, timed)

    def figures(self) -> Figures:
        seconds, cpu = self._began
        return self.spent | {"seconds": time.perf_counter() - seconds, "cpu": time.process_time() - cpu}


def apply(directory: Path, instances: int, hosts: int) -> Figures:
    settings = Settings(api_url=f"sqlite:///{directory}/cairn.db", state_dir=str(directory / "state"))
    watch = Stopwatch()
    watch.watch(Converger, "run", "hosts")
    written = [dict(document) for document in cloud_of(directory, instances, hosts)]
    documents = [validate(KINDS[document.pop("kind")], document) for document in written]
    with open_cloud(settings, check=False) as cloud:
        result = cloud.apply(documents, whole=True)
    if result.errors:
        raise SystemExit(result.errors[0].sentence)
    counts = {action: float(count) for action, count in result.report.counts().items()}
    return counts | watch.figures()


PARTS = (
    ("libvirtmod", "libvirt itself"),
    ("/libvirt.py", "libvirt itself"),
    ("sqlite3", "SQLite itself"),
    ("/sqlalchemy/", "SQLAlchemy and Alembic"),
    ("/alembic/", "SQLAlchemy and Alembic"),
    ("/mako/", "SQLAlchemy and Alembic"),
    ("/xml/etree/", "building and reading XML"),
    ("xml.etree", "building and reading XML"),
    ("_elementtree", "building and reading XML"),
    ("/_drivers/libvirt/", "our libvirt driver"),
    ("/_drivers/", "our other drivers"),
    ("/_core/", "decisions: placement, shapes, plan"),
    ("/_services/", "services: documents, rules, report"),
    ("/module_utils/", "schema: validation, diff"),
)


def profile(directory: Path, instances: int, hosts: int) -> Figures:
    """Shares of the time by part, in percent; what Python's own functions take counts for who calls them."""
    profiler = cProfile.Profile()
    profiler.runcall(apply, directory, instances, hosts)
    spent: collections.Counter[str] = collections.Counter()
    for function, (_calls, _all, own, _cumulated, callers) in t.cast("t.Any", pstats.Stats(profiler)).stats.items():
        if _part(function) or not callers:
            spent[_part(function) or "the rest"] += own
        else:
            for caller, (_count, _total, its, _sum) in callers.items():
                spent[_part(caller) or "the rest"] += its
    whole = sum(spent.values())
    return {part: 100 * seconds / whole for part, seconds in spent.most_common()}


def _part(function: tuple[str, int, str]) -> str:
    name = f"{function[0]} {function[2]}"
    return next((part for pattern, part in PARTS if pattern in name), "")


def floor(directory: Path) -> Figures:
    """What a loop over libvirt's calls takes for the same objects on as many hosts."""
    hosts = [_objects(file) for file in sorted((directory / "hosts").glob("*.xml"))]
    watch = Stopwatch()
    for number, (networks, pools, domains) in enumerate(hosts):
        connection = NodeFile(f"test://{directory}/floor/{number}.xml?cpus=32&memory=131072").open()
        for xml in networks:
            connection.networkDefineXML(xml).create()
        for xml, volumes in pools:
            pool = connection.storagePoolDefineXML(xml)
            pool.create()
            for volume in volumes:
                pool.createXML(volume)
        for xml in domains:
            domain = connection.defineXML(xml)
            domain.setAutostart(1)
            domain.create()
    return watch.figures()


def _objects(file: Path) -> tuple[list[str], list[tuple[str, list[str]]], list[str]]:
    connection = libvirt.open(f"test://{file}")
    with contextlib.closing(connection):
        pools = [(p.XMLDesc(0), [v.XMLDesc(0) for v in p.listAllVolumes(0)]) for p in connection.listAllStoragePools(0)]
        networks = [network.XMLDesc(0) for network in connection.listAllNetworks(0)]
        return (
            networks,
            pools,
            [domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE) for domain in connection.listAllDomains(0)],
        )


def fill(hosts: int, instances: int, planner: str) -> Figures:
    """Instances on hosts of 32 cores and 128 GB, and how evenly: hosts in use, deviation of their memory."""
    storage = StorageRoom("s", "s", capacity=4096 * GIB, ratio=1.0)
    rooms = Rooms(HostRoom(f"h{n}", f"h{n}", 32, 131072, cpu_ratio=4.0, storages=(storage,)) for n in range(hosts))
    request, placed = Request(2, 4096, disks=(DiskRequest(10 * GIB),), planner=planner), 0
    watch = Stopwatch()
    while placed < instances and (host := place(request, rooms).host) is not None:
        room = rooms[host]
        (disk,) = room.storages
        disks = (dc.replace(disk, placed=disk.placed + 10 * GIB),)
        used = {"used_cpus": room.used_cpus + 2, "used_memory": room.used_memory + 4096}
        rooms.put(dc.replace(room, storages=disks, **used))
        placed += 1
    memory = [room.used_memory / 4096 for room in rooms.values()]
    spread = {"used": float(sum(map(bool, memory))), "most": max(memory), "deviation": statistics.pstdev(memory)}
    return {"placed": placed} | spread | watch.figures()


def main(what: str, *arguments: str) -> None:
    if what == "place":
        figures = fill(int(arguments[0]), int(arguments[1]), arguments[2])
    elif what == "documents":
        figures = {"documents": cloud_of(Path(arguments[0]), int(arguments[1]), int(arguments[2]))}
    elif what == "floor":
        figures = floor(Path(arguments[0]))
    else:
        run = profile if what == "profile" else apply
        figures = run(Path(arguments[0]), int(arguments[1]), int(arguments[2]))
    figures["MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
