#!/usr/bin/env python3
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Find out what libvirt would like to do on this machine but may not.

On a machine of its own libvirt puts guests into cgroups and mount namespaces, and remembers who owned their disks in
extended attributes. In a container it may not be allowed to, and would refuse to start guests. Each is tried here in a
way that leaves nothing behind; the settings for qemu.conf that avoid what failed go to standard output as JSON.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

# What QEMU's driver does for a guest's own /dev: a mount namespace, a file system in it, and device nodes there, for
# which it enters the namespace again. Entering leads to the root of the machine, and so astray from within a chroot.
OWN_DEV = """
    mount -t tmpfs none /mnt && mknod /mnt/null c 1 3 && : > /mnt/null &&
    nsenter --mount=/proc/self/ns/mnt test -c /mnt/null
"""
REMOVE_TRIES = 20


def cgroup_mounts() -> list[tuple[Path, str]]:
    """Every mounted hierarchy, with its mount options."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    return [(Path(fields[1]), fields[3]) for fields in mounts if fields[2] in {"cgroup", "cgroup2"}]


def join_from_child(group: Path) -> bool:
    """Whether a process may be put into the group; the process is a child, which ends at once."""
    child = os.fork()
    if child == 0:
        try:
            (group / "cgroup.procs").write_text("0")
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def remove(group: Path) -> None:
    # The kernel may need a moment to forget the child.
    for _turn in range(REMOVE_TRIES):
        try:
            group.rmdir()
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            time.sleep(0.05)
        else:
            return


def cgroup_usable(mount: Path, options: str) -> bool:
    group = mount / f"cairn-probe-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:
        return False
    try:
        # A new group of the old cpuset hierarchy takes no process before it is given processors.
        return "cpuset" in options.split(",") or join_from_child(group)
    finally:
        remove(group)


def cgroups_usable() -> bool:
    mounts = cgroup_mounts()
    return bool(mounts) and all(cgroup_usable(mount, options) for mount, options in mounts)


def mount_namespaces_usable() -> bool:
    command = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", OWN_DEV]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def trusted_attributes_usable() -> bool:
    """Whether trusted extended attributes may be set; libvirt copes with file systems that have none."""
    with tempfile.NamedTemporaryFile(dir="/var/lib") as file:
        try:
            os.setxattr(file.name, "trusted.cairn_probe", b"1")
        except OSError as error:
            return error.errno in {errno.ENOTSUP, errno.ENOSPC}
    return True


def settings() -> dict[str, object]:
    wanted: dict[str, object] = {}
    if not cgroups_usable():
        wanted["cgroup_controllers"] = []
    if not mount_namespaces_usable():
        wanted["namespaces"] = []
    if not trusted_attributes_usable():
        wanted["remember_owner"] = 0
    return wanted


if __name__ == "__main__":
    print(json.dumps(settings()))
