# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Plugins are imported from this checkout, whatever it is called and whatever else is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.collection import CHECKOUT, DEV_TREE, make_dev_tree

SCRIPT = """
from support.collection import make_dev_tree, make_importable
make_importable(make_dev_tree())
import ansible_collections.cairn.cloud.plugins as plugins
print(*plugins.__path__)
"""


def test_the_development_tree_is_the_checkout() -> None:
    assert (make_dev_tree() / "ansible_collections" / "cairn" / "cloud").samefile(CHECKOUT)


@pytest.mark.parametrize("packages", [[], ["__init__.py"], ["__init__.py", "cairn/__init__.py"]])
def test_plugins_come_from_the_checkout(tmp_path: Path, packages: list[str]) -> None:
    """Also where the ``ansible`` bundle has installed regular packages of the same name."""
    for name in packages:
        file = tmp_path / "ansible_collections" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT / 'tests'}"}
    found = subprocess.run([sys.executable, "-c", SCRIPT], env=env, check=True, capture_output=True, text=True)
    assert found.stdout.split() == [str(DEV_TREE / "ansible_collections" / "cairn" / "cloud" / "plugins")]
