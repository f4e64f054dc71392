# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program reads the seeds that the engine writes, and no broken one without saying so."""

from __future__ import annotations

import pytest
import seed
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed

FILES = {
    "meta-data": '{"instance-id": "i-1"}\n',
    "user-data": "#cloud-config\nhostname: wörld\n" + "# filling\n" * 6000,
    "network-config": "",
}
IMAGE = build_seed(FILES)


def test_it_reads_what_the_engine_writes() -> None:
    assert {name: content.decode() for name, content in seed.files(IMAGE).items()} == FILES


def test_a_directory_may_have_several_sectors() -> None:
    many = {f"file-{number:03}-{'x' * 40}": str(number) for number in range(60)}
    assert {name: content.decode() for name, content in seed.files(build_seed(many)).items()} == many


@pytest.mark.parametrize("image", [b"", b"x" * 100_000, IMAGE[: 17 * 2048], IMAGE[:50_000]])
def test_no_seed(image: bytes) -> None:
    with pytest.raises(ValueError, match="the image"):
        seed.files(image)


# Where the descriptors and directories are: the contents of files may be anything anyway.
@given(st.lists(st.tuples(st.integers(16 * 2048, 32 * 2048), st.integers(0, 255)), max_size=20), st.integers(0, 2))
def test_a_broken_image_is_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    image = bytearray(IMAGE)
    for at, value in changes:
        image[at] = value
    try:
        found = seed.files(bytes(image[: len(image) - cut * 4096]))
    except ValueError:
        return
    assert all(isinstance(content, bytes) for content in found.values())
