# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""``tests/unit`` mirrors ``plugins``: where the test file of a source file is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

# Parts of plugins/ of which each file with logic has a test file of its own.
MIRRORED = ("plugin_utils/_core", "module_utils/_schema")


def missing_tests(plugins: Path, unit: Path) -> Iterator[str]:
    """The test files, below ``unit``, that ought to exist and do not."""
    for part in MIRRORED:
        for source in sorted((plugins / part).rglob("*.py")):
            test = mirror(source.relative_to(plugins))
            if has_logic(source) and not has_tests(unit / test):
                yield test.as_posix()


def mirror(source: Path) -> Path:
    """``plugin_utils/_core/place.py`` is tested by ``plugin_utils/_core/test_place.py``; a package by its name."""
    stem = source.parent.name if source.stem == "__init__" else source.stem
    return source.with_name(f"test_{stem.lstrip('_')}.py")


def has_logic(source: Path) -> bool:
    """Whether a file defines a function or method: declarations of data need no test of their own."""
    return _defines(source, "")


def has_tests(test: Path) -> bool:
    """Whether a file is there and has a test in it."""
    return test.is_file() and _defines(test, "test_")


def _defines(path: Path, prefix: str) -> bool:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.walk(ast.parse(path.read_text()))
    return any(isinstance(node, functions) and node.name.startswith(prefix) for node in nodes)
