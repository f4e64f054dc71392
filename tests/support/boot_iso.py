# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A CD that the tiny guest starts from: its kernel and initramfs, and GRUB as El Torito's boot image."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import pycdlib

# Where roles/guest_image puts the tiny image's only partition.
PARTITION = 2048 * 512
KERNEL_LINE = "console=ttyS0,115200 quiet loglevel=3 mitigations=off nokaslr tsc=reliable no_timer_check"
GRUB = f"set root=(cd)\nlinux /vmlinuz {KERNEL_LINE}\ninitrd /initrd\nboot\n"
PADDING = 300 << 10
MODULES = ("biosdisk", "iso9660", "linux")


def build(image: Path, target: Path, work: Path) -> Path:
    """Make ``target`` of the tiny ``image``."""
    raw = work / "tiny.raw"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(image), str(raw)], check=True)
    for name in ("vmlinuz", "initrd"):
        command = ["debugfs", "-R", f"dump /boot/{name} {work / name}", f"{raw}?offset={PARTITION}"]
        subprocess.run(command, check=True, capture_output=True)
    raw.unlink()
    (work / "grub.cfg").write_text(GRUB)
    core = ["grub-mkimage", "-O", "i386-pc-eltorito", "-p", "/", "-c", str(work / "grub.cfg")]
    subprocess.run([*core, "-o", str(work / "core.img"), *MODULES], check=True)
    return _written(target, {"/VMLINUZ.;1": "vmlinuz", "/INITRD.;1": "initrd", "/CORE.IMG;1": "core.img"}, work)


def _written(target: Path, files: dict[str, str], work: Path) -> Path:
    iso = pycdlib.PyCdlib()
    iso.new(interchange_level=3, vol_ident="BOOT")
    for path, name in files.items():
        content = (work / name).read_bytes()
        iso.add_fp(io.BytesIO(content), len(content), path)
    iso.add_eltorito("/CORE.IMG;1", boot_info_table=True, boot_load_size=4)
    iso.write(str(target))
    iso.close()
    # GRUB reads ahead: the last of a file that ends where the CD does would be lost.
    os.truncate(target, target.stat().st_size + PADDING)
    return target
