# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The checkout under the path that Ansible expects of a collection, whatever the checkout itself is called.

Run as a script, it makes the development tree and prints where it is (a value for ``ANSIBLE_COLLECTIONS_PATH``).
"""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
DEV_TREE = CHECKOUT / "build" / "dev"


def make_dev_tree() -> Path:
    """Link ``build/dev/ansible_collections/cairn/cloud`` to the checkout; processes may do so at the same time."""
    link = DEV_TREE / "ansible_collections" / "cairn" / "cloud"
    link.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        link.symlink_to("../../../..", target_is_directory=True)
    return DEV_TREE


def make_importable(tree: Path) -> None:
    """Let ``import ansible_collections.cairn.cloud...`` find the tree.

    The path alone is enough for a namespace package; where the ``ansible`` bundle has installed a regular package of
    that name, the tree goes in front of the bundle's collections.
    """
    sys.path.insert(0, str(tree))
    importlib.invalidate_caches()
    package = importlib.import_module("ansible_collections")
    root = str(tree / "ansible_collections")
    if root not in package.__path__:
        package.__path__.insert(0, root)


if __name__ == "__main__":
    print(make_dev_tree())
