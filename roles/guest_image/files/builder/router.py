# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""The image `router`: a kernel and an initramfs that route, translate, filter, balance, let VPN clients in, and
serve DHCP and DNS.

It keeps nothing: its disk is what it boots from, and is never written to.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import disk
import initramfs
import packages
import tiny

FILES = Path(__file__).parent / "router"
SIZE = 64 << 20
UUID = "c41a0000-0000-4000-8000-000000000003"

PACKAGES = ["linux-image-cloud-amd64", "busybox-static", "qemu-guest-agent", "nftables", "dnsmasq-base", "haproxy"]
PACKAGES += ["wireguard-tools"]
PROGRAMS = ["usr/sbin/qemu-ga", "usr/sbin/nft", "usr/sbin/dnsmasq", "usr/sbin/haproxy", "usr/bin/wg"]
# All are loaded at boot: the first rules would else wait for them.
MODULES = ["virtio_pci", "virtio_blk", "virtio_net", "virtio_console", "virtio_rng", "virtio_balloon"]
MODULES += ["evdev", "button", "nf_tables", "nf_conntrack", "nf_nat", "nft_ct", "nft_nat", "nft_chain_nat", "nft_masq"]
MODULES += ["wireguard"]
# A panic ends the machine, so that it is started anew rather than left standing.
KERNEL_LINE = f"{tiny.KERNEL_LINE} panic=1"


def _memory_tree(root: Path, tree: Path) -> None:
    """Lay out the router's root directory."""
    shutil.copytree(FILES, tree)
    initramfs.add_programs(root, tree, PROGRAMS)
    (tree / "sbin").mkdir(exist_ok=True)
    (tree / "sbin/shutdown").symlink_to("/etc/router/shutdown")
    initramfs.add_applets(root, tree)
    (tree / "init").symlink_to("/bin/busybox")
    (tree / "var").mkdir()
    (tree / "var/run").symlink_to("/run")
    initramfs.add_modules(root, tree, MODULES)
    (tree / "etc/router/modules").write_text(" ".join(MODULES))
    for name in ("dev", "proc", "root", "run", "sys", "tmp", "var/log", "var/lib/misc", "var/empty"):
        (tree / name).mkdir(parents=True, exist_ok=True)
    (tree / "tmp").chmod(0o1777)
    (tree / "etc/shadow").chmod(0o600)


def build(work: Path, sources: list[packages.Source], target: Path) -> None:
    root = packages.install(work, sources, "extract", PACKAGES)
    memory, tree = work / "memory", work / "tree"
    _memory_tree(root, memory)
    initramfs.boot_tree(work, root, memory, tree)
    config = tiny.boot_config(KERNEL_LINE)
    raw = disk.make(work, tree, label="router", uuid=UUID, size=SIZE, config=config, modules=tiny.GRUB_MODULES)
    disk.to_qcow2(raw, target)
