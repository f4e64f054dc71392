# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A lab: one process that holds namespaces of its own, and in them a bridge with machines.

All of a lab ends with its holder. What it keeps on disk is one directory: keys, the machines' upper layers and logs, an
inventory for Ansible, and ``lab.json``, by which another process finds the lab again.
"""

from __future__ import annotations

import contextlib
import dataclasses as dc
import functools
import json
import os
import shutil
import signal
import subprocess
import time
import typing as t
from pathlib import Path

from support.collection import CHECKOUT
from support.machines import traces
from support.machines.base import LabError, run

LABS = CHECKOUT / "build" / "lab"
BRIDGE = "lab"
DETACHED = ("setsid", "--fork")
UNSHARE = ("unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc")
NETWORK = "192.168.213"
# What a lab is made of, in small.
_TRIED = """\
mount -t tmpfs tmpfs /run && mkdir /run/lower /run/upper /run/work /run/root
mount -t overlay -o lowerdir=/run/lower,upperdir=/run/upper,workdir=/run/work lab /run/root
ip link add lab type bridge
ip link add veth-lab type veth peer name veth-one
test -c /dev/net/tun
"""
# Its own /run: there nspawn looks for systemd, and finds none. It ends unless it is told to stay: whoever makes a lab
# may be killed before anybody could find it.
_INIT = f"""\
mount -t tmpfs tmpfs /run && mkdir /run/systemd
ip link set lo up
ip link add {BRIDGE} type bridge forward_delay 0
ip address add {NETWORK}.1/24 dev {BRIDGE}
ip link set {BRIDGE} up
echo ready
read -r word
[[ $word == stay ]]
exec </dev/null >/dev/null 2>&1
sleep infinity & wait
"""
_END_TIMEOUT = 30.0


@dc.dataclass(frozen=True)
class Machine:
    """One machine; ``number`` tells its address."""

    name: str
    number: int

    @property
    def address(self) -> str:
        return f"{NETWORK}.{10 + self.number}"


@dc.dataclass
class Lab:
    """A lab that is up, or was."""

    name: str
    pid: int
    started: str
    machines: list[Machine]
    before: dict[str, list[str]]

    @property
    def directory(self) -> Path:
        return LABS / self.name

    @property
    def cgroup(self) -> str:
        return f"cairn-lab-{self.name}-{self.pid}"

    @property
    def links(self) -> list[str]:
        """Names that links of the lab have, whichever network they are in."""
        return [BRIDGE, "host0", *(f"vb-{machine.name}" for machine in self.machines)]

    def seen(self) -> dict[str, list[str]]:
        return traces.seen(self.directory, self.links)

    def is_up(self) -> bool:
        return _start_of(self.pid) == self.started

    def enter(self) -> list[str]:
        """The words before a command that runs it in the lab's namespaces."""
        return ["nsenter", f"--target={self.pid}", "--mount", "--net", "--pid", "--ipc", "--uts", "--"]

    def ssh_options(self) -> list[str]:
        """How a client on this machine gets to the lab's: each connection enters the lab's network."""
        proxy = f"nsenter --net=/proc/{self.pid}/ns/net nc %h %p"
        return [
            *("-o", f"ProxyCommand={proxy}", "-o", f"IdentityFile={self.directory}/id_ed25519"),
            *("-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"),
            *("-o", "LogLevel=ERROR"),
        ]

    def ssh(self, machine: Machine, command: str) -> subprocess.CompletedProcess[str]:
        argv = ["ssh", *self.ssh_options(), "-o", "ConnectTimeout=5", f"root@{machine.address}", command]
        return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def save(self) -> None:
        path = self.directory / "lab.json"
        path.with_suffix(".new").write_text(json.dumps(dc.asdict(self), indent=1))
        path.with_suffix(".new").rename(path)

    def end(self) -> list[str]:
        """End the lab; returns what it left, which is nothing unless something is wrong."""
        namespaces = traces.own_namespaces(self.pid) if self.is_up() else set()
        if self.is_up():
            os.kill(self.pid, signal.SIGKILL)
        # Connections from outside, which would keep the lab's network.
        for pid in traces.inside(namespaces):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _wait(lambda: not traces.inside(namespaces), "the lab's processes do not end")
        groups = [mount / self.cgroup for mount in traces.cgroup_mounts()]
        for group in groups:
            _remove_groups(group)
        shutil.rmtree(self.directory)
        return traces.left(self.before, self.seen(), namespaces, [self.directory, *groups])


def begin(name: str, machines: t.Sequence[Machine]) -> Lab:
    """Make the namespaces of a lab, and a key that its machines let in. Raises LabError where it is up."""
    lab = Lab(name, 0, "", list(machines), {})
    try:
        lab.directory.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise LabError(f"lab '{name}' is there already; end it first") from None
    try:
        lab.before = lab.seen()
        with _held() as lab.pid:
            lab.started = _start_of(lab.pid)
            lab.save()
    except BaseException:
        shutil.rmtree(lab.directory)
        raise
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", lab.directory / "id_ed25519"])
    return lab


def obstacle() -> str:
    """Why this machine can have no lab; empty if it can. It takes namespaces, and in them links and layers."""
    if os.geteuid() != 0:
        return "that takes root"
    programs = ["ip", "mmdebstrap", "nsenter", "setsid", "ssh", "systemd-nspawn", "unshare"]
    missing = [name for name in programs if not shutil.which(name)]
    if missing:
        return f"there is no {missing[0]}"
    try:
        run([*UNSHARE, "bash", "-ec", _TRIED])
    except LabError as error:
        return str(error)
    return ""


def find(name: str) -> Lab | None:
    """The lab of a name, if it is there."""
    try:
        saved = json.loads((LABS / name / "lab.json").read_text())
    except FileNotFoundError:
        return None
    return Lab(**saved | {"machines": [Machine(**machine) for machine in saved["machines"]]})


def discard(name: str) -> list[str]:
    """End the lab of a name, if it is there; returns what it left. One that was not begun whole has but a directory."""
    one = find(name)
    if one:
        return one.end()
    if (LABS / name).exists():
        shutil.rmtree(LABS / name)
    return []


@contextlib.contextmanager
def _held() -> t.Iterator[int]:
    """Start what holds a lab's namespaces; its process id as this machine sees it. It stays once this ends well."""
    # Not our child, since it outlives us: setsid ends at once, and init has the rest.
    command = [*DETACHED, "sh", "-c", 'echo $$; exec "$@"', "sh", *UNSHARE, "bash", "-ec", _INIT]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True) as starting:
        assert starting.stdin is not None
        assert starting.stdout is not None
        pid, said = starting.stdout.readline().strip(), starting.stdout.readline()
        if said != "ready\n":
            raise LabError(f"the lab's namespaces cannot be made: {said}{starting.stdout.read()}")
        yield int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        starting.stdin.write("stay\n")


def _start_of(pid: int) -> str:
    """When a process started, in ticks of the kernel: with its number, what it is known by; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _remove_groups(group: Path) -> None:
    """Remove a control group and those in it; the kernel may need a moment to see that they are empty."""
    for path in sorted([group, *group.rglob("*")], reverse=True):
        if path.is_dir():
            _wait(functools.partial(_removed, path), f"control group {path} stays in use")


def _removed(group: Path) -> bool:
    with contextlib.suppress(OSError):
        group.rmdir()
    return not group.exists()


def _wait(condition: t.Callable[[], bool], problem: str) -> None:
    deadline = time.monotonic() + _END_TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise LabError(problem)
        time.sleep(0.05)
