# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A layout on a terminal's cells, by box-drawing characters."""

from __future__ import annotations

import itertools
import typing as t

from ..printable import cells
from .layout import Bar, Box, Layout, Link, Measure
from .model import tone

TEXT = Measure(
    column=1,
    line=1,
    pad=2,
    head=0,
    foot=1,
    gap_x=1,
    gap_y=0,
    indent=4,
    leaf_pad=2,
    leaf_end=1,
    leaf_foot=0,
    stacked=False,
    least=40,
    most=80,
)
_MARKS = {"good": "●", "odd": "○", "bad": "✗", "": "·"}
_ASCII = str.maketrans("╭╮╰╯─│├└┬╌╎●○✗·█░…", "++++-||`+-:*ox.#..")

Run = tuple[str, str]


def text(layout: Layout) -> list[list[Run]]:
    """Lines of runs: a text and its style, which is ``border``, a line's role, or a tone of :func:`tone`."""
    canvas = _Canvas(layout.width, layout.height)
    for box in layout.boxes:
        _draw(canvas, box)
    for link in layout.links:
        _connect(canvas, link)
    return canvas.lines()


def plain(lines: t.Sequence[t.Sequence[Run]]) -> str:
    """Without styles, each line ended."""
    return "".join("".join(text for text, _style in line) + "\n" for line in lines)


def as_ascii(written: str) -> str:
    """For terminals that have no box-drawing characters."""
    return written.translate(_ASCII).encode("ascii", "replace").decode()


class _Canvas:
    """Cells of a character (or, right of a wide one, of none) and its style."""

    def __init__(self, width: int, height: int) -> None:
        self._cells = [[(" ", "")] * width for _row in range(height)]

    def at(self, x: int, y: int) -> str:
        return self._cells[y][x][0]

    def put(self, x: int, y: int, written: str, style: str) -> None:
        row = self._cells[y]
        for char in written:
            width = cells(char)
            if width == 0:
                row[x - 1] = (row[x - 1][0] + char, style)
                continue
            row[x] = (char, style)
            row[x + 1 : x + width] = [("", style)] * (width - 1)
            x += width

    def lines(self) -> list[list[Run]]:
        return [_runs(row) for row in self._cells]


def _runs(row: t.Sequence[Run]) -> list[Run]:
    end = max((number for number, (char, _style) in enumerate(row, 1) if char not in ("", " ")), default=0)
    grouped = itertools.groupby(row[:end], key=lambda cell: cell[1])
    return [("".join(char for char, _style in run), style) for style, run in grouped]


def _draw(canvas: _Canvas, box: Box) -> None:
    mood = tone(box.state)
    if box.sort == "leaf":
        canvas.put(box.x, box.y, _MARKS[mood], mood)
    else:
        _frame(canvas, box)
    for line in box.lines:
        role = mood if line.role == "title" and mood in ("odd", "bad") else line.role
        canvas.put(line.x, line.y, line.text, role)
    for gauge in box.bars:
        _fill(canvas, gauge)


def _frame(canvas: _Canvas, box: Box) -> None:
    across, down = ("╌", "╎") if box.sort == "group" else ("─", "│")
    first = box.lines[0]
    ruled = box.x + box.width - 1 - (first.x + cells(first.text) + 1)
    canvas.put(box.x, box.y, "╭ ", "border")
    canvas.put(first.x + cells(first.text), box.y, " " + across * ruled + "╮", "border")
    for y in range(box.y + 1, box.y + box.height - 1):
        canvas.put(box.x, y, down, "border")
        canvas.put(box.x + box.width - 1, y, down, "border")
    canvas.put(box.x, box.y + box.height - 1, "╰" + across * (box.width - 2) + "╯", "border")


def _fill(canvas: _Canvas, gauge: Bar) -> None:
    full = max(round(gauge.share * gauge.width), 1 if gauge.share > 0 else 0)
    canvas.put(gauge.x, gauge.y, "█" * full + "░" * (gauge.width - full), "good")


def _connect(canvas: _Canvas, link: Link) -> None:
    canvas.put(link.x, link.top - 1, "┬", "border")
    for y in range(link.top, link.y):
        canvas.put(link.x, y, "├" if canvas.at(link.x, y) in "├└" else "│", "border")
    canvas.put(link.x, link.y, "└" + "─" * (link.right - link.x - 1), "border")
