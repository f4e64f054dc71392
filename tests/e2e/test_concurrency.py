# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Many processes on one database, and processes that die: nothing doubled, nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from support.small_cloud import SmallCloud

PROCESSES = 20
MOMENTS = 10


def start(cloud: SmallCloud, arguments: list[str]) -> subprocess.Popen[str]:
    """A run in a process group of its own, so that it can be killed whole."""
    return cloud.host.popen(
        arguments,
        env=cloud.ansible.environment(),
        cwd=cloud.directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def playbook(cloud: SmallCloud, name: str, tasks: list[dict[str, Any]]) -> list[str]:
    path = cloud.directory / name
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return [str(Path(sys.executable).with_name("ansible-playbook")), str(path)]


def audit(cloud: SmallCloud, expected: set[str]) -> None:
    """Each instance has one domain, one root volume, one address and MAC of its own, and there is nothing else."""
    found = cloud.instances()
    assert set(found) == expected
    ids = {item["id"] for item in found.values()}
    assert {cloud.virsh("domuuid", domain) for domain in cloud.domains()} == ids
    addresses = [item["default_ip"] for item in found.values()]
    macs = [item["nic"][0]["mac_address"] for item in found.values()]
    assert len(set(addresses)) == len(set(macs)) == len(expected)
    network = next((n for n in cloud.virsh("net-list", "--all", "--name").split() if n.startswith("lan-")), None)
    text = cloud.virsh("net-dumpxml", network) if network else ""
    leases = re.findall(r"<host mac='([^']+)'[^>]* ip='([^']+)'", text)

    assert sorted(leases) == sorted(zip(macs, addresses, strict=True))
    volumes = {item["id"] for item in cloud.answer("volume_info")["volumes"]}
    files = {path.name for path in (cloud.host.storage / "primary").glob("volume-*.qcow2")}
    assert files == {f"volume-{ident}.qcow2" for ident in volumes}
    seeds = {path.name[5:41] for path in (cloud.host.storage / "primary").glob("seed-*.iso")}
    assert seeds == ids


def _deployed(cloud: SmallCloud, name: str) -> dict[str, Any]:
    options = {"api_url": cloud.api_url, "name": name, "state": "deployed", "ssh_keys": ["me"]}
    return {"cairn.cloud.instance": options}


def test_twenty_processes_create_instances_at_once(cloud: SmallCloud) -> None:
    cloud.apply(cloud.documents)
    names = [f"vm{number}" for number in range(PROCESSES)]
    runs = [start(cloud, playbook(cloud, f"{name}.json", [_deployed(cloud, name)])) for name in names]
    outputs = [run.communicate(timeout=300)[0] for run in runs]
    assert [run.returncode for run in runs] == [0] * PROCESSES, "\n".join(outputs)
    audit(cloud, set(names))


def test_killed_at_ten_moments(cloud: SmallCloud) -> None:
    documents = [*cloud.documents, *(cloud.instance(f"vm{n}", state="deployed") for n in range(4))]
    path = str(cloud.write(documents))
    command = playbook(cloud, "apply.json", [{"cairn.cloud.apply": {"src": path, "api_url": cloud.api_url}}])
    began = time.monotonic()
    cloud.apply(documents)
    whole = time.monotonic() - began
    for moment in range(MOMENTS):
        cloud.apply([], prune=True)
        run = start(cloud, command)
        # From the engine's first work to the end of the run; before that Ansible itself starts.
        time.sleep(1.0 + (whole - 1.0) * moment / MOMENTS)
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate(timeout=60)
        cloud.write(documents)
        cloud.apply(documents)
        assert cloud.apply(documents).changed == 0
        audit(cloud, {f"vm{n}" for n in range(4)})
