# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""API keys, of which only a digest is kept."""

from __future__ import annotations

import hashlib

_HINT = 12


def digest(key: str) -> str:
    """What is kept of a key: its SHA-256.

    A key is 256 random bits, which nobody finds by trying; a slow digest, as passwords need one, would only make each
    request slow.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def hint(key: str) -> str:
    """How a key begins, by which people tell it from others; 36 of its 256 bits."""
    return key[:_HINT]
