# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""qemu-img on images from strangers: with bounds on its time and memory, and never on one that names other files."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from ....module_utils._schema.errors import DriverError

# A broken or hostile image may make it spin or allocate without end: bytes of address space, seconds of CPU, seconds.
# Source: CVE-2015-5162, whose remedy in OpenStack were such bounds.
ADDRESS_SPACE = 1 << 30
CPU_SECONDS = 60
TIMEOUT = 300

# Exit status of "qemu-img check" (qemu-img(1)): 0 is sound, 3 means space that is merely lost.
_SOUND = (0, 3)


def virtual_size(path: Path, format: str, shown: str) -> int:
    """Bytes of the disk that a guest sees. Raises DriverError when qemu-img cannot read the image."""
    result = _run("info", path, format, shown, "--output=json")
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1].replace(str(path), "the image")
        raise DriverError(f"the image {shown} cannot be read: {reason}; fetch it anew")
    return int(json.loads(result.stdout)["virtual-size"])


def check(path: Path, format: str, shown: str) -> None:
    """Raises DriverError when the tables of the image contradict each other, as those of a cut off one do."""
    if _run("check", path, format, shown, "-q").returncode not in _SOUND:
        raise DriverError(f"the image {shown} is damaged or cut off; fetch it anew, or see 'qemu-img check'")


def flatten(path: Path, over: str, over_format: str, target: Path) -> None:
    """Write the image ``path``, which lies over the file ``over``, to ``target`` as one that stands alone.

    The files are named here, whatever the image says of them. It takes as long as it takes.
    """
    source = {
        "driver": "qcow2",
        "file": {"driver": "file", "filename": str(path.absolute())},
        "backing": {"driver": over_format, "file": {"driver": "file", "filename": over}},
    }
    arguments = ["convert", "-O", "qcow2", f"json:{json.dumps(source)}", str(target.absolute())]
    result = _bounded([f"--as={ADDRESS_SPACE}"], arguments, subprocess.PIPE, None)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DriverError(f"the volume cannot be written as one file: {reason}")


def _run(command: str, path: Path, format: str, shown: str, *options: str) -> subprocess.CompletedProcess[str]:
    bounds = [f"--as={ADDRESS_SPACE}", f"--cpu={CPU_SECONDS}"]
    # The format is named: a guessed one is what the image's maker wants it to be.
    arguments = [command, "-f", format, *options, str(path.absolute())]
    # A damaged image has as many complaints as it has clusters.
    errors = subprocess.PIPE if command == "info" else subprocess.DEVNULL
    try:
        return _bounded(bounds, arguments, errors, TIMEOUT)
    except subprocess.TimeoutExpired:
        raise DriverError(f"the image {shown} kept qemu-img busy for {TIMEOUT} seconds; use another image") from None


def _bounded(
    bounds: list[str], arguments: list[str], errors: int, timeout: int | None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["prlimit", *bounds, "--core=0", "--", "qemu-img", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError:
        raise DriverError("qemu-img or prlimit is not installed here; install qemu-utils and util-linux") from None
