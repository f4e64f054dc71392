# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the machines of a lab have in common: root file systems as layers, made once and kept by content.

``bare`` is Debian 12 as it is installed with SSH, with the packages that the roles want lying ready in apt's cache.
``full`` is a layer above it in which they are installed, so that a run need not wait for that. Python packages lie
ready as wheels. Nothing of how this machine reaches its package sources is kept.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

import yaml

from support.collection import CHECKOUT

CACHE = Path.home() / ".cache" / "cairn" / "lab"
BUILDER = CHECKOUT / "roles" / "guest_image" / "files" / "builder"
REQUIREMENTS = CHECKOUT / "requirements.txt"

BARE_PACKAGES = ["systemd-sysv", "dbus", "udev", "openssh-server", "python3", "ca-certificates", "iproute2"]
BARE_PACKAGES += ["iputils-ping", "kmod", "netbase", "procps"]
# Units that a machine within a machine has no use for, or that wait for what never comes.
MASKED = ["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"]
MASKED += ["libvirt-guests.service", "rpcbind.service", "rpcbind.socket", "run-rpc_pipefs.mount"]
MASKED += ["systemd-networkd-wait-online.service", "systemd-udev-trigger.service"]
_REVISION = "1"


class LabError(Exception):
    """The lab cannot be made or ended; the message says why."""


def _builder() -> t.Any:
    """The part of role guest_image that reads this machine's apt sources and makes a directory of packages."""
    sys.path.insert(0, str(BUILDER))
    try:
        return importlib.import_module("packages")
    finally:
        sys.path.remove(str(BUILDER))


def wanted_packages() -> list[str]:
    """What the roles install, as their defaults say."""
    names = {"nftables", "python3-apt", "python3-libvirt"}
    for role in ("management", "node"):
        defaults = yaml.safe_load((CHECKOUT / "roles" / role / "defaults" / "main.yml").read_text())
        names.update(defaults[f"{role}_packages"])
    return sorted(names)


def layers(*, bare: bool) -> list[Path]:
    """The layers of a machine's root file system, the topmost first; made where they are not there yet."""
    packages = _builder()
    sources = packages.read_sources(None)
    said = [_REVISION, packages.describe(sources), *BARE_PACKAGES, *MASKED]
    ground = _kept("bare", [*said, *wanted_packages()], lambda target: _make_bare(target, sources))
    if bare:
        return [ground]
    return [_kept("full", [str(ground)], lambda target: _make_full(target, ground)), ground]


def wheels() -> Path:
    """A directory of what ``requirements.txt`` names, for Debian 12's Python."""
    if sys.version_info[:2] != (3, 11):
        raise LabError(f"Debian 12 has Python 3.11, and this is {sys.version.split()[0]}; run the lab from 3.11")
    return _kept("wheels", [REQUIREMENTS.read_text()], _make_wheels)


def _kept(name: str, content: list[str], make: t.Callable[[Path], None]) -> Path:
    """The directory for a content, made by one process at a time; those of other contents are removed if unused."""
    key = hashlib.sha256("\0".join(content).encode()).hexdigest()[:16]
    wanted = CACHE / f"{name}-{key}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if wanted.is_dir():
            return wanted
        for old in [*CACHE.glob(f"{name}-*"), *CACHE.glob(f".{name}-*")]:
            _remove_unused(old)
        print(f"making {wanted}", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=CACHE, ignore_cleanup_errors=True) as work:
            target = Path(work) / name
            make(target)
            target.rename(wanted)
    return wanted


def in_use(directories: t.Sequence[Path]) -> list[str]:
    """A command that keeps directories of the cache from being removed, for as long as it runs."""
    return [*(word for path in directories for word in ("flock", "--shared", str(path))), "sleep", "infinity"]


def _remove_unused(directory: Path) -> None:
    """Remove a directory, unless a lab, maybe another checkout's, is made of it."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(directory)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


def _make_bare(target: Path, sources: t.Any) -> None:
    packages = _builder()
    download = ["apt-get", "install", "--download-only", "--yes", "--no-install-recommends", *wanted_packages()]
    hooks = [f'--customize-hook=chroot "$1" {" ".join(download)}', "--skip=cleanup/apt"]
    try:
        root: Path = packages.install(target.parent, sources, "minbase", BARE_PACKAGES, *hooks)
    except packages.BuildError as error:
        raise LabError(str(error)) from None
    (root / "etc/apt/sources.list").write_text(packages.describe(sources))
    for path in [*root.glob("etc/ssh/ssh_host_*"), *root.glob("etc/apt/apt.conf.d/*mmdebstrap*")]:
        path.unlink()
    (root / "etc/machine-id").write_text("")
    for name in MASKED:
        unit = root / "etc/systemd/system" / name
        unit.unlink(missing_ok=True)
        unit.symlink_to("/dev/null")
    _in_root(root, "systemctl --quiet enable systemd-networkd.service ssh.service")
    root.rename(target)


def _make_full(target: Path, ground: Path) -> None:
    """Install the packages in an overlay; what it writes is the layer."""
    work, root = target.with_name("work"), target.with_name("root")
    for path in (target, work, root):
        path.mkdir(mode=0o755)
    install = f"apt-get install --yes --no-install-recommends {' '.join(wanted_packages())}"
    policy = "printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d"
    script = f"{policy} && {install} && rm /usr/sbin/policy-rc.d && apt-get clean"
    mount = f"mount -t overlay -o {overlay_options([ground], target, work)} lab {root}"
    _contained(
        f'{mount} && mount -t proc proc {root}/proc && DEBIAN_FRONTEND=noninteractive chroot {root} sh -c "$1"', script
    )


def _in_root(root: Path, script: str) -> None:
    _contained('chroot "$2" sh -c "$1"', script, str(root))


def _contained(script: str, *arguments: str) -> None:
    """Run a shell script whose processes and mounts end with it."""
    contained = ["unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"]
    run([*contained, "sh", "-ec", script, "sh", *arguments])


def run(command: t.Sequence[str | Path]) -> None:
    """Run a program, and show what it said only if it fails."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise LabError(f"{command[0]} ended with {done.returncode}: {done.stdout[-2000:]}")


def _make_wheels(target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run([*pip, "wheel", f"--wheel-dir={target}", f"--requirement={REQUIREMENTS}"])


def overlay_options(lower: t.Sequence[Path], upper: Path, work: Path) -> str:
    """Options of an overlay's mount; it never waits for the disk, since nothing of it is to outlive a crash."""
    return f"lowerdir={':'.join(map(str, lower))},upperdir={upper},workdir={work},volatile"


@contextlib.contextmanager
def quiet_umask() -> t.Iterator[None]:
    """Files with the modes that they ask for, whatever the caller's umask is."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)
