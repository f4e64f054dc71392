# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A holder is alive as long as its process is the one it was."""

from __future__ import annotations

import dataclasses as dc
import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.holder import Holder


def test_it_survives_being_written() -> None:
    holder = Holder.new()
    assert Holder.parse(str(holder)) == holder
    assert Holder.new() != holder


def test_we_are_alive_and_here() -> None:
    holder = Holder.new()
    assert holder.here
    assert not holder.dead
    assert holder.label == f"process {holder.pid}"


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    holder = Holder.new()
    assert dc.replace(holder, started=holder.started - 1).dead


def test_of_another_machine_nothing_is_known() -> None:
    holder = dc.replace(Holder.new(), machine="other/1", hostname="node7", started=1)
    assert not holder.here
    assert not holder.dead
    assert holder.label == f"process {holder.pid} of node7"


def test_a_process_that_ended_is_dead_before_its_parent_looks() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[19]
    holder = dc.replace(Holder.new(), pid=child.pid, started=int(started))
    assert not holder.dead
    child.kill()
    # Waits for its end, and leaves its exit status where it is.
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert holder.dead
    child.communicate()
    assert holder.dead
