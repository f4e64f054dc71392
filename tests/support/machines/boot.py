# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Starting machines: an overlay for each, files that make it one of its own, and systemd-nspawn."""

from __future__ import annotations

import os
import subprocess
import time
import typing as t
import uuid
from pathlib import Path

from support.machines import base, traces
from support.machines.base import LabError
from support.machines.lab import BRIDGE, DETACHED, NETWORK, Lab, Machine

START_TIMEOUT = 90.0
WHEELS = "/srv/wheels"
# What systemd says when it is through with starting; "degraded" is said with the units that failed.
_STATE = "systemctl is-system-running --wait; systemctl --failed --plain --no-legend"

# With --keep-unit, nspawn ends with this status where the machine is to start anew.
_UNTIL_ENDED = 'status=133; while [[ $status == 133 ]]; do status=0; "$@" || status=$?; done; exit $status'


def start(lab: Lab, *, bare: bool) -> None:
    """Start the lab's machines, and wait until each lets us in and has started all of its units."""
    layers, wheels = base.layers(bare=bare), base.wheels()
    quiet = subprocess.DEVNULL
    in_use = [*DETACHED, *lab.enter(), *base.in_use([*layers, wheels])]
    subprocess.run(in_use, stdin=quiet, stdout=quiet, stderr=quiet, check=True)
    with base.quiet_umask():
        for machine in lab.machines:
            _write_files(lab, machine, _upper(lab, machine))
            _boot(lab, machine, layers, wheels)
    for machine in lab.machines:
        _wait_for(lab, machine)


def _upper(lab: Lab, machine: Machine) -> Path:
    folder = lab.directory / machine.name
    for name in ("upper", "work", "root"):
        (folder / name).mkdir(mode=0o755, parents=True)
    return folder / "upper"


def _write_files(lab: Lab, machine: Machine, root: Path) -> None:
    hosts = "".join(f"{other.address} {other.name}\n" for other in lab.machines)
    key = (lab.directory / "id_ed25519.pub").read_text()
    files = {
        "etc/hostname": f"{machine.name}\n",
        "etc/hosts": f"127.0.0.1 localhost\n{hosts}",
        "etc/machine-id": f"{uuid.uuid4().hex}\n",
        "etc/systemd/network/10-lab.network": (
            f"[Match]\nName=host0\n\n[Network]\nAddress={machine.address}/24\nGateway={NETWORK}.1\n"
            "LinkLocalAddressing=no\n"
        ),
        # pip finds what it needs on the machine, where no index is in reach.
        "etc/pip.conf": f"[global]\nno-index = true\nfind-links = {WHEELS}\n",
        "root/.ssh/authorized_keys": key,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "root").chmod(0o700)
    (root / "root/.ssh").chmod(0o700)
    (root / "etc/ssh").mkdir()
    base.run(["ssh-keygen", "-A", "-f", root])


def _boot(lab: Lab, machine: Machine, layers: t.Sequence[Path], wheels: Path) -> None:
    folder = lab.directory / machine.name
    options = base.overlay_options(layers, folder / "upper", folder / "work")
    groups = [mount / lab.cgroup / machine.name for mount in traces.cgroup_mounts()]
    for group in groups:
        group.mkdir(parents=True)
    root = folder / "root"
    nspawn: list[str] = [
        *("systemd-nspawn", "--quiet", f"--directory={root}", f"--machine={machine.name}", "--boot"),
        *("--register=no", "--keep-unit", f"--network-bridge={BRIDGE}", "--capability=all"),
        *("--system-call-filter=@known", "--resolv-conf=off", "--timezone=off", "--link-journal=no"),
        *("--bind=/dev/net/tun", f"--bind-ro={wheels}:{WHEELS}", "--console=read-only"),
    ]
    # The package lists are as old as the layer; apt is not to look for newer ones, which are out of reach.
    script = [
        f"mount -t overlay -o {options} lab {root}",
        f"touch {root}/var/lib/apt/lists {root}/var/cache/apt/archives",
        *(f"echo 0 > {group}/cgroup.procs" for group in groups),
        _UNTIL_ENDED,
    ]
    with (folder / "console.log").open("w") as log:
        subprocess.run(
            [*DETACHED, *lab.enter(), "bash", "-ec", "\n".join(script), "bash", *nspawn],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=True,
            env={**os.environ, "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"},
        )


def _wait_for(lab: Lab, machine: Machine) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        done = lab.ssh(machine, _STATE)
        if done.stdout.startswith("running\n"):
            return
        if done.stdout.startswith("degraded\n") or time.monotonic() > deadline:
            console = (lab.directory / machine.name / "console.log").read_text(errors="replace")
            raise LabError(f"{machine.name} did not start: {done.stdout}{done.stderr}\n{console[-2000:]}")
        time.sleep(0.2)
