# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where an image comes from: a file of this machine, and what that takes."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.source import local_path, opened


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
