#!/usr/bin/env python3
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Find out by running a guest whether this machine's KVM is usable.

That /dev/kvm exists proves nothing: under some hypervisors virtual machines can be made on it, but guests crawl or
hang, or start only with a CPU that is not the host's. So a guest of four instructions is run twice, emulated and under
KVM with the host's CPU, and KVM counts as usable when its guest ends about as soon as the emulated one. One line of
JSON goes to standard output.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

SECTOR_SIZE = 512
EXIT_PORT = 0xF4
EXIT_VALUE = 0x10
# The isa-debug-exit device ends QEMU with this code when EXIT_VALUE is written to its port.
EXIT_CODE = EXIT_VALUE << 1 | 1
GUEST = bytes(
    (
        *(0xBA, EXIT_PORT, 0x00),  # mov dx, EXIT_PORT
        *(0xB0, EXIT_VALUE),  # mov al, EXIT_VALUE
        0xEE,  # out dx, al
        0xF4,  # hlt
    )
)
# What guests get: with KVM the host's own.
CPUS = {"tcg": "qemu64", "kvm": "host"}
BOOT_SIGNATURE = b"\x55\xaa"

# The emulated guest takes a quarter of a second; on a busy machine it may take a few.
EMULATED_LIMIT = 60.0
# KVM that works is no slower than emulation; what is not usable takes many times as long, or for ever.
KVM_LIMIT = 2.0
KVM_FACTOR = 3.0


class ProbeError(Exception):
    """What stopped the guest from ending as it should, in words."""


def boot_sector() -> bytes:
    return GUEST.ljust(SECTOR_SIZE - len(BOOT_SIGNATURE), b"\0") + BOOT_SIGNATURE


def run_guest(qemu: str, floppy: Path, accelerator: str, limit: float) -> float:
    """Run the guest and return the seconds that it took."""
    command = [qemu, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-m", "16"]
    command += ["-machine", "pc", "-accel", accelerator, "-cpu", CPUS[accelerator]]
    command += ["-device", f"isa-debug-exit,iobase={EXIT_PORT:#x},iosize=0x04"]
    command += ["-drive", f"if=floppy,format=raw,readonly=on,file={floppy}"]
    started = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        raise ProbeError(f"a guest did not end within {limit:.1f} s") from None
    except OSError as error:
        raise ProbeError(f"cannot run {qemu}: {error.strerror}") from None
    if done.returncode != EXIT_CODE:
        said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise ProbeError(f"QEMU ended with code {done.returncode} and said: {said[0]}")
    return time.monotonic() - started


def probe(qemu: str, kvm_device: Path) -> dict[str, str]:
    if not kvm_device.exists():
        return {"virt_type": "qemu", "reason": f"there is no {kvm_device}"}
    with tempfile.TemporaryDirectory() as directory:
        floppy = Path(directory, "floppy")
        floppy.write_bytes(boot_sector())
        try:
            emulated = run_guest(qemu, floppy, "tcg", EMULATED_LIMIT)
        except ProbeError as error:
            return {"error": f"even an emulated guest does not run: {error}"}
        try:
            taken = run_guest(qemu, floppy, "kvm", max(KVM_LIMIT, KVM_FACTOR * emulated))
        except ProbeError as error:
            return {"virt_type": "qemu", "reason": f"{kvm_device} is there but not usable: {error}"}
    return {"virt_type": "kvm", "reason": f"a guest under KVM ended in {taken:.1f} s"}


def main() -> int:
    parser = argparse.ArgumentParser(description="Find out by running a guest whether KVM is usable.")
    parser.add_argument("--qemu", default="/usr/bin/qemu-system-x86_64", help="the emulator to run")
    parser.add_argument("--kvm-device", type=Path, default=Path("/dev/kvm"), help="the device of KVM")
    options = parser.parse_args()
    result = probe(options.qemu, options.kvm_device)
    print(json.dumps(result))
    return 1 if "error" in result else 0


if __name__ == "__main__":
    raise SystemExit(main())
