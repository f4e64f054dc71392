# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the first bytes of an image say about it, read without a program that would follow them.

An image is data from strangers: one that names a backing file or an external data file makes QEMU open that file, so
such an image must be refused before QEMU sees it.
Sources: QEMU's docs/interop/qcow2.txt; CVE-2024-32498 for what an external data file was used for.
"""

from __future__ import annotations

import struct

# As many bytes as the checks look at.
HEADER_SIZE = 104

QCOW2_MAGIC = b"QFI\xfb"

# Formats that are often taken for another one, by how they begin.
_OTHERS = {
    b"KDMV": "a VMDK image",
    b"conectix": "a VHD image",
    b"vhdxfile": "a VHDX image",
    b"QED\0": "a QED image",
    b"\x1f\x8b": "compressed with gzip",
    b"\xfd7zXZ\0": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"BZh": "compressed with bzip2",
    b"PK\x03\x04": "a ZIP archive",
}

_ALONE = "convert it to stand alone with 'qemu-img convert -O qcow2'"
_REPAIR = "repair it with 'qemu-img check -r all', or fetch it anew"

# Incompatible features of version 3, by bit.
_DIRTY, _CORRUPT, _DATA_FILE = 1 << 0, 1 << 1, 1 << 2


def objection(header: bytes, format: str, *, layered: bool = False) -> str | None:
    """Why an image that begins with ``header`` is not taken as ``format`` (qcow2 or raw); None when it may be.

    The answer completes the sentence "the image ...". ``layered`` lets it name a file that it lies over.
    """
    other = next((name for magic, name in _OTHERS.items() if header.startswith(magic)), None)
    if other is not None:
        remedy = "unpack it" if other.startswith(("compressed", "a ZIP")) else "convert it with 'qemu-img convert'"
        return f"is {other}, not {format}; {remedy} first"
    is_qcow2 = header.startswith(QCOW2_MAGIC)
    if format == "raw":
        # As a raw disk it could make whoever guesses its format open any file; a guest may have planted that.
        return "begins like a QCOW2 image and cannot be raw; give format QCOW2 if it is one" if is_qcow2 else None
    if not is_qcow2:
        return "is not a QCOW2 image; correct the URL, or give format RAW if it is a raw disk"
    return _qcow2_objection(header, layered)


def _qcow2_objection(header: bytes, layered: bool) -> str | None:
    if len(header) < HEADER_SIZE:
        return "is cut off within its header; fetch it anew"
    version, backing, _backing_size, _bits, _size, encryption = struct.unpack_from(">IQIIQI", header, 4)
    if version not in (2, 3):
        return f"is of QCOW version {version}; convert it with 'qemu-img convert -O qcow2'"
    features = struct.unpack_from(">Q", header, 72)[0] if version == 3 else 0
    refusals = (
        (backing and not layered, f"has a backing file; {_ALONE}"),
        (features & _DATA_FILE, f"keeps its data in an external data file; {_ALONE}"),
        (encryption, "is encrypted; convert it to a plain image with 'qemu-img convert -O qcow2'"),
        (features & _CORRUPT, f"is marked as corrupt; {_REPAIR}"),
        (features & _DIRTY, f"was not closed properly; {_REPAIR}"),
    )
    return next((sentence for refused, sentence in refusals if refused), None)
