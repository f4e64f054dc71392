# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What clouds of a thousand and of ten thousand instances cost, on simulated hosts, in one run on one machine.

Compared with what peers take, and with the floor: bare libvirt calls, a static inventory.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.collection import make_dev_tree
from support.playbook import Ansible

RUN = Path(__file__).with_name("scale_run.py")
SMALL, LARGE = (1000, 50), (10_000, 500)
TASKS = 20
PATIENCE = 300.0  # seconds that a peer gets

Table = list[tuple[str, str]]


def measure(what: str, *arguments: object) -> dict[str, float]:
    path = os.pathsep.join((str(make_dev_tree()), str(RUN.parents[1])))
    command = [sys.executable, str(RUN), what, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": path})
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def show(figures: dict[str, float]) -> str:
    return f"{figures['seconds']:.2f} s, {figures['MiB']:.0f} MiB"


@pytest.fixture(scope="module")
def place_of(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scale")


@pytest.fixture(scope="module")
def costs(place_of: Path, table: Table) -> dict[tuple[int, int], dict[str, dict[str, float]]]:
    """Creation, nothing to do, and the floor of creation, by size."""
    found = {}
    for size in (SMALL, LARGE):
        directory = place_of / str(size[0])
        directory.mkdir()
        image = directory / "image.qcow2"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image), "100M"], check=True)
        created, floor, again = measure("apply", directory, *size), measure("floor", directory), None
        again = measure("apply", directory, *size)
        assert (created["create"], again["none"]) == (again["none"], created["create"])
        found[size] = {"created": created, "floor": floor, "again": again}
        name = f"{size[0]:,} instances on {size[1]} simulated hosts"
        table.append((f"{name}: created", show(created)))
        table.append(("of which looking at hosts and carrying out", f"{created['hosts']:.2f} s"))
        table.append(("of which documents, database and report", f"{created['seconds'] - created['hosts']:.2f} s"))
        table.append((f"{name}: the same objects by bare libvirt calls", show(floor)))
        table.append(("ratio of creation to bare calls", f"{created['seconds'] / floor['seconds']:.1f}"))
        table.append((f"{name}: nothing to do", show(again)))
    return found


def test_growth(costs: dict[tuple[int, int], dict[str, dict[str, float]]], table: Table) -> None:
    for what, name in (("created", "creation"), ("again", "nothing to do")):
        growth = costs[LARGE][what]["seconds"] / costs[SMALL][what]["seconds"]
        table.append((f"growth of {name} from 1,000 to 10,000", f"{growth:.1f} times"))


def test_against_a_task_for_each_machine(
    costs: dict[tuple[int, int], dict[str, dict[str, float]]], peer: Path, tmp_path: Path, table: Table
) -> None:
    """The peer has no task for many machines: some tasks are measured, and the figure for 1,000 is extrapolated."""
    ansible = Ansible(tmp_path)
    ansible.collections = os.pathsep.join((ansible.collections, str(peer)))
    noop = {"ansible.builtin.meta": "noop"}
    theirs = {"community.libvirt.virt": {"uri": "test:///default", "name": "test", "state": "running"}}
    floor, all_of_them = timed(ansible, [noop]), timed(ansible, [theirs] * TASKS)
    thousand = (all_of_them - floor) / TASKS * SMALL[0]
    table.append((f"community.libvirt.virt, 1,000 tasks (extrapolated from {TASKS})", f"{thousand:.0f} s"))
    table.append(("ratio to an apply of 1,000 instances", f"{thousand / costs[SMALL]['again']['seconds']:.0f}"))


def timed(ansible: Ansible, tasks: list[dict[str, object]]) -> float:
    began = time.monotonic()
    ansible.play(tasks, timeout=600)
    return time.monotonic() - began


@pytest.mark.usefixtures("costs")
def test_inventory(place_of: Path, tmp_path: Path, table: Table) -> None:
    ansible = Ansible(tmp_path)
    ours, static = tmp_path / "ours.cairn.yml", tmp_path / "static.json"
    url = f"sqlite:///{place_of}/{SMALL[0]}/cairn.db"
    ours.write_text(json.dumps({"plugin": "cairn.cloud.instances", "api_url": url}))
    began = time.monotonic()
    listed = ansible.run("ansible-inventory", "--inventory", str(ours), "--list").json()
    our = time.monotonic() - began
    hosts = listed["_meta"]["hostvars"]
    assert len(hosts) == SMALL[0]
    static.write_text(json.dumps({"all": {"hosts": hosts}}))
    began = time.monotonic()
    assert ansible.run("ansible-inventory", "--inventory", str(static), "--list").json()["_meta"]["hostvars"] == hosts
    floor = time.monotonic() - began
    table.append((f"inventory of {SMALL[0]:,} instances", f"{our:.2f} s"))
    table.append(("a static file of the same hosts", f"{floor:.2f} s"))
    table.append(("ratio to the static file", f"{our / floor:.2f}"))


@pytest.mark.skipif(shutil.which("hspace") is None, reason="needs Debian's ganeti-htools")
@pytest.mark.parametrize("hosts", [5, 80])
def test_placement(hosts: int, table: Table) -> None:
    """Hosts of 32 cores and 128 GB are filled with machines of 2 vCPU, 4 GB and 10 GB of disk."""
    ours = measure("place", hosts)
    table.append((f"placement on {hosts} hosts", f"{ours['placed']:.0f} placed in {ours['seconds'] * 1000:.0f} ms"))
    simulated = f"--simulate=preferred,{hosts},4096G,128G,32"
    command = ["hspace", simulated, "--disk-template=plain", "--standard-alloc=10240,4096,2", "--machine-readable"]
    began = time.monotonic()
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        table.append((f"hspace on {hosts} hosts", f"given up after {PATIENCE:.0f} s"))
        table.append(("ratio (hspace / ours)", f"more than {PATIENCE / ours['seconds']:.0f}"))
        return
    seconds = time.monotonic() - began
    placed = re.search(r"HTS_ALLOC_INSTANCES=(\d+)", done.stdout)
    assert placed is not None
    table.append((f"hspace on {hosts} hosts", f"{placed[1]} placed in {seconds:.1f} s"))
    table.append(("ratio (hspace / ours)", f"{seconds / ours['seconds']:.0f}"))
