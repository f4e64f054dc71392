# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""qemu-img is run with bounds, and what it says is told in a sentence."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image import qemu_img


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A qemu-img that is a shell script."""
    path = tmp_path / "bin" / "qemu-img"
    path.parent.mkdir()
    path.touch()
    path.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
    return path


def test_it_is_bounded_and_told_the_format(fake: Path, tmp_path: Path) -> None:
    bounds = 'echo "$@"; ulimit -v; ulimit -t'
    fake.write_text(f"#!/bin/sh\n({bounds}) > '{tmp_path}/arguments'; echo '{{\"virtual-size\": 512}}'\n")
    assert qemu_img.virtual_size(tmp_path / "-odd, name", "qcow2", "x") == 512
    arguments, memory, seconds = (tmp_path / "arguments").read_text().splitlines()
    assert arguments == f"info -f qcow2 --output=json {tmp_path}/-odd, name"
    assert int(memory) * 1024 == qemu_img.ADDRESS_SPACE
    assert int(seconds) == qemu_img.CPU_SECONDS


def test_its_complaint_is_told_without_our_path(fake: Path, tmp_path: Path) -> None:
    fake.write_text("#!/bin/sh\necho first >&2; echo \"qemu-img: Could not open '$5': Bad luck\" >&2; exit 1\n")
    with pytest.raises(DriverError) as caught:
        qemu_img.virtual_size(tmp_path / "image", "raw", "http://h/i")
    assert caught.value.sentence == (
        "the image http://h/i cannot be read: qemu-img: Could not open 'the image': Bad luck; fetch it anew"
    )


@pytest.mark.parametrize(("status", "sound"), [(0, True), (3, True), (1, False), (2, False), (137, False)])
def test_check(fake: Path, tmp_path: Path, status: int, sound: bool) -> None:
    fake.write_text(f"#!/bin/sh\nexit {status}\n")
    if sound:
        qemu_img.check(tmp_path / "image", "qcow2", "x")
    else:
        with pytest.raises(DriverError, match="the image x is damaged or cut off"):
            qemu_img.check(tmp_path / "image", "qcow2", "x")


def test_it_is_not_waited_for_without_end(fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qemu_img, "TIMEOUT", 0.2)
    fake.write_text("#!/bin/sh\nexec sleep 30\n")
    with pytest.raises(DriverError, match=r"kept qemu-img busy for 0\.2 seconds"):
        qemu_img.check(tmp_path / "image", "qcow2", "x")
