# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""The image `debian-12`: Debian as it is installed, with cloud-init, quick to start on an emulated processor too."""

from __future__ import annotations

import shutil
from pathlib import Path

import disk
import packages

FILES = Path(__file__).parent / "debian-12"
SIZE = 3 << 30
UUID = "c41a0000-0000-4000-8000-000000000012"

PACKAGES = ["linux-image-cloud-amd64", "tiny-initramfs", "grub-pc-bin", "grub2-common", "systemd-sysv", "udev", "dbus"]
PACKAGES += ["systemd-resolved", "cloud-init", "cloud-guest-utils", "openssh-server", "qemu-guest-agent", "sudo"]
PACKAGES += ["python3", "ca-certificates", "curl", "e2fsprogs", "iproute2", "iputils-ping", "kmod", "less", "netbase"]
PACKAGES += ["procps", "vim-tiny"]

GRUB_MODULES = ["biosdisk", "part_msdos", "part_gpt", "ext2", "normal", "linux", "search", "search_fs_uuid"]
GRUB_MODULES += ["configfile", "serial", "terminal", "echo", "test"]
KERNEL_LINE = "console=tty0 console=ttyS0,115200 quiet loglevel=3 audit=0 tsc=reliable no_timer_check"
KERNEL_LINE += " cryptomgr.notests rcupdate.rcu_expedited=1 8250.nr_uarts=1 random.trust_cpu=on"

# Not started on an emulated processor; on KVM they are.
LEFT_OUT = ["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"]
LEFT_OUT += ["e2scrub_reap.service", "dev-hugepages.mount", "dev-mqueue.mount", "sys-kernel-config.mount"]
LEFT_OUT += ["sys-kernel-debug.mount", "sys-kernel-tracing.mount", "sys-fs-fuse-connections.mount"]
LEFT_OUT += ["proc-sys-fs-binfmt_misc.automount", "systemd-ask-password-console.path", "systemd-ask-password-wall.path"]
LEFT_OUT += ["systemd-initctl.socket", "systemd-journald-audit.socket", "kmod-static-nodes.service"]
LEFT_OUT += [f"modprobe@{name}.service" for name in ("configfs", "dm_mod", "drm", "efi_pstore", "fuse", "loop")]
LEFT_OUT += [f"systemd-{name}.service" for name in ("binfmt", "firstboot", "journal-flush", "machine-id-commit")]
LEFT_OUT += [f"systemd-{name}.service" for name in ("modules-load", "network-generator", "pstore", "remount-fs")]
LEFT_OUT += [f"systemd-{name}.service" for name in ("repart", "sysctl", "sysusers")]
LEFT_OUT += [f"systemd-{name}.service" for name in ("tmpfiles-setup-dev", "update-utmp", "update-utmp-runlevel")]
ENABLED = ["systemd-networkd.service", "systemd-resolved.service", "ssh.service", "qemu-guest-agent.service"]
# Started by the image itself: the generator's search for a datasource is another second.
WANTED = ["cloud-init-local.service", "cloud-init.service", "cloud-config.service", "cloud-final.service"]
GENERATORS = ["cloud-init-generator", "systemd-gpt-auto-generator", "systemd-hibernate-resume-generator"]
GENERATORS += ["systemd-integritysetup-generator", "systemd-veritysetup-generator"]


def _overlay(root: Path) -> None:
    """Copy our files over Debian's, with owner and modes of their own, and fill in what the build knows."""
    for source in sorted(FILES.rglob("*")):
        target = root / source.relative_to(FILES)
        if source.is_dir():
            target.mkdir(exist_ok=True)
            continue
        text = source.read_text().replace("@UUID@", UUID).replace("@KERNEL_LINE@", KERNEL_LINE)
        target.write_text(text)
        target.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)


def _units(root: Path) -> None:
    """Choose what is started."""
    packages.run("chroot", root, "systemctl", "--quiet", "enable", *ENABLED)
    packages.run("chroot", root, "systemctl", "--quiet", "add-wants", "multi-user.target", "cloud-init.target")
    packages.run("chroot", root, "systemctl", "--quiet", "add-wants", "cloud-init.target", *WANTED)
    generators = root / "etc/systemd/system-generators"
    for name in GENERATORS:
        (generators / name).symlink_to("/dev/null")
    for name in LEFT_OUT:
        (root / "usr/local/lib/emulated/units" / name).symlink_to("/dev/null")


def _logins(root: Path) -> None:
    """Make the group that cloud-init's default user is in and no package brings; greet without running programs."""
    packages.run("chroot", root, "groupadd", "--system", "netdev")
    (root / "etc/update-motd.d/10-uname").unlink()


def _boot(root: Path) -> None:
    """Make the initramfs and give GRUB its modules, those that go with the core that the disk gets."""
    packages.run("chroot", root, "update-tirfs")
    modules = root / "boot/grub/i386-pc"
    modules.mkdir()
    for pattern in ("*.mod", "*.lst"):
        for path in disk.GRUB.glob(pattern):
            shutil.copy(path, modules)


def _sources(root: Path, sources: list[packages.Source]) -> None:
    """Leave the image with its sources, and with nothing else of how the build machine reaches them."""
    for path in (root / "etc/apt/sources.list.d").iterdir():
        path.unlink()
    for source in sources:
        keyring = Path(source.signed_by or "/nonexistent")
        inside = root / source.signed_by.lstrip("/")
        if keyring.is_file() and not inside.exists():
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(keyring, inside)
    (root / "etc/apt/sources.list").write_text(packages.describe(sources))


def _anonymous(root: Path) -> None:
    """Remove what every instance has to make for itself, and what mmdebstrap took over from this machine."""
    for pattern in ("etc/ssh/ssh_host_*", "var/lib/dbus/machine-id", "var/log/*.log", "var/log/apt/*"):
        for path in root.glob(pattern):
            path.unlink()
    for pattern in ("var/lib/apt/lists/*_*", "var/cache/apt/*.bin", "var/cache/ldconfig/*", "var/cache/debconf/*-old"):
        for path in root.glob(pattern):
            path.unlink()
    (root / "etc/machine-id").write_text("")
    (root / "etc/hostname").write_text("debian\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n")
    (root / "etc/fstab").write_text(f"UUID={UUID} / ext4 rw,discard,errors=remount-ro 0 0\n")
    resolver = root / "etc/resolv.conf"
    resolver.unlink(missing_ok=True)
    resolver.symlink_to("../run/systemd/resolve/stub-resolv.conf")
    # Nothing under /etc or /usr is new to the first boot: linker cache and hardware database are made.
    for name in ("etc/.updated", "var/.updated"):
        (root / name).touch()


def build(work: Path, sources: list[packages.Source], target: Path) -> None:
    root = packages.install(work, sources, "minbase", PACKAGES)
    _overlay(root)
    _units(root)
    _logins(root)
    _boot(root)
    _sources(root, sources)
    _anonymous(root)
    config = "set root=(hd0,msdos1)\nset prefix=($root)/boot/grub\nnormal\n"
    raw = disk.make(work, root, label="root", uuid=UUID, size=SIZE, config=config, modules=GRUB_MODULES)
    disk.to_qcow2(raw, target)
