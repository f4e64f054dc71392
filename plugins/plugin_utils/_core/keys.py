# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Public SSH keys as lines of ``authorized_keys`` (sshd(8)), and how one is told from others."""

from __future__ import annotations

import base64
import functools
import hashlib


@functools.lru_cache(maxsize=1024)
def fingerprint(line: str) -> str:
    """SHA-256 of the key, as ``ssh-keygen -l`` prints it; its comment does not count.

    Empty for a line that is not a bare key: with options, a comment, nothing at all.
    """
    parts = line.split()
    try:
        key = base64.b64decode(parts[1], validate=True)
    except (IndexError, ValueError):
        return ""
    # RFC 4253, 6.6: a key begins with the length and name of its own type.
    if key[4 : 4 + len(parts[0])] != parts[0].encode():
        return ""
    return f"SHA256:{base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip('=')}"
