# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The files of a seed, the CD that an instance's cloud-init reads: they are in the root of its Joliet tree.

Source of the offsets: ECMA-119 (ISO 9660), sections 8.4, 8.5 and 9.1; Joliet Specification, section 2.
"""

from __future__ import annotations

import typing as t

# Far more than a seed has, whose largest file may have 64 KiB.
LIMIT = 4 * 2**20

_SECTOR = 2048
_FIRST_DESCRIPTOR = 16
_SUPPLEMENTARY, _TERMINATOR = 2, 255
_JOLIET = (b"%/@", b"%/C", b"%/E")
_DIRECTORY = 0x02


def files(image: bytes) -> dict[str, bytes]:
    """File names to contents. Raises ValueError when the image is no seed, or not all of one."""
    start, size = _extent(image, _root(image))
    return {name: _part(image, *extent) for name, extent in _entries(image, start, size)}


def _root(image: bytes) -> int:
    """Where the entry of the root directory is."""
    for sector in range(_FIRST_DESCRIPTOR, len(image) // _SECTOR):
        start = sector * _SECTOR
        if image[start + 1 : start + 6] != b"CD001" or image[start] == _TERMINATOR:
            break
        if image[start] == _SUPPLEMENTARY and image[start + 88 : start + 91] in _JOLIET:
            return start + 156
    raise ValueError("the image has no Joliet tree")


def _entries(image: bytes, start: int, size: int) -> t.Iterator[tuple[str, tuple[int, int]]]:
    """Names and extents of the files of a directory."""
    directory = _part(image, start, size)
    at = 0
    while at < len(directory):
        length = directory[at]
        if length == 0:
            # Entries do not cross sectors: the rest of this one is empty.
            at += _SECTOR - at % _SECTOR
            continue
        entry = directory[at : at + length]
        if length < 34 or len(entry) < length or 33 + entry[32] > length:
            raise ValueError("the image has a broken directory")
        if not entry[25] & _DIRECTORY:
            name = entry[33 : 33 + entry[32]].decode("utf-16-be", errors="replace")
            yield name.partition(";")[0], _extent(entry, 0)
        at += length


def _extent(data: bytes, entry: int) -> tuple[int, int]:
    """First byte and number of bytes."""
    sector, size = (int.from_bytes(data[entry + at : entry + at + 4], "little") for at in (2, 10))
    return sector * _SECTOR, size


def _part(image: bytes, start: int, size: int) -> bytes:
    if start + size > len(image):
        raise ValueError("the image is cut off")
    return image[start : start + size]
