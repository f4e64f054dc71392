# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What it costs to find that there is nothing to do: ours against community.libvirt's, in one run on one machine."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from support.small_cloud import SmallCloud

TASKS = 20
ROUNDS = 3

Tasks = list[dict[str, Any]]


def seconds(cloud: SmallCloud, tasks: Tasks) -> float:
    """The best of some rounds of a playbook of these tasks; none of them changes anything."""
    best = float("inf")
    for _turn in range(ROUNDS):
        began = time.monotonic()
        assert cloud.ansible.play(tasks, timeout=300).changed == 0
        best = min(best, time.monotonic() - began)
    return best


def each(cloud: SmallCloud, task: dict[str, Any]) -> float:
    """Seconds that one more such task takes: what is paid once for a playbook, imports among it, is in the first."""
    return (seconds(cloud, [task] * (TASKS + 1)) - seconds(cloud, [task])) / TASKS


def test_a_task_that_has_nothing_to_do(
    cloud: SmallCloud, peer: Path, table: list[tuple[str, str]], monkeypatch: Any
) -> None:
    documents = [*cloud.documents, cloud.instance("vm1")]
    cloud.apply(documents)
    domain = cloud.domain_of("vm1")
    monkeypatch.setattr(cloud.ansible, "collections", os.pathsep.join((cloud.ansible.collections, str(peer))))
    nothing = {"ansible.builtin.debug": {"msg": "nothing"}}
    ours = {"cairn.cloud.instance": {"api_url": cloud.api_url, "name": "vm1"}}
    theirs = {"community.libvirt.virt": {"name": domain, "state": "running"}}

    our, their, least = (each(cloud, task) for task in (ours, theirs, nothing))
    once = seconds(cloud, [ours]) - seconds(cloud, [nothing]) - our
    table.append(("ansible.builtin.debug, per task", f"{least * 1000:.0f} ms"))
    table.append(("instance, nothing to do, per task", f"{our * 1000:.0f} ms"))
    table.append(("instance, nothing to do, once a playbook", f"{once * 1000:.0f} ms"))
    table.append(("community.libvirt.virt state running, nothing to do, per task", f"{their * 1000:.0f} ms"))
    table.append(("ratio (theirs / ours)", f"{their / our:.1f}"))


def test_an_apply_that_has_nothing_to_do(cloud: SmallCloud, table: list[tuple[str, str]]) -> None:
    documents = [*cloud.documents, cloud.instance("vm1", disk_size=1)]
    cloud.apply(documents)
    task = {"cairn.cloud.apply": {"api_url": cloud.api_url, "src": str(cloud.write(documents))}}
    floor = seconds(cloud, [{"ansible.builtin.meta": "noop"}])
    whole = seconds(cloud, [task])
    table.append((f"apply of {len(documents)} documents, nothing to do", f"{(whole - floor) * 1000:.0f} ms"))
    table.append(("the same, with the start of ansible-playbook", f"{whole:.2f} s"))
