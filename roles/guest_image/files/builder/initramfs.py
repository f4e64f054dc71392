# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""An initramfs: files with the libraries and kernel modules they need, as one archive."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import packages


def copy(root: Path, tree: Path, path: str) -> None:
    """Copy a file from the packages to the same place in the tree."""
    target = tree / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy2(root / path, target)


def add_programs(root: Path, tree: Path, paths: list[str]) -> None:
    """Copy programs or shared objects, and the libraries that their loader finds for them."""
    for path in paths:
        copy(root, tree, path)
        for line in packages.read("chroot", root, "/lib64/ld-linux-x86-64.so.2", "--list", f"/{path}").splitlines():
            # Either `name => /path (address)`, or `/path (address)` for the loader itself.
            words = line.rpartition("=>")[2].split()
            if words[0].startswith("/"):
                copy(root, tree, words[0].lstrip("/"))


def add_applets(root: Path, tree: Path) -> None:
    """Copy busybox and make a link for each of its applets that no real program has the name of."""
    copy(root, tree, "bin/busybox")
    for applet in packages.read(root / "bin/busybox", "--list-full").split():
        link = tree / applet
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            link.symlink_to("/bin/busybox")


def kernel_version(root: Path) -> str:
    (modules,) = (root / "lib/modules").iterdir()
    return modules.name


def add_modules(root: Path, tree: Path, names: list[str]) -> list[str]:
    """Copy the named kernel modules and those that they need; return their paths in loading order."""
    base = Path("lib/modules") / kernel_version(root)
    packages.run("depmod", "--basedir", root, base.name)
    needs = {}
    for line in (root / base / "modules.dep").read_text().splitlines():
        module, _, others = line.partition(":")
        needs[Path(module).stem.replace("-", "_")] = [module, *others.split()]
    ordered: list[str] = []
    for name in names:
        if name not in needs:
            raise packages.BuildError(f"kernel {base.name} has no module {name}")
        for module in reversed(needs[name]):
            path = str(base / module)
            if path not in ordered:
                ordered.append(path)
                copy(root, tree, path)
    return [f"/{path}" for path in ordered]


def _entry(number: int, name: str, status: os.stat_result | None, data: bytes) -> bytes:
    mode = status.st_mode if status else 0
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name.encode()) + 1, 0]
    header = b"070701" + b"".join(f"{field:08x}".encode() for field in fields)
    head = header + name.encode() + b"\0"
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def archive(tree: Path) -> bytes:
    """Return the tree in cpio's `newc` form, everything owned by root and without times."""
    parts = []
    for number, path in enumerate(sorted(tree.rglob("*")), start=1):
        status = path.lstat()
        data = b""
        if stat.S_ISLNK(status.st_mode):
            data = os.readlink(path).encode()
        elif stat.S_ISREG(status.st_mode):
            data = path.read_bytes()
        parts.append(_entry(number, str(path.relative_to(tree)), status, data))
    parts.append(_entry(0, "TRAILER!!!", None, b""))
    return b"".join(parts)
