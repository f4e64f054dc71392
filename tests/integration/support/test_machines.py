# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A lab's machines boot, have addresses that this machine has no part in, and leave nothing behind."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.collection import CHECKOUT
from support.machines import base, boot, lab, traces
from support.machines.base import LabError

TESTS = CHECKOUT / "tests"


@pytest.fixture
def name() -> Iterator[str]:
    """A name that no other lab has; what a failed test left under it is ended."""
    found = f"test-{secrets.token_hex(3)}"
    yield found
    lab.discard(found)


def test_machines_boot_and_leave_nothing_behind(name: str) -> None:
    one = lab.begin(name, [lab.Machine("m1", 0), lab.Machine("n1", 1)])
    boot.start(one, bare=False)
    first, second = one.machines
    assert one.ssh(first, "hostname").stdout == "m1\n"
    assert one.ssh(first, f"ping -c 1 -W 5 {second.name}").returncode == 0
    addresses = subprocess.run(["ip", "-oneline", "address"], capture_output=True, text=True, check=True).stdout
    assert lab.NETWORK not in addresses
    namespaces = traces.own_namespaces(one.pid)
    # A connection that is still open keeps the lab's network, unless it is ended too.
    waiting = subprocess.Popen(["nsenter", f"--net=/proc/{one.pid}/ns/net", "sleep", "600"])
    try:
        found = lab.find(name)
        assert found == one
        assert found.end() == []
        assert traces.inside(namespaces) == []
    finally:
        waiting.kill()
        waiting.wait()
    assert lab.find(name) is None
    assert not one.directory.exists()


def test_what_a_lab_is_made_of_is_not_removed(tmp_path: Path) -> None:
    used, unused = tmp_path / "used", tmp_path / "unused"
    for path in (used, unused):
        (path / "etc").mkdir(parents=True)
    deadline = time.monotonic() + 60
    with subprocess.Popen(base.in_use([used]), stdout=subprocess.DEVNULL, start_new_session=True) as holding:
        while subprocess.run(["flock", "--nonblock", used, "true"], check=False).returncode == 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for path in (used, unused):
            base._remove_unused(path)
        os.killpg(holding.pid, signal.SIGKILL)
    assert used.exists()
    assert not unused.exists()
    # The kernel may need a moment to let go of what the killed ones held.
    while used.exists():
        assert time.monotonic() < deadline
        base._remove_unused(used)
        time.sleep(0.05)


def test_a_lab_is_there_once(name: str) -> None:
    one = lab.begin(name, [])
    with pytest.raises(LabError, match="is there already; end it first"):
        lab.begin(name, [])
    assert one.end() == []


def test_a_lab_whose_maker_is_killed_at_once_leaves_nothing(name: str) -> None:
    """Before there is a file by which anybody could find what holds it."""
    begin = "import os, signal; from support.machines import lab; lab.Lab.save = lambda self: {}; lab.begin({!r}, [])"
    killed = "(print(self.pid, flush=True), os.kill(os.getpid(), signal.SIGKILL))"
    program = [sys.executable, "-c", begin.format(killed, name)]
    done = subprocess.run(program, cwd=TESTS, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    deadline = time.monotonic() + 30
    while Path(f"/proc/{int(done.stdout)}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert lab.find(name) is None
    assert lab.discard(name) == []
    assert lab.begin(name, []).end() == []


def test_what_is_left_is_named(tmp_path: Path) -> None:
    """And what others do on the machine at the same time is not."""
    directory, gone = tmp_path / "lab", tmp_path / "gone"
    (directory / "root").mkdir(parents=True)
    (tmp_path / "lab-of-others").mkdir()
    before = traces.seen(directory, ["lo"])
    assert before == {"mount": [], "link": ["lo"]}
    assert traces.left(before, before, set(), [gone]) == []
    mounted = [directory / "root", tmp_path / "lab-of-others"]
    with contextlib.ExitStack() as stack:
        for path in mounted:
            subprocess.run(["mount", "-t", "tmpfs", "tmpfs", path], check=True)
            stack.callback(subprocess.run, ["umount", path], check=True)
        now = traces.seen(directory, ["lo"])
        assert traces.left(before, now, set(), [gone]) == [f"mount {directory / 'root'}"]
        assert traces.left(before | {"link": []}, now, set(), [gone])[1:] == ["link lo"]
    assert traces.left(before, before, set(), [directory]) == [f"directory {directory}"]
    ours = traces.namespaces_of(os.getpid())
    assert f"process {os.getpid()}" in traces.left(before, before, ours, [gone])
