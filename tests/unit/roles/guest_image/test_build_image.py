# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is built gets into the cache under the key of the builder that built it, and under no other."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from support.collection import CHECKOUT

BUILDER = CHECKOUT / "roles/guest_image/files/builder"
SOURCE = "deb http://mirror.test/debian bookworm main\n"
# Stands for an image; while it is built, another run of the role may put its own builder in the place of this one.
IMAGE = """
from pathlib import Path
def build(work, sources, target):
    target.write_text("built")
    {meanwhile}
"""
REPLACED = 'Path(__file__).with_name("router.py").write_text("# another one")'


def run(directory: Path, meanwhile: str) -> subprocess.CompletedProcess[str]:
    builder = directory / "builder"
    shutil.copytree(BUILDER, builder, ignore=shutil.ignore_patterns("__pycache__"))
    (builder / "tiny.py").write_text(IMAGE.format(meanwhile=meanwhile))
    (builder / "router.py").write_text("")
    where = ["--directory", directory / "images", "--cache", directory / "cache", "--sources", "stdin"]
    command = [sys.executable, "-B", builder / "build_image.py", "tiny", *where]
    return subprocess.run(command, input=SOURCE, capture_output=True, text=True, check=False)


def test_what_is_built_is_kept(tmp_path: Path) -> None:
    done = run(tmp_path, "pass")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["built"]
    assert (tmp_path / "images/tiny.qcow2").read_text() == "built"


def test_what_a_builder_made_that_was_replaced_meanwhile_is_not(tmp_path: Path) -> None:
    done = run(tmp_path, REPLACED)
    assert done.returncode == 1
    assert "the builder was replaced by another one while it built; run it again" in done.stderr
    assert list((tmp_path / "cache").glob("*.qcow2*")) == []
    assert not (tmp_path / "images").exists()
