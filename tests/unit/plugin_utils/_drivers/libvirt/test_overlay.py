# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Files over which images lie, as QEMU's own program reads them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.overlay import HEAD, with_backing


@pytest.mark.parametrize("path", ["/b/x.qcow2", "/a/long/way/from/here/and/further/still/base.qcow2", "/" + "d" * 900])
def test_an_overlay_lies_over_another_file(tmp_path: Path, path: str) -> None:
    image = tmp_path / "overlay.qcow2"
    options = ["-q", "-f", "qcow2", "-u", "-F", "qcow2", "-b", "/somewhere/base.qcow2"]
    subprocess.run(["qemu-img", "create", *options, str(image), "1M"], check=True)
    content = image.read_bytes()
    image.write_bytes(with_backing(content[:HEAD], path) + content[HEAD:])
    told = json.loads(subprocess.check_output(["qemu-img", "info", "--output=json", str(image)]))
    assert (told["backing-filename"], told["backing-filename-format"]) == (path, "qcow2")


def test_an_image_that_stands_alone_gets_no_backing_file(tmp_path: Path) -> None:
    image = tmp_path / "alone.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image), "1M"], check=True)
    with pytest.raises(ValueError, match="no room"):
        with_backing(image.read_bytes(), "/base.qcow2")
