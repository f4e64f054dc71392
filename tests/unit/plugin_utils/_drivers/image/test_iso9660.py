# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is taken for the image of a CD, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.bounds import Own
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.images import LocalImages
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.iso9660 import objection
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed

ISO = build_seed({"README": "hello"})
DESCRIPTOR = 16 * 2048


def test_an_image_of_a_cd_is_taken() -> None:
    assert objection(ISO, len(ISO)) is None


@pytest.mark.parametrize(
    ("image", "size", "sentence"),
    [
        (b"", 0, "is not an ISO 9660 image; correct the URL, or make it a template if it is a disk"),
        (bytes(1 << 20), 1 << 20, "is not an ISO 9660 image"),
        (ISO[: DESCRIPTOR + 100], DESCRIPTOR + 100, "has no primary volume descriptor; fetch it anew"),
        (ISO[:DESCRIPTOR] + b"\x02" + ISO[DESCRIPTOR + 1 :], len(ISO), "has no primary volume descriptor"),
        (ISO, len(ISO) - 1, f"is cut off: it has {len(ISO) - 1} of {len(ISO)} bytes; fetch it anew"),
    ],
)
def test_others_are_refused(image: bytes, size: int, sentence: str) -> None:
    assert (objection(image, size) or "").startswith(sentence)


def test_an_iso_is_as_large_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "it.iso"
    path.write_bytes(ISO)
    facts = LocalImages(Own(())).inspect(str(path), "iso")
    assert (facts.format, facts.virtual_size, facts.physical_size) == ("iso", len(ISO), len(ISO))


def test_a_disk_is_no_iso(qcow2: Path) -> None:
    with pytest.raises(DriverError, match="begins like a QCOW2 image"):
        LocalImages(Own(())).inspect(str(qcow2), "iso")
