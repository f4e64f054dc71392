# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program that gives the state to the daemon's user: what it gives, and that no link leads it elsewhere."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from support.collection import CHECKOUT

# Nobody's numbers.
IDS = (64123, 64124)
OWN = (os.getuid(), os.getgid())


def load() -> ModuleType:
    path = CHECKOUT / "roles" / "management" / "files" / "own_state.py"
    spec = importlib.util.spec_from_file_location("role_management_own_state", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


program = load()


def give(state: Path, ids: tuple[int, int] = IDS, *, check: bool = False) -> bool:
    return bool(program.give(state, ids, check=check))


def owner(path: Path) -> tuple[int, int]:
    seen = path.lstat()
    return seen.st_uid, seen.st_gid


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """What root's runs made, and what is not the engine's."""
    found = tmp_path / "state"
    (found / "secondary" / "deep" / "deeper").mkdir(parents=True)
    for name in ("staging", "images", "primary", "exchange"):
        (found / name).mkdir()
    for name in ("cairn.db", "cairn.db-wal", "secondary/one", "secondary/deep/deeper/two", "staging/three"):
        (found / name).write_text("content")
    for name in ("images/tiny.qcow2", "primary/volume", "exchange/mine", "note"):
        (found / name).write_text("content")
    return found


def test_what_the_engine_keeps_is_given_and_given_back(state: Path) -> None:
    engines = ["cairn.db", "cairn.db-wal", "secondary", "secondary/one", "secondary/deep/deeper/two", "staging/three"]
    others = [".", "images", "images/tiny.qcow2", "primary/volume", "exchange/mine", "note"]
    for ids in (IDS, OWN):
        assert give(state, ids, check=True)
        assert owner(state / "cairn.db") != ids
        assert give(state, ids)
        assert {owner(state / name) for name in [*engines, "exchange"]} == {ids}
        assert {owner(state / name) for name in others} == {OWN}
        assert not give(state, ids)
        assert not give(state, ids, check=True)


def test_the_folder_of_images_is_made(tmp_path: Path) -> None:
    assert give(tmp_path / "none yet", check=True)
    assert give(tmp_path, check=True)
    assert list(tmp_path.iterdir()) == []
    assert give(tmp_path)
    made = tmp_path / "secondary"
    assert (owner(made), made.stat().st_mode & 0o777) == (IDS, 0o750)
    assert not give(tmp_path)


def planted_link(at: Path, target: Path) -> None:
    at.symlink_to(target)


def planted_name(at: Path, target: Path) -> None:
    os.link(target, at)


def planted_folder(at: Path, target: Path) -> None:
    at.symlink_to(target.parent)


@pytest.mark.parametrize("plant", [planted_link, planted_name, planted_folder])
@pytest.mark.parametrize("name", ["cairn.db-shm", "secondary/shadow", "secondary/deep/shadow", "staging/shadow"])
def test_what_a_link_leads_to_is_not_given(
    state: Path, tmp_path: Path, plant: Callable[[Path, Path], None], name: str
) -> None:
    target = tmp_path / "etc" / "shadow"
    target.parent.mkdir()
    target.write_text("root's")
    plant(state / name, target)
    for check in (True, False):
        with pytest.raises(program.Refused, match=f"^{state / name} .*; remove it$"):
            give(state, check=check)
    assert owner(state / "cairn.db") == owner(state / "secondary") == OWN
    assert owner(target) == owner(target.parent) == OWN


@pytest.mark.parametrize("name", ["secondary", "staging", "exchange"])
def test_a_link_in_the_place_of_a_folder_is_refused(state: Path, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "shadow").write_text("root's")
    (state / name).rename(state / "moved")
    (state / name).symlink_to(elsewhere)
    with pytest.raises(program.Refused, match=f"^{state / name} is not a folder; remove it"):
        give(state)
    assert owner(elsewhere) == owner(elsewhere / "shadow") == OWN


def test_a_link_that_comes_in_between_is_not_followed(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user puts a link in the place of a folder that root works in."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "one").write_text("root's")
    chown = os.chown

    def swap(path: str, uid: int, gid: int) -> None:
        if os.readlink(path) == str(state / "secondary"):
            (state / "secondary").rename(state / "moved")
            (state / "secondary").symlink_to(elsewhere)
        chown(path, uid, gid)

    monkeypatch.setattr(os, "chown", swap)
    assert give(state)
    monkeypatch.undo()
    assert (state / "secondary").is_symlink()
    assert owner(state / "moved") == owner(state / "moved" / "one") == IDS
    assert owner(elsewhere) == owner(elsewhere / "one") == OWN


def test_the_state_directory_is_not_a_link_itself(state: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(state)
    with pytest.raises(OSError, match="Not a directory"):
        give(tmp_path / "link")
    assert owner(state / "cairn.db") == OWN
