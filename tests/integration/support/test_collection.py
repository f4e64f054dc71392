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


@pytest.mark.parametrize("bundle", [False, True])
def test_plugins_come_from_the_checkout(tmp_path: Path, bundle: bool) -> None:
    """Also where the ``ansible`` bundle has installed a regular package of the same name."""
    if bundle:
        (tmp_path / "ansible_collections").mkdir()
        (tmp_path / "ansible_collections" / "__init__.py").touch()
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT / 'tests'}"}
    found = subprocess.run([sys.executable, "-c", SCRIPT], env=env, check=True, capture_output=True, text=True)
    assert found.stdout.split() == [str(DEV_TREE / "ansible_collections" / "cairn" / "cloud" / "plugins")]
