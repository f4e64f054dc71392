# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Each file of the engine's core and of the schema machinery has its test file, at the mirrored path."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.collection import CHECKOUT
from support.mirror import MIRRORED, missing_tests

LOGIC = "def decide():\n    return 1\n"
DATA = "LIMIT = 1\n"
TEST = "def test_decide():\n    assert True\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_no_test_file_is_missing() -> None:
    assert list(missing_tests(CHECKOUT / "plugins", CHECKOUT / "tests" / "unit")) == []


@pytest.mark.parametrize("part", MIRRORED)
def test_the_mirrored_parts_exist(part: str) -> None:
    assert list((CHECKOUT / "plugins" / part).glob("*.py"))


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("plugin_utils/_core/place.py", "plugin_utils/_core/test_place.py"),
        ("plugin_utils/_core/converge/zone.py", "plugin_utils/_core/converge/test_zone.py"),
        ("plugin_utils/_core/converge/__init__.py", "plugin_utils/_core/converge/test_converge.py"),
        ("module_utils/_schema/_words.py", "module_utils/_schema/test_words.py"),
    ],
)
def test_a_missing_or_empty_test_file_is_found(tmp_path: Path, source: str, test: str) -> None:
    plugins, unit = tmp_path / "plugins", tmp_path / "unit"
    write(plugins / source, LOGIC)
    assert list(missing_tests(plugins, unit)) == [test]
    write(unit / test, DATA)
    assert list(missing_tests(plugins, unit)) == [test]
    write(unit / test, TEST)
    assert list(missing_tests(plugins, unit)) == []


def test_declarations_need_no_test_file(tmp_path: Path) -> None:
    write(tmp_path / "plugins" / "plugin_utils" / "_core" / "limits.py", DATA)
    assert list(missing_tests(tmp_path / "plugins", tmp_path / "unit")) == []
