# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A private libvirt host: libvirtd and virtlogd in namespaces of their own, beside the machine's.

Networks, guests, routes, firewall rules and files of such a host exist only inside, so tests neither see nor touch the
machine's own libvirtd and network, several hosts run at once, and all of it ends with one process.

The host's ``/run``, ``/etc/libvirt`` and ``/var/{lib,cache,log}/libvirt`` are directories of :attr:`workdir`, which has
the same path on both sides. Disks and pools belong into :attr:`storage` or any other directory that is none of those.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

INIT = Path(__file__).with_name("private_libvirt_init.sh")
HOOK = Path(__file__).parents[2] / "roles" / "node" / "files" / "network_hook.py"
START_TIMEOUT = 60.0

# A log file with warnings, no authentication, and a host identity of its own (migration refuses two equal ones).
LIBVIRTD_CONF = """\
auth_unix_rw = "none"
unix_sock_rw_perms = "0700"
host_uuid = "{host_uuid}"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
"""

# Everything runs as root without confinement: the namespaces are the confinement.
QEMU_CONF = """\
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = []
namespaces = []
remember_owner = 0
"""


class PrivateLibvirtError(RuntimeError):
    """The private libvirt host could not be started."""


class PrivateLibvirt:
    """One running private libvirt host; use as a context manager or call :meth:`close`."""

    def __init__(self, parent: Path | None = None, *, qemu: str = "", vxlan_device: str = "") -> None:
        """Start the host, with ``qemu`` as further lines of qemu.conf, and role node's hook that makes VXLANs over a
        device.

        ``parent`` is where its working directory is made. Keep it short: a UNIX socket's path has at most 107 bytes.
        """
        self.name = f"cairn-{secrets.token_hex(4)}"
        self.workdir = (parent or Path(tempfile.gettempdir())) / self.name
        self.storage = self.workdir / "storage"
        self._holder: subprocess.Popen[str] | None = None
        try:
            self._write_files(qemu)
            if vxlan_device:
                self._put_hook(vxlan_device)
            self._holder = self._start()
            self.pid = _child_of(self._holder.pid)
        except BaseException:
            self.close()
            raise

    @property
    def socket(self) -> Path:
        """The path of libvirtd's socket, the same inside and outside."""
        return self.workdir / "run" / "libvirt" / "libvirt-sock"

    @property
    def uri(self) -> str:
        """The connection URI for clients outside of the namespaces; inside, ``qemu:///system`` works too."""
        return f"qemu+unix:///system?socket={self.socket}"

    def popen(self, argv: Sequence[str | Path], **kwargs: Any) -> subprocess.Popen[Any]:
        """Start a command inside the namespaces, as leader of a process group of its own."""
        cwd = kwargs.pop("cwd", None) or Path.cwd()
        enter = [
            "nsenter",
            f"--target={self.pid}",
            "--mount",
            "--net",
            "--pid",
            "--ipc",
            "--uts",
            f"--wdns={cwd}",
            "--",
        ]
        return subprocess.Popen([*enter, *map(str, argv)], start_new_session=True, **kwargs)

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        check: bool = True,
        timeout: float = 60,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside the namespaces and return its text output; kill all of it when the time is over."""
        pipe = subprocess.PIPE
        process = self.popen(argv, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env, cwd=cwd)
        try:
            stdout, stderr = process.communicate(stdin, timeout=timeout)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        if check and process.returncode:
            raise PrivateLibvirtError(
                f"{' '.join(map(str, argv))}: exit status {process.returncode}: {stderr or stdout}"
            )
        return subprocess.CompletedProcess([str(word) for word in argv], process.returncode, stdout, stderr)

    def end(self, process: subprocess.Popen[Any], number: int = signal.SIGTERM) -> None:
        """Send a signal to a command that was started here and to all that it started, and wait for it."""
        for pid in reversed(_tree(process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        process.wait(timeout=30)

    def close(self) -> None:
        """End every process of the host and remove its directory; the namespaces and all that is in them go too."""
        if self._holder is not None:
            _end(self._holder)
            self._holder = None
        shutil.rmtree(self.workdir, ignore_errors=True)

    def __enter__(self) -> PrivateLibvirt:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write_files(self, qemu: str) -> None:
        for name in ("run", "etc", "lib", "cache", "log", "storage"):
            (self.workdir / name).mkdir(parents=True)
        (self.workdir / "etc" / "libvirtd.conf").write_text(LIBVIRTD_CONF.format(host_uuid=uuid.uuid4()))
        (self.workdir / "etc" / "qemu.conf").write_text(QEMU_CONF + qemu)

    def _put_hook(self, device: str) -> None:
        for name in ("cairn", "hooks"):
            (self.workdir / "etc" / name).mkdir()
        (self.workdir / "etc" / "cairn" / "vxlan_device").write_text(f"{device}\n")
        shutil.copy(HOOK, self.workdir / "etc" / "hooks" / "network")
        (self.workdir / "etc" / "hooks" / "network").chmod(0o755)

    def _start(self) -> subprocess.Popen[str]:
        unshare = ["unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"]
        pipe = subprocess.PIPE
        with (self.workdir / "log" / "init.log").open("w") as log:
            command = [*unshare, "bash", str(INIT), str(self.workdir)]
            holder = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True, start_new_session=True)
        assert holder.stdout is not None
        in_time = select.select([holder.stdout], [], [], START_TIMEOUT)[0]
        if not in_time or holder.stdout.readline() != "ready\n":
            _end(holder)
            raise PrivateLibvirtError(f"the private libvirt host did not start: {self._logs()}")
        return holder

    def _logs(self) -> str:
        texts = (path.read_text(errors="replace") for path in sorted((self.workdir / "log").glob("*.log")))
        return "\n".join(texts) or "it wrote no log"


def _child_of(pid: int) -> int:
    """The process that ``unshare --fork`` started: PID 1 of the namespace."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _tree(pid: int) -> list[int]:
    """A process and all that come from it, whatever session they are in."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _end(holder: subprocess.Popen[str]) -> None:
    """Kill PID 1 of the namespace, which the kernel lets go only after all other processes of it."""
    with contextlib.suppress(IndexError, ProcessLookupError, FileNotFoundError):
        os.kill(_child_of(holder.pid), signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        holder.wait(timeout=30)
    holder.kill()
    holder.wait()
    for stream in (holder.stdin, holder.stdout):
        if stream is not None:
            stream.close()
