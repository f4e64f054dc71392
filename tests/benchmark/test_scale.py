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
import subprocess
from pathlib import Path

import pytest
import yaml

from support.growth import plot
from support.playbook import Ansible

from .measured import Figures, Table, ansible, play, scale, show

SIZES = ((1000, 50), (2500, 125), (5000, 250), (10_000, 500))
SMALL, LARGE = SIZES[0], SIZES[-1]
TASKS = 20

Costs = dict[tuple[int, int], dict[str, Figures]]


@pytest.fixture(scope="module")
def place_of(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scale")


def directory_for(parent: Path, name: object) -> Path:
    """A directory with an image, for a cloud of its own."""
    directory = parent / str(name)
    directory.mkdir()
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(directory / "image.qcow2"), "100M"], check=True)
    return directory


@pytest.fixture(scope="module")
def costs(place_of: Path, table: Table) -> Costs:
    """Creation, nothing to do, and the floor of creation, by size."""
    found: Costs = {}
    for size in SIZES:
        directory = directory_for(place_of, size[0])
        created, floor = scale("apply", directory, *size), scale("floor", directory)
        again = scale("apply", directory, *size)
        assert (created["create"], again["none"]) == (again["none"], created["create"])
        found[size] = {"created": created, "floor": floor, "again": again}
        name = f"{size[0]:,} instances on {size[1]} simulated hosts"
        table.append((f"{name}: created", show(created)))
        table.append(("of which looking at hosts and carrying out", f"{created['hosts']:.2f} CPU s"))
        table.append(("of which documents, database and report", f"{created['cpu'] - created['hosts']:.2f} CPU s"))
        table.append((f"{name}: the same objects by bare libvirt calls", show(floor)))
        table.append(("ratio of creation to bare calls", f"{created['cpu'] / floor['cpu']:.1f}"))
        table.append((f"{name}: nothing to do", show(again)))
    return found


def test_growth(costs: Costs, table: Table, plots: Path) -> None:
    lines = {}
    for what, name in (("created", "creation"), ("again", "nothing to do"), ("floor", "bare libvirt calls")):
        growth = costs[LARGE][what]["cpu"] / costs[SMALL][what]["cpu"]
        table.append((f"growth of {name} from 1,000 to 10,000", f"{growth:.1f} times"))
        lines[name] = [(size[0], costs[size][what]["cpu"]) for size in SIZES]
    (plots / "growth.svg").write_text(plot(lines, "instances", "CPU seconds"))


def test_where_the_time_of_creation_goes(place_of: Path, table: Table) -> None:
    shares = scale("profile", directory_for(place_of, "profile"), *SMALL)
    for part, share in shares.items():
        if part != "MiB":
            table.append((f"creation of {SMALL[0]:,} instances, under a profiler: {part}", f"{share:.0f} %"))


def test_against_a_task_for_each_machine(
    costs: Costs, place_of: Path, peer: Path, tmp_path: Path, table: Table
) -> None:
    """The peer has no task for many machines: some tasks are measured, and the figure for 1,000 is extrapolated.

    Ours is one task, with reading 1,000 documents of YAML. The start of ansible-playbook is taken off both.
    """
    of = Ansible(tmp_path)
    of.collections = os.pathsep.join((of.collections, str(peer)))
    noop = {"ansible.builtin.meta": "noop"}
    theirs = {"community.libvirt.virt": {"uri": "test:///default", "name": "test", "state": "running"}}
    floor, some = play(of, [noop]), play(of, [theirs] * TASKS)
    thousand = (some.cpu - floor.cpu) / TASKS * SMALL[0]
    table.append((f"community.libvirt.virt, 1,000 tasks (extrapolated from {TASKS})", f"{thousand:.0f} CPU s"))
    table.append((f"the {TASKS} tasks, with the start of ansible-playbook", str(some)))
    assert costs[SMALL]["again"]["none"]
    our = play(of, [_apply(place_of / str(SMALL[0]), tmp_path)])
    assert re.search(r"changed=0 .*failed=0", our.output)
    table.append((f"one apply of {SMALL[0]:,} instances, with the start of ansible-playbook", str(our)))
    table.append(("the start of ansible-playbook", str(floor)))
    table.append(("ratio of 1,000 tasks to one apply", f"{thousand / (our.cpu - floor.cpu):.0f}"))


def _apply(directory: Path, settings: Path) -> dict[str, object]:
    """The task that applies a cloud as it is."""
    documents = directory / "cloud.yml"
    documents.write_text(yaml.safe_dump_all(scale("documents", directory, *SMALL)["documents"]))
    (settings / "cairn.yml").write_text(f"state_dir: {directory}/state\n")
    return {"cairn.cloud.apply": {"api_url": f"sqlite:///{directory}/cairn.db", "src": str(documents)}}


@pytest.mark.usefixtures("costs")
def test_inventory(place_of: Path, peer: Path, tmp_path: Path, table: Table) -> None:
    of = Ansible(tmp_path)
    of.collections = os.pathsep.join((of.collections, str(peer)))
    ours, static = tmp_path / "ours.cairn.yml", tmp_path / "static.yml"
    url = f"sqlite:///{place_of}/{SMALL[0]}/cairn.db"
    ours.write_text(json.dumps({"plugin": "cairn.cloud.instances", "api_url": url}))
    our = ansible(of, "ansible-inventory", "--inventory", ours, "--list")
    hosts = json.loads(our.output)["_meta"]["hostvars"]
    assert len(hosts) == SMALL[0]
    static.write_text(json.dumps({"all": {"hosts": hosts}}))
    floor = ansible(of, "ansible-inventory", "--inventory", static, "--list")
    assert json.loads(floor.output)["_meta"]["hostvars"] == hosts
    table.append((f"inventory of {SMALL[0]:,} instances", str(our)))
    table.append(("a static file of the same hosts", str(floor)))
    table.append(("ratio to the static file", f"{our.cpu / floor.cpu:.2f}"))
    theirs = []
    for number, file in enumerate(sorted((place_of / str(SMALL[0]) / "hosts").glob("*.xml"))):
        source = tmp_path / f"{number}.libvirt.yml"
        source.write_text(json.dumps({"plugin": "community.libvirt.libvirt", "uri": f"test://{file}"}))
        theirs += ["--inventory", source]
    their = ansible(of, "ansible-inventory", *theirs, "--list")
    assert len(json.loads(their.output)["_meta"]["hostvars"]) == SMALL[0]
    table.append((f"community.libvirt.libvirt, the same on {SMALL[1]} simulated hosts", str(their)))
    table.append(("ratio (theirs / ours)", f"{their.cpu / our.cpu:.1f}"))
