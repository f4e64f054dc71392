# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""The image `tiny`: a kernel and an initramfs, for tests that need a guest quickly."""

from __future__ import annotations

import shutil
from pathlib import Path

import disk
import initramfs
import packages

FILES = Path(__file__).parent / "tiny"
SIZE = 64 << 20
UUID = "c41a0000-0000-4000-8000-000000000001"

PACKAGES = ["linux-image-cloud-amd64", "busybox-static", "dropbear-bin", "e2fsprogs", "lua5.4", "lua-yaml"]
PACKAGES += ["qemu-guest-agent"]
PROGRAMS = ["usr/sbin/qemu-ga", "usr/sbin/dropbear", "usr/bin/dropbearkey", "usr/bin/lua5.4", "sbin/mke2fs"]
PROGRAMS += ["sbin/resize2fs", "usr/lib/x86_64-linux-gnu/lua/5.4/yaml.so"]
# Those of the first list are loaded at boot, the others when something is mounted.
MODULES = ["virtio_pci", "virtio_blk", "virtio_net", "virtio_console", "virtio_scsi", "virtio_balloon", "virtio_rng"]
MODULES += ["ata_piix", "sr_mod", "sd_mod", "evdev", "button"]
MOUNT_MODULES = ["isofs", "vfat", "nls_ascii", "nls_cp437"]

GRUB_MODULES = ["biosdisk", "part_msdos", "ext2", "linux"]
KERNEL_LINE = "console=ttyS0,115200 quiet loglevel=3 mitigations=off apparmor=0 audit=0 nokaslr tsc=reliable"
KERNEL_LINE += " no_timer_check cryptomgr.notests rcupdate.rcu_expedited=1 8250.nr_uarts=1 random.trust_cpu=on"


def _memory_tree(root: Path, tree: Path) -> None:
    """Lay out the guest's root directory."""
    shutil.copytree(FILES, tree)
    initramfs.add_programs(root, tree, PROGRAMS)
    for path in (root / "usr/share/lua/5.4/lyaml").iterdir():
        initramfs.copy(root, tree, str(path.relative_to(root)))
    (tree / "sbin/shutdown").symlink_to("/etc/tiny/shutdown")
    # busybox's shell prefers its own mke2fs, but has nothing of this name.
    (tree / "sbin/mkfs.ext4").symlink_to("mke2fs")
    initramfs.copy(root, tree, "etc/mke2fs.conf")
    initramfs.add_applets(root, tree)
    (tree / "init").symlink_to("/bin/busybox")
    (tree / "var").mkdir()
    (tree / "var/run").symlink_to("/run")
    initramfs.add_modules(root, tree, MODULES + MOUNT_MODULES)
    (tree / "etc/tiny/modules").write_text(" ".join(MODULES))
    for name in ("dev", "home/tiny", "mnt", "proc", "root", "run", "sys", "tmp", "var/log", "var/lib"):
        (tree / name).mkdir(parents=True, exist_ok=True)
    (tree / "tmp").chmod(0o1777)
    (tree / "etc/shadow").chmod(0o600)
    (tree / "root").chmod(0o700)


def boot_config(kernel_line: str) -> str:
    """What GRUB is to do: no menu, no waiting."""
    return f"set root=(hd0,msdos1)\nlinux /boot/vmlinuz {kernel_line}\ninitrd /boot/initrd\nboot\n"


def build(work: Path, sources: list[packages.Source], target: Path) -> None:
    root = packages.install(work, sources, "extract", PACKAGES)
    memory, tree = work / "memory", work / "tree"
    _memory_tree(root, memory)
    initramfs.boot_tree(work, root, memory, tree)
    config = boot_config(KERNEL_LINE)
    raw = disk.make(work, tree, label="tiny", uuid=UUID, size=SIZE, config=config, modules=GRUB_MODULES)
    disk.to_qcow2(raw, target)
