# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where an image comes from is shown without what is private in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.source import local_path, opened, shown


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://ann:hunter2@host:8443/a/b.qcow2?signature=x#y", "https://host:8443/a/b.qcow2"),
        ("file:///images/a%20b.qcow2", "file:///images/a%20b.qcow2"),
    ],
)
def test_shown(url: str, told: str) -> None:
    assert shown(url) == told


def test_local_path() -> None:
    assert local_path("file:///images/a%20b.qcow2") == Path("/images/a b.qcow2")
    assert local_path("http://host/images") is None


def test_a_file_says_what_it_takes_of_a_disk(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.write(b"start")
        file.truncate(50 << 20)
    with opened(sparse.as_uri(), plain=False) as stream:
        assert stream.size == 50 << 20
        assert stream.needs < 1 << 20
        assert stream.read(5) == b"start"
