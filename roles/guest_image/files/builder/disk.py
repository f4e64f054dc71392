# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""A disk that boots by itself: MBR, GRUB and one ext4 partition, made without mounting anything."""

from __future__ import annotations

import struct
from pathlib import Path

import packages

SECTOR = 512
PARTITION_START = 2048
GRUB = Path("/usr/lib/grub/i386-pc")


def _partition_table(sectors: int, disk_id: bytes) -> bytes:
    """Return the last 72 bytes of the MBR: one bootable Linux partition up to the end of the disk."""
    no_chs = b"\xfe\xff\xff"
    entry = struct.pack("<B3sB3sII", 0x80, no_chs, 0x83, no_chs, PARTITION_START, sectors - PARTITION_START)
    return disk_id + b"\0\0" + entry.ljust(64, b"\0") + b"\x55\xaa"


def _grub_core(work: Path, config: str, modules: list[str]) -> bytes:
    """Return GRUB as it lies between the MBR and the first partition."""
    core, early = work / "core.img", work / "grub-early.cfg"
    early.write_text(config)
    packages.run(
        *["grub-mkimage", "--format=i386-pc", f"--directory={GRUB}", "--prefix=(hd0,msdos1)/boot/grub"],
        *[f"--config={early}", f"--output={core}", *modules],
    )
    image = core.read_bytes()
    if len(image) > (PARTITION_START - 1) * SECTOR:
        raise packages.BuildError(f"GRUB with its modules is too large: {len(image)} bytes")
    return image


def _file_system(raw: Path, tree: Path, label: str, uuid: str, size: int) -> None:
    """Make the partition's file system with the tree's files in it."""
    offset = PARTITION_START * SECTOR
    packages.run(
        *["mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-L", label, "-U", uuid],
        # GRUB 2.06 and fsck of the guest know neither.
        *["-O", "^metadata_csum_seed,^orphan_file"],
        *["-E", f"offset={offset},root_owner=0:0", "-d", tree, raw, f"{(size - offset) // 1024}k"],
    )


def make(work: Path, tree: Path, *, label: str, uuid: str, size: int, config: str, modules: list[str]) -> Path:
    """Return a raw disk image of ``size`` bytes whose only partition holds ``tree``."""
    raw = work / "disk.raw"
    with raw.open("wb") as disk:
        disk.truncate(size)
    _file_system(raw, tree, label, uuid, size)
    boot = (GRUB / "boot.img").read_bytes()[:440]
    disk_id = bytes.fromhex(uuid[:8])
    with raw.open("r+b") as disk:
        disk.write(boot + _partition_table(size // SECTOR, disk_id))
        disk.write(_grub_core(work, config, modules))
    return raw


def to_qcow2(raw: Path, target: Path) -> None:
    packages.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-c", "-o", "compression_type=zstd", raw, target)
