# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The command line with a real guest: what it lists, and the guest's serial console on a terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

from support.small_cloud import SmallCloud

PROGRAM = "ansible_collections.cairn.cloud.plugins.plugin_utils._cli"


def command(cloud: SmallCloud, *words: str) -> tuple[list[str], dict[str, str]]:
    environment = cloud.ansible.environment() | {"PYTHONPATH": cloud.ansible.collections, "TERM": "xterm"}
    return [sys.executable, "-m", PROGRAM, *words], environment


def read_until(terminal: int, text: bytes, timeout: float) -> bytes:
    """What the terminal shows up to ``text``."""
    shown, deadline = b"", time.monotonic() + timeout
    while text not in shown:
        assert select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0], shown
        shown += os.read(terminal, 4096)
    return shown


def test_a_guests_console_on_a_terminal(cloud: SmallCloud) -> None:
    cloud.apply([*cloud.documents, cloud.instance("vm1")])
    words, environment = command(cloud, "list", "instances", "--filter", "state=running")
    listed = cloud.host.run(words, env=environment, cwd=cloud.directory).stdout
    assert listed.splitlines()[1].startswith("vm1")
    assert "\x1b" not in listed

    terminal, other_end = pty.openpty()
    words, environment = command(cloud, "console", "vm1")
    ends = {"stdin": other_end, "stdout": other_end, "stderr": other_end}
    process = cloud.host.popen(words, env=environment, cwd=cloud.directory, **ends)
    try:
        read_until(terminal, b"Connected to vm1", 30)
        _answers(terminal)
        os.write(terminal, b"\x1d")
        read_until(terminal, b"Left the console", 30)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        os.close(other_end)


def _answers(terminal: int) -> None:
    """The guest echoes what is typed, and answers."""
    read_until(terminal, b"login:", 120)
    os.write(terminal, b"\r")
    read_until(terminal, b"login:", 30)
    os.write(terminal, b"nobody\r")
    read_until(terminal, b"Password:", 60)


def test_a_console_of_what_does_not_run(cloud: SmallCloud) -> None:
    cloud.apply([*cloud.documents, cloud.instance("vm1") | {"state": "stopped"}])
    words, environment = command(cloud, "console", "vm1")
    terminal, other_end = pty.openpty()
    process = cloud.host.popen(
        words, env=environment, cwd=cloud.directory, stdin=other_end, stdout=other_end, stderr=subprocess.PIPE
    )
    said = process.communicate(timeout=60)[1].decode()
    os.close(terminal)
    os.close(other_end)
    assert process.returncode == 1
    assert said.endswith("Error: instance 'vm1': it does not run; start it first\n")
