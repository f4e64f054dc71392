# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A file on its way is under another name until it is whole, and what killed processes left is removed."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.incoming import (
    PREFIX,
    Occupied,
    incoming,
    size,
    sweep,
)


def names(directory: Path) -> list[str]:
    return sorted(file.name for file in directory.iterdir())


def test_it_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    with incoming(tmp_path, 0) as file:
        file.write(b"whole")
        file.write(bytes(5000))
        assert names(tmp_path) == [file.path.name]
        assert file.path.name.startswith(PREFIX)
        file.flush()
        file.become("name")
    assert names(tmp_path) == ["name"]
    assert (tmp_path / "name").read_bytes() == b"whole" + bytes(5000)


@pytest.mark.parametrize("links", [True, False])
def test_a_new_one_takes_no_place_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    def without(path: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    def make(content: bytes) -> None:
        with incoming(tmp_path, 0) as file:
            file.write(content)
            file.flush()
            file.become("name", new=True)

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", without)
    make(b"whole")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"whole"]
    assert (tmp_path / "name").stat().st_nlink == 1
    with pytest.raises(Occupied, match="name was written by others meanwhile"):
        make(b"later")
    assert names(tmp_path) == ["name"]
    assert (tmp_path / "name").read_bytes() == b"whole"


def test_nothing_is_left_of_one_that_failed(tmp_path: Path) -> None:
    with pytest.raises(TypeError), incoming(tmp_path, 0) as file:
        file.write("no bytes")  # type: ignore[arg-type]
    assert names(tmp_path) == []


def test_what_the_dead_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}0123").write_bytes(b"left")
    (tmp_path / "image").write_bytes(b"kept")
    with incoming(tmp_path, 0) as file:
        file.write(b"x")
        sweep(tmp_path)
        assert names(tmp_path) == sorted([file.path.name, "image"])


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (5 << 30, "5.0 GiB"), (1 << 60, "1048576.0 TiB")],
)
def test_sizes_for_people(count: int, text: str) -> None:
    assert size(count) == text
