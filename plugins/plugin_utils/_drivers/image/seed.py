# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The seed of an instance: a small ISO image with the files that cloud-init's NoCloud data source reads.

The same files make the same bytes, on any day and in any time zone, so that a seed can be told by its digest.
Source of the offsets: ECMA-119 (ISO 9660), sections 8.4 and 9.1; IEEE P1282 (Rock Ridge), section 4.1.6.
"""

from __future__ import annotations

import io
import typing as t

LABEL = "cidata"

_SECTOR = 2048
_FIRST_DESCRIPTOR = 16
_PRIMARY, _SUPPLEMENTARY = 1, 2

# The dates that all seeds have: a date of a directory's entry, and one of a volume.
_ENTRY_DATE = bytes((80, 1, 1, 0, 0, 0, 0))
_VOLUME_DATE = b"1980010100000000\0"


def build_seed(files: t.Mapping[str, str]) -> bytes:
    """The ISO image (Joliet and Rock Ridge, label ``cidata``) with the files, names to contents, in its root."""
    import pycdlib

    iso = pycdlib.PyCdlib()
    iso.new(interchange_level=3, vol_ident=LABEL, joliet=3, rock_ridge="1.09")
    for number, (name, text) in enumerate(sorted(files.items())):
        content = text.encode()
        # The plain ISO 9660 name is never looked at; it only has to be allowed and unique.
        iso.add_fp(
            io.BytesIO(content),
            len(content),
            f"/FILE{number}.;1",
            rr_name=name,
            joliet_path=f"/{name}",
            file_mode=0o100400,
        )
    image = io.BytesIO()
    iso.write_fp(image)
    iso.close()
    return _undated(bytearray(image.getvalue()))


def _undated(image: bytearray) -> bytes:
    """The image with the same date wherever pycdlib wrote the time of day."""
    for sector in range(_FIRST_DESCRIPTOR, len(image) // _SECTOR):
        start = sector * _SECTOR
        if image[start] not in (_PRIMARY, _SUPPLEMENTARY):
            break
        for offset in (813, 830, 864):
            image[start + offset : start + offset + len(_VOLUME_DATE)] = _VOLUME_DATE
        root = start + 156
        _undate_entry(image, root)
        extent, length = (int.from_bytes(image[root + at : root + at + 4], "little") for at in (2, 10))
        _undate_directory(image, extent * _SECTOR, length)
    return bytes(image)


def _undate_directory(image: bytearray, start: int, length: int) -> None:
    at = start
    while at < start + length:
        if image[at] == 0:
            # Entries do not cross sectors: the rest of this one is empty.
            at += _SECTOR - at % _SECTOR
            continue
        _undate_entry(image, at)
        at += image[at]


def _undate_entry(image: bytearray, at: int) -> None:
    image[at + 18 : at + 25] = _ENTRY_DATE
    end = at + image[at]
    name_length = image[at + 32]
    # Rock Ridge's fields follow the name, which is padded to an even offset.
    field = at + 33 + name_length + (name_length + 1) % 2
    while field + 4 <= end and image[field + 2] >= 4:
        if image[field : field + 2] == b"TF":
            for stamp in range(field + 5, field + image[field + 2], len(_ENTRY_DATE)):
                image[stamp : stamp + len(_ENTRY_DATE)] = _ENTRY_DATE
        field += image[field + 2]
