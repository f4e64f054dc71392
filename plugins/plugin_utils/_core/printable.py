# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Texts of others on a terminal or in a drawing: made harmless, measured, and cut to a width."""

from __future__ import annotations

import unicodedata

_MORE = "…"


def harmless(text: str) -> str:
    """What a terminal would act on is shown, not done: control characters, and those that turn or hide what is near."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def cells(text: str) -> int:
    """How many columns a harmless text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def fitted(text: str, width: int) -> str:
    """The text in at most so many columns; where it is cut, its last one tells so."""
    if cells(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        used += _width(char)
        if used > width - 1:
            break
        kept += char
    return kept + _MORE if width > 0 else ""
