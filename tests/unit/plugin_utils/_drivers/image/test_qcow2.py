# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What an image's first bytes say decides whether QEMU sees it at all."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.qcow2 import (
    HEADER_SIZE,
    QCOW2_MAGIC,
    objection,
)


def header(*, version: int = 3, backing: int = 0, encryption: int = 0, features: int = 0) -> bytes:
    start = QCOW2_MAGIC + struct.pack(">IQIIQI", version, backing, 0, 16, 1 << 20, encryption)
    return (start.ljust(72, b"\0") + struct.pack(">Q", features)).ljust(HEADER_SIZE, b"\0")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"backing": 104}, "has a backing file"),
        ({"version": 2, "backing": 72}, "has a backing file"),
        ({"features": 4}, "keeps its data in an external data file"),
        ({"features": 5, "backing": 104}, "has a backing file"),
        ({"encryption": 1}, "is encrypted"),
        ({"version": 2, "encryption": 2}, "is encrypted"),
        ({"features": 2}, "is marked as corrupt"),
        ({"features": 1}, "was not closed properly"),
        ({"version": 1}, "is of QCOW version 1"),
    ],
)
def test_refusals(changes: dict[str, int], problem: str) -> None:
    found = objection(header(**changes), "qcow2")
    assert found
    assert found.startswith(f"{problem}; ")


@pytest.mark.parametrize("good", [header(), header(version=2), header(version=2, features=4), header(features=8)])
def test_sound_headers(good: bytes) -> None:
    """Version 2 has no features there; features that QEMU knows, or refuses itself, are left to it."""
    assert objection(good, "qcow2") is None


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        (b"KDMV", "is a VMDK image, not {}; convert it with 'qemu-img convert' first"),
        (b"\x1f\x8b\x08", "is compressed with gzip, not {}; unpack it first"),
        (b"\xfd7zXZ\0", "is compressed with xz, not {}; unpack it first"),
        (b"PK\x03\x04", "is a ZIP archive, not {}; unpack it first"),
    ],
)
@pytest.mark.parametrize("format", ["raw", "qcow2"])
def test_what_is_often_mistaken(start: bytes, problem: str, format: str) -> None:
    assert objection(start.ljust(HEADER_SIZE), format) == problem.format(format)


@given(st.binary(max_size=HEADER_SIZE))
def test_any_bytes_have_an_answer(start: bytes) -> None:
    assert objection(start, "qcow2")
    assert objection(QCOW2_MAGIC + start, "raw")
    cut = objection(QCOW2_MAGIC + start[: HEADER_SIZE - 5], "qcow2")
    assert cut == "is cut off within its header; fetch it anew"


def test_a_layer_may_name_what_it_lies_over_and_nothing_else() -> None:
    assert objection(header(backing=104), "qcow2", layered=True) is None
    found = objection(header(backing=104, features=4), "qcow2", layered=True)
    assert found
    assert found.startswith("keeps its data in an external data file; ")
