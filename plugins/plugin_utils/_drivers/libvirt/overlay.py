# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""QCOW2 images that lie over a file, which is elsewhere on each host."""

from __future__ import annotations

import struct

# In which the name of a backing file is, whatever the size of clusters.
HEAD = 1 << 21


def with_backing(head: bytes, path: str) -> bytes:
    """The beginning of a QCOW2 image that lies over a file, lying over ``path``.

    The name is at the end of the first cluster then, where nothing else is: the header's extensions come first.
    https://www.qemu.org/docs/master/interop/qcow2.html. Raises ValueError where there is no room for it.
    """
    offset, length, bits = struct.unpack_from(">QII", head, 8)
    name, cluster = path.encode(), 1 << bits
    if head[offset : offset + length] == name:
        return head
    start = offset if len(name) <= length else cluster - len(name)
    if not offset or len(name) > 1023 or start < offset + (length if start != offset else 0):
        raise ValueError("its header has no room for the name of the file that it lies over")
    made = bytearray(head)
    made[start : start + len(name)] = name
    struct.pack_into(">QI", made, 8, start, len(name))
    return bytes(made)
