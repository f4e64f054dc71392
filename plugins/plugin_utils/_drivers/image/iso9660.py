# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whether a file is the image of a CD, by its volume descriptors.

Source of the offsets: ECMA-119 (ISO 9660), sections 6.2.1 and 8.4.
"""

from __future__ import annotations

_SECTOR = 2048
_DESCRIPTORS = 16 * _SECTOR
_MAGIC = b"CD001"
_PRIMARY = 1

# As many bytes as the check looks at: the system area and the first descriptor.
HEADER_SIZE = _DESCRIPTORS + _SECTOR


def objection(header: bytes, size: int) -> str | None:
    """Why a file of ``size`` bytes that begins with ``header`` is not taken as an ISO image; None when it may be.

    The answer completes the sentence "the image ...".
    """
    descriptor = header[_DESCRIPTORS:HEADER_SIZE]
    if descriptor[1 : 1 + len(_MAGIC)] != _MAGIC:
        return "is not an ISO 9660 image; correct the URL, or make it a template if it is a disk"
    if len(descriptor) < _SECTOR or descriptor[0] != _PRIMARY:
        return "has no primary volume descriptor; fetch it anew"
    blocks = int.from_bytes(descriptor[80:84], "little")
    block = int.from_bytes(descriptor[128:130], "little")
    if blocks * block > size:
        return f"is cut off: it has {size} of {blocks * block} bytes; fetch it anew"
    return None
