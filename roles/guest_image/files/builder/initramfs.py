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


def add_modules(root: Path, tree: Path, names: list[str]) -> None:
    """Copy the named kernel modules, those that they need, and the indexes by which modprobe finds them."""
    base = Path("lib/modules") / kernel_version(root)
    packages.run("depmod", "--basedir", root, base.name)
    index = {}
    for line in (root / base / "modules.dep").read_text().splitlines():
        index[Path(line.partition(":")[0]).stem.replace("-", "_")] = line
    wanted = list(names)
    for name in wanted:
        if name not in index:
            raise packages.BuildError(f"kernel {base.name} has no module {name}")
        module, _colon, others = index[name].partition(":")
        wanted += [Path(other).stem.replace("-", "_") for other in others.split()]
        copy(root, tree, str(base / module))
    (tree / base / "modules.dep").write_text("".join(f"{index[name]}\n" for name in sorted(set(wanted))))
    aliases = (root / base / "modules.alias").read_text().splitlines()
    kept = [line for line in aliases if line.startswith("alias fs-") and line.split()[2] in wanted]
    (tree / base / "modules.alias").write_text("".join(f"{line}\n" for line in kept))


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


def boot_tree(work: Path, root: Path, memory: Path, tree: Path) -> None:
    """Lay out a boot disk: the kernel, ``memory`` as its initramfs, and the licences of what is in them."""
    (tree / "boot").mkdir(parents=True)
    shutil.copy(root / f"boot/vmlinuz-{kernel_version(root)}", tree / "boot/vmlinuz")
    plain = work / "initrd"
    plain.write_bytes(archive(memory))
    packages.run("zstd", "-q", "-19", plain, "-o", tree / "boot/initrd")
    for copyright_file in root.glob("usr/share/doc/*/copyright"):
        copy(root, tree, str(copyright_file.relative_to(root)))
