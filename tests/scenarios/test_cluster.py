# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The scenario of several machines: made by the roles over SSH, tested, and gone without a trace."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.collection import CHECKOUT
from support.machines import lab

SCENARIO = "cluster"
OBSTACLE = lab.obstacle()


@pytest.fixture
def ended() -> Iterator[None]:
    """What a run that was cut short leaves up is ended."""
    yield
    lab.discard(SCENARIO)


# The one thing that tests need and that not each machine can be given.
@pytest.mark.skipif(bool(OBSTACLE), reason=f"no lab can be made here: {OBSTACLE}")
@pytest.mark.usefixtures("ended")
def test_the_roles_make_a_cluster(tmp_path: Path) -> None:
    programs = Path(sys.executable).parent
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))}
    done = subprocess.run(
        [programs / "molecule", "test", "--scenario-name", SCENARIO],
        cwd=CHECKOUT,
        env={**inherited, "PATH": f"{programs}:{inherited['PATH']}", "MOLECULE_EPHEMERAL_DIRECTORY": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20000:]
