# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Placement against Ganeti's: 2,480 machines of 2 vCPU, 4 GB and 10 GB of disk on 80 hosts of 32 cores and 128 GB.

Four virtual CPUs a core, for both. hspace also fills the cluster with its largest machines first ("tiered"), whatever
it is asked; a run that can place nothing else is taken off. It is told to keep no spare host, since ours keeps none.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
from pathlib import Path
from typing import Any

import pytest

from .measured import Measured, Table, run, scale, show

HOSTS, MACHINES = 80, 2480
MEMORY, CORES, DISK = 131072, 32, 4194304
ALLOCATION = (10240, 4096, 2)  # disk and memory in MiB, virtual CPUs

HAIL = "/usr/lib/ganeti/iallocators/hail"

needs_htools = pytest.mark.skipif(shutil.which("hspace") is None, reason="needs Debian's ganeti-htools")


def hspace(memory: int, directory: Path) -> tuple[Measured, Path]:
    disk, _memory, cpus = ALLOCATION
    saved = directory / f"cluster-{memory}"
    options = ["--disk-template=plain", "--max-cpu=4", "--no-capacity-checks", "--machine-readable"]
    simulated = f"--simulate=preferred,{HOSTS},{DISK},{MEMORY},{CORES}"
    alloc = f"--standard-alloc={disk},{memory},{cpus}"
    return run(["hspace", simulated, alloc, *options, f"--max-length={MACHINES}", f"--save={saved}"]), saved


def evenness(counts: list[float]) -> str:
    used = sum(map(bool, counts))
    return f"{used} hosts in use, at most {max(counts):.0f} a host, deviation {statistics.pstdev(counts):.1f}"


@needs_htools
def test_placement(tmp_path: Path, table: Table) -> None:
    ours = {planner: scale("place", HOSTS, MACHINES, planner) for planner in ("spread", "pack")}
    for planner, one in ours.items():
        assert one["placed"] == MACHINES
        packed = f"{one['used']:.0f} hosts in use, at most {one['most']:.0f} a host, deviation {one['deviation']:.1f}"
        table.append((f"placement of {MACHINES:,} on {HOSTS} hosts, {planner}", f"{show(one)}; {packed}"))
    whole, saved = hspace(ALLOCATION[1], tmp_path)
    tiered, _saved = hspace(2 * MEMORY, tmp_path)
    placed = re.search(r"HTS_ALLOC_INSTANCES=(\d+)", whole.output)
    assert placed is not None
    cpu = whole.cpu - tiered.cpu
    packed = evenness(_machines(saved.with_name(f"{saved.name}.standard").read_text()))
    table.append((f"hspace, {placed[1]} placed", f"{cpu:.2f} CPU s, {whole.mib:.0f} MiB; {packed}"))
    table.append(("ratio (hspace / ours, spread)", f"{cpu / ours['spread']['cpu']:.0f}"))


def _machines(saved: str) -> list[float]:
    """How many machines each node has, by a file of hspace's: groups, nodes, instances, a part each."""
    _groups, nodes, instances, *_rest = saved.split("\n\n")
    homes = [line.split("|")[6] for line in instances.splitlines() if line]
    return [float(homes.count(line.split("|")[0])) for line in nodes.splitlines() if line]


@needs_htools
def test_one_decision(tmp_path: Path, table: Table) -> None:
    """hail decides on one machine a run: its start, its reading of the cluster and the decision, on empty hosts."""
    request = tmp_path / "request.json"
    request.write_text(json.dumps(_request()))
    done = run([HAIL, request])
    assert json.loads(done.output)["success"]
    table.append((f"hail, one machine on {HOSTS} empty hosts", str(done)))
    our = scale("place", HOSTS, MACHINES, "spread")
    table.append(("ours, one decision within a run", f"{our['cpu'] / MACHINES * 1e6:.0f} CPU microseconds"))


def _request() -> dict[str, Any]:
    """Of the form that hail's manual page and Ganeti's iallocator protocol describe."""
    disk, memory, cpus = ALLOCATION
    policy = {
        "std": _spec(memory, cpus, disk),
        "minmax": [{"min": _spec(128, 1, 1024), "max": _spec(MEMORY, CORES, DISK)}],
        "disk-templates": ["plain"],
        "vcpu-ratio": 4.0,
        "spindle-ratio": 32.0,
    }
    group = {"name": "default", "alloc_policy": "preferred", "ipolicy": policy, "networks": [], "tags": []}
    return {
        "version": 2,
        "cluster_name": "cluster",
        "cluster_tags": [],
        "enabled_hypervisors": ["kvm"],
        "ipolicy": policy,
        "nodegroups": {"g": group},
        "nodes": {f"n{number}": _node() for number in range(HOSTS)},
        "instances": {},
        "request": {
            "type": "allocate",
            "name": "new",
            "memory": memory,
            "vcpus": cpus,
            "spindle_use": 1,
            "disks": [{"size": disk, "mode": "w", "spindles": 1}],
            "disk_space_total": disk,
            "disk_template": "plain",
            "required_nodes": 1,
            "tags": [],
            "nics": [],
            "os": "none",
            "hypervisor": "kvm",
        },
    }


def _spec(memory: int, cpus: int, disk: int) -> dict[str, int]:
    return {
        "memory-size": memory,
        "cpu-count": cpus,
        "disk-size": disk,
        "disk-count": 1,
        "nic-count": 1,
        "spindle-use": 1,
    }


def _node() -> dict[str, Any]:
    return {
        "group": "g",
        "offline": False,
        "drained": False,
        "master_candidate": True,
        "master_capable": True,
        "vm_capable": True,
        "total_memory": MEMORY,
        "reserved_memory": 0,
        "free_memory": MEMORY,
        "total_disk": DISK,
        "free_disk": DISK,
        "total_spindles": 1,
        "free_spindles": 1,
        "total_cpus": CORES,
        "reserved_cpus": 0,
        "i_pri_memory": 0,
        "i_pri_up_memory": 0,
        "primary_ip": "192.0.2.1",
        "secondary_ip": "192.0.2.1",
        "tags": [],
        "ndparams": {"spindle_count": 1, "exclusive_storage": False, "oob_program": None, "cpu_speed": 1.0},
    }
