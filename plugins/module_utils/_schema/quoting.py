# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""How errors quote what was written: on one line, no longer than needed, and with nothing that moves a cursor."""

from __future__ import annotations

import reprlib
import typing as t

_LONGEST = 60


def printable(text: str) -> str:
    """The text with what cannot be seen written as in Python: ``\\n``, ``\\x1b``, ``\\u202e``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def cut(value: t.Any) -> str:
    """A value as an error names it: its first characters, however large it is."""
    try:
        text = value if isinstance(value, str) else reprlib.repr(value)
    except ValueError:
        text = "a number of thousands of digits"
    return printable(f"{text[:_LONGEST]}{'...' if len(text) > _LONGEST else ''}")


def short(value: t.Any) -> str:
    """The same in quotation marks."""
    return f"'{cut(value)}'"
