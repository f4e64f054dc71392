# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which files of the machine may be named, wherever links lead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.bounds import Confined, Own


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder for callers, one for images, and a secret that links lead to."""
    for name in ("exchange", "exchange2", "secondary", "own"):
        (tmp_path / name).mkdir()
    (tmp_path / "own" / "secret.key").write_text("hunter2")
    (tmp_path / "exchange" / "image").write_text("an image")
    (tmp_path / "exchange" / "file").symlink_to(tmp_path / "own" / "secret.key")
    (tmp_path / "exchange" / "folder").symlink_to(tmp_path / "own")
    (tmp_path / "exchange" / "none").symlink_to(tmp_path / "own" / "none")
    (tmp_path / "own" / "inward").symlink_to(tmp_path / "exchange" / "image")
    return tmp_path


@pytest.fixture
def confined(place: Path) -> Confined:
    folders = [str(place / "exchange")]
    return Confined([str(place / "own"), str(place / "exchange" / "cairn.db")], folders, [str(place / "secondary")])


OUTSIDE = [
    *("own/secret.key", "exchange2/image", "exchange/../own/secret.key", "exchange/folder/secret.key"),
    *("exchange/file", "exchange/none", "own/inward", "none"),
]


def refused(act: Callable[[str], None], path: str) -> str:
    with pytest.raises(DriverError) as caught:
        act(path)
    return str(caught.value)


@pytest.mark.parametrize("path", OUTSIDE)
def test_callers_name_nothing_outside_their_folders(place: Path, confined: Confined, path: str) -> None:
    whole = str(place / path)
    remedy = f"{whole} is not below {place}/exchange, where callers of the daemon may name files; name one there"
    assert refused(confined.read, whole) == refused(confined.write, whole) == remedy
    assert f"{whole} is not below" in refused(confined.keep, whole)
    assert f"{whole} is not below" in refused(confined.host, f"test://{whole}")


def test_callers_name_what_is_below_their_folders(place: Path, confined: Confined) -> None:
    for path in ("exchange/image", "exchange/new", "exchange/new/one"):
        confined.read(str(place / path))
        confined.write(str(place / path))
        confined.host(f"test://{place / path}?cpus=3")
    confined.keep(str(place / "secondary"))
    confined.keep(f"{place}/secondary/zone1/")
    confined.keep(str(place / "exchange"))


def test_hosts_of_callers(confined: Confined) -> None:
    confined.host("qemu+tls://node1/system")
    url = "qemu+tls://node1/system?no_verify=1"
    told = refused(confined.host, url)
    assert told.startswith(f"host {url} is not opened by the daemon: its parameter 'no_verify'")


def test_nobody_writes_over_the_clouds_own_files(place: Path, confined: Confined) -> None:
    own = Own([str(place / "own" / "secret.key"), str(place / "secondary")])
    for path in ("own/secret.key", "exchange/file", "exchange/folder/secret.key", "secondary/x", "secondary"):
        assert refused(own.write, str(place / path)).endswith("that the cloud itself needs; name another one")
    own.write(str(place / "own" / "other"))
    for path in ("own/secret.key", "exchange/file"):
        own.read(str(place / path))
        own.keep(str(place / path))
        own.host(f"test://{place / path}")
    assert "the cloud itself needs" in refused(confined.write, str(place / "exchange" / "cairn.db"))
