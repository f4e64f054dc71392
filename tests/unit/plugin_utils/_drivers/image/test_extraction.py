# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Extracted files hold all that they should, for their owner alone, or are not there at all."""

from __future__ import annotations

import hashlib
import stat
import subprocess
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.bounds import Own
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.images import LocalImages
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.images import Layer, Send, Sink

IMAGES = LocalImages(Own(()))


def qemu_img(*arguments: object) -> str:
    return subprocess.run(["qemu-img", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def sending(path: Path) -> Send:
    """Hands the file over in pieces, as a host does."""

    def send(sink: Sink) -> None:
        content = path.read_bytes()
        for start in range(0, len(content), 10_000):
            sink(content[start : start + 10_000])

    return send


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "a file.qcow2"


@pytest.fixture
def overlay(qcow2: Path) -> Path:
    """An image over ``qcow2`` that is larger, and in which something else is written."""
    path = qcow2.with_name("overlay.qcow2")
    qemu_img("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", qcow2, path, "16M")
    subprocess.run(["qemu-io", "-c", "write -P 7 5M 1M", str(path)], check=True, capture_output=True)
    return path


def test_a_copy(qcow2: Path, dest: Path) -> None:
    dest.write_text("another file")
    IMAGES.copy(str(qcow2), str(dest), sha256(qcow2), replaces=sha256(dest))
    assert dest.read_bytes() == qcow2.read_bytes()
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert IMAGES.digest(str(dest)) == sha256(qcow2)
    assert list(dest.parent.iterdir()) == [dest]


def test_an_image_that_was_changed_is_not_copied(qcow2: Path, dest: Path) -> None:
    dest.write_text("another file")
    with pytest.raises(DriverError, match=r"image\.qcow2 was changed: it is not what was fetched"):
        IMAGES.copy(str(qcow2), str(dest), "0" * 64, replaces=sha256(dest))
    with pytest.raises(DriverError, match="none cannot be read: No such file or directory"):
        IMAGES.copy("/none", str(dest), None, replaces=sha256(dest))
    assert dest.read_text() == "another file"
    assert list(dest.parent.iterdir()) == [dest]


@pytest.mark.parametrize("sort", ["qcow2", "raw"])
def test_a_layer_is_put_together_with_what_it_lies_over(overlay: Path, qcow2: Path, dest: Path, sort: str) -> None:
    base = qcow2 if sort == "qcow2" else qcow2.with_suffix(".raw")
    digest = IMAGES.flatten(str(dest), sending(overlay), Layer(str(base), sort), replaces=None)
    assert digest == sha256(dest)
    assert "backing" not in qemu_img("info", dest)
    assert "identical" in qemu_img("compare", "-f", "qcow2", "-F", "qcow2", overlay, dest)
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert list(dest.parent.iterdir()) == [dest]


def test_the_same_content_is_the_same_file(overlay: Path, qcow2: Path, dest: Path) -> None:
    over = Layer(str(qcow2), "qcow2")
    first = IMAGES.flatten(str(dest), sending(overlay), over, replaces=None)
    assert IMAGES.flatten(str(dest.with_name("b")), sending(overlay), over, replaces=None) == first


def test_what_the_image_says_of_other_files_counts_for_nothing(overlay: Path, qcow2: Path, dest: Path) -> None:
    expected = dest.with_name("expected.qcow2")
    qemu_img("convert", "-O", "qcow2", overlay, expected)
    base = qcow2.rename(qcow2.with_name("elsewhere.qcow2"))
    qemu_img("rebase", "-q", "-u", "-F", "raw", "-b", "/etc/passwd", overlay)
    IMAGES.flatten(str(dest), sending(overlay), Layer(str(base), "qcow2"), replaces=None)
    assert "identical" in qemu_img("compare", "-f", "qcow2", "-F", "qcow2", expected, dest)


def test_one_that_stands_alone_is_taken_as_it_is(qcow2: Path, dest: Path) -> None:
    assert IMAGES.flatten(str(dest), sending(qcow2), None, replaces=None) == sha256(qcow2)
    assert dest.read_bytes() == qcow2.read_bytes()


def test_a_layer_without_what_it_lies_over_is_refused(overlay: Path, dest: Path) -> None:
    with pytest.raises(DriverError, match="the volume's file has a backing file"):
        IMAGES.flatten(str(dest), sending(overlay), None, replaces=None)
    with pytest.raises(DriverError, match=r"cannot be written as one file: .*No such file or directory"):
        IMAGES.flatten(str(dest), sending(overlay), Layer("/none", "qcow2"), replaces=None)
    assert list(dest.parent.iterdir()) == []


def test_what_is_cut_short_leaves_nothing(qcow2: Path, dest: Path) -> None:
    dest.write_text("another file")

    def send(sink: Sink) -> None:
        sink(qcow2.read_bytes()[:1000])
        raise DriverError("the host is gone")

    with pytest.raises(DriverError, match="the host is gone"):
        IMAGES.flatten(str(dest), send, None, replaces=sha256(dest))
    assert dest.read_text() == "another file"
    assert list(dest.parent.iterdir()) == [dest]


@pytest.mark.parametrize("looked_at", [None, "0" * 64])
def test_a_file_that_others_write_meanwhile_is_left_as_it_is(qcow2: Path, dest: Path, looked_at: str | None) -> None:
    dest.write_text("a file of others")
    sentence = r"a file\.qcow2 was written by others meanwhile, and is left as it is; look"
    with pytest.raises(DriverError, match=sentence):
        IMAGES.copy(str(qcow2), str(dest), sha256(qcow2), replaces=looked_at)
    with pytest.raises(DriverError, match=sentence):
        IMAGES.flatten(str(dest), sending(qcow2), None, replaces=looked_at)
    assert dest.read_text() == "a file of others"
    assert list(dest.parent.iterdir()) == [dest]


def test_one_that_was_replaced_and_is_gone_by_now_is_made_anew(qcow2: Path, dest: Path) -> None:
    IMAGES.copy(str(qcow2), str(dest), sha256(qcow2), replaces="0" * 64)
    assert dest.read_bytes() == qcow2.read_bytes()


def test_where_no_file_can_be(tmp_path: Path, dest: Path) -> None:
    assert IMAGES.digest(str(dest)) is None
    with pytest.raises(DriverError, match="none does not exist; make it first"):
        IMAGES.digest(str(tmp_path / "none" / "file"))
    with pytest.raises(DriverError, match="out is not a file; name one"):
        IMAGES.digest(str(dest.parent))
    dest.symlink_to("nothing")
    with pytest.raises(DriverError, match=r"a file\.qcow2 is a link that leads nowhere; remove it"):
        IMAGES.digest(str(dest))
