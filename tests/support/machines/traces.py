# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a lab may leave on the machine that it ran on: processes, mounts, links, control groups."""

from __future__ import annotations

import os
import re
import subprocess
import typing as t
from pathlib import Path

PROC = Path("/proc")
NAMESPACES = ("mnt", "net", "pid", "uts", "ipc", "cgroup", "user")


def processes() -> list[int]:
    return [int(path.name) for path in PROC.iterdir() if path.name.isdigit()]


def namespaces_of(pid: int) -> set[str]:
    """The namespaces of a process, such as ``net:[4026532008]``; none where the process is gone."""
    found = set()
    for name in NAMESPACES:
        try:
            found.add(os.readlink(PROC / str(pid) / "ns" / name))
        except OSError:
            continue
    return found


def descendants(pid: int) -> set[int]:
    """A process and all that came of it."""
    children: dict[int, list[int]] = {}
    for one in processes():
        try:
            parent = re.search(r"^PPid:\s+(\d+)$", (PROC / str(one) / "status").read_text(), re.MULTILINE)
        except OSError:
            continue
        if parent:
            children.setdefault(int(parent[1]), []).append(one)
    found, ahead = set(), [pid]
    while ahead:
        one = ahead.pop()
        found.add(one)
        ahead.extend(children.get(one, []))
    return found


def own_namespaces(pid: int) -> set[str]:
    """The namespaces that a process and its descendants are in and we are not."""
    found: set[str] = set()
    for one in descendants(pid):
        found |= namespaces_of(one)
    return found - namespaces_of(os.getpid())


def inside(namespaces: t.Collection[str]) -> list[int]:
    """The processes that are in one of the namespaces."""
    wanted = set(namespaces)
    return [pid for pid in processes() if namespaces_of(pid) & wanted]


def cgroup_mounts() -> list[Path]:
    """The hierarchies in which systemd sorts processes: version 2, and version 1 where systemd has one of its own."""
    fields = [line.split() for line in (PROC / "self/mounts").read_text().splitlines()]
    wanted = [one for one in fields if one[2] == "cgroup2" or "name=systemd" in one[3].split(",")]
    return [Path(one[1]) for one in wanted]


def seen(directory: Path, links: t.Collection[str]) -> dict[str, list[str]]:
    """What this machine has now of what a lab might add to it, and of nothing else that goes on here.

    That is mounts that name the lab's directory, and links of its names.
    """
    mounts = (PROC / "self/mountinfo").read_text().splitlines()
    named = re.compile(rf"(?<![^\s=:,]){re.escape(str(directory))}(?![^/\s:,])")
    shown = subprocess.run(["ip", "-oneline", "link"], capture_output=True, text=True, check=True).stdout
    found = [re.split("[:@]", line.split()[1])[0] for line in shown.splitlines()]
    return {
        "mount": sorted(line.split()[4] for line in mounts if named.search(line)),
        "link": sorted(name for name in found if name in links),
    }


def left(
    before: t.Mapping[str, list[str]],
    now: t.Mapping[str, list[str]],
    namespaces: t.Collection[str],
    paths: t.Iterable[Path],
) -> list[str]:
    """What is there and was not before a lab, what is in its namespaces, and its paths that are there; a line each."""
    found = []
    for what, names in now.items():
        rest = list(names)
        for name in before.get(what, []):
            if name in rest:
                rest.remove(name)
        found += [f"{what} {name}" for name in rest]
    found += [f"process {pid}" for pid in inside(namespaces)]
    return found + [f"directory {path}" for path in paths if path.exists()]
