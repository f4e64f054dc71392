# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where each box and line of a diagram is, on a terminal's cells or a drawing's pixels alike.

Boxes within a box are one below the other, or side by side where they are plain and there is room. What is below a part
hangs from its lower edge, moved to the right. So nothing overlaps, and only the height follows from how much there is.
Texts are made harmless here, and cut where they are longer than their box.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ..printable import cells, fitted, harmless
from .model import Diagram, Leaf, Meter, Part

SEPARATOR = "  "
_BAR = 24
_LEAST_BAR = 4
_LEAST_NAME = 16


@dc.dataclass(frozen=True)
class Measure:
    """What a medium's things take, in its units. A column is one character wide.

    ``head`` and ``foot`` are above the first and below the last line of a box, ``pad`` is at both its sides; a leaf has
    ``leaf_pad`` at its left, ``leaf_end`` at its right, and ``leaf_foot`` above and below. ``indent`` is how far to the
    right of a part hangs what is below it. ``stacked`` puts each fact on a line of its own below the name. Boxes are
    side by side that are at least ``least`` columns wide, and leaves have at most ``most`` columns of text.
    """

    column: int
    line: int
    pad: int
    head: int
    foot: int
    gap_x: int
    gap_y: int
    indent: int
    leaf_pad: int
    leaf_end: int
    leaf_foot: int
    stacked: bool
    least: int
    most: int


@dc.dataclass(frozen=True)
class Line:
    """``role`` is ``title``, ``fact``, ``name`` (of a leaf) or ``label`` (of a meter)."""

    x: int
    y: int
    text: str
    role: str


@dc.dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    share: float


@dc.dataclass(frozen=True)
class Box:
    """``whole`` is what it says, uncut. ``depth`` counts the boxes that it is in."""

    x: int
    y: int
    width: int
    height: int
    depth: int
    sort: str
    state: str
    whole: str
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()


@dc.dataclass(frozen=True)
class Link:
    """From (x, top) down to (x, y), and from there to (right, y)."""

    x: int
    top: int
    y: int
    right: int


@dc.dataclass(frozen=True)
class Layout:
    title: str
    summary: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]


def layout(diagram: Diagram, columns: int, measure: Measure) -> Layout:
    """In the order of drawing: a box comes before what is in it. Raises ValueError below 40 columns."""
    if columns < 40:
        raise ValueError("a diagram needs 40 columns")
    placing = _Placing(measure)
    width = columns * measure.column
    bottom = placing.stack(diagram.parts, 0, 0, width, 0)
    texts = (harmless(diagram.title), harmless(diagram.summary))
    return Layout(*texts, width, bottom, tuple(placing.boxes), tuple(placing.links))


class _Placing:
    """Puts parts below what was put already. Methods return the lower edge of what they put."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.boxes: list[Box] = []
        self.links: list[Link] = []

    def stack(self, parts: t.Sequence[Part], x: int, y: int, width: int, depth: int) -> int:
        """Parts in rows of one, or of as many as there is room for."""
        measure = self.measure
        beside = self._beside(parts, width)
        each = (width - (beside - 1) * measure.gap_x) // beside
        for start in range(0, len(parts), beside):
            y += measure.gap_y if start else 0
            tops: list[int] = []
            for place, part in enumerate(parts[start : start + beside]):
                tops.append(len(self.boxes))
                bottom = self.part(part, x + place * (each + measure.gap_x), y, each, depth)
            y = self._level(tops) if beside > 1 else bottom
        return y

    def _beside(self, parts: t.Sequence[Part], width: int) -> int:
        if not all(_is_plain(part) for part in parts):
            return 1
        least = self.measure.least * self.measure.column + self.measure.gap_x
        return max(1, min(len(parts), (width + self.measure.gap_x) // least))

    def _level(self, tops: t.Sequence[int]) -> int:
        """Boxes of one row get the height of the highest."""
        height = max(self.boxes[index].height for index in tops)
        for index in tops:
            self.boxes[index] = dc.replace(self.boxes[index], height=height)
        return self.boxes[tops[0]].y + height

    def part(self, part: Part, x: int, y: int, width: int, depth: int) -> int:
        bottom = self._box(part, x, y, width, depth)
        return self._hang(part.below, x, bottom, width, depth) if part.below else bottom

    def _box(self, part: Part, x: int, y: int, width: int, depth: int) -> int:
        measure = self.measure
        index, inner = len(self.boxes), width - 2 * measure.pad
        whole = SEPARATOR.join(map(harmless, (part.title, *part.facts)))
        box = Box(x, y, width, 0, depth, _sort(part), part.state, whole)
        lines = _wrapped(part, inner // measure.column, stacked=measure.stacked)
        placed = [
            Line(x + measure.pad, y + measure.head + number * measure.line, text, role)
            for number, (text, role) in enumerate(lines)
        ]
        below = y + measure.head + len(lines) * measure.line
        bars: list[Bar] = []
        for meter in part.meters:
            told, drawn = _metered(meter, part.meters, x + measure.pad, below, inner, measure)
            placed += told
            bars += drawn
            below += measure.line
        self.boxes.append(dc.replace(box, lines=tuple(placed), bars=tuple(bars)))
        below = self._leaves(part.leaves, x + measure.pad, below, inner, depth + 1)
        if part.inside:
            below = self.stack(part.inside, x + measure.pad, below + measure.gap_y, inner, depth + 1)
        below += measure.foot
        self.boxes[index] = dc.replace(self.boxes[index], height=below - y)
        return below

    def _hang(self, parts: t.Sequence[Part], x: int, top: int, width: int, depth: int) -> int:
        measure = self.measure
        bottom, stem = top, x + measure.indent // 2
        for part in parts:
            y = bottom + measure.gap_y
            self.links.append(Link(stem, top, y + measure.head + measure.line // 2, x + measure.indent))
            bottom = self.part(part, x + measure.indent, y, width - measure.indent, depth)
        return bottom

    def _leaves(self, leaves: t.Sequence[Leaf], x: int, y: int, width: int, depth: int) -> int:
        """Leaves in columns of one width, as many as there is room for."""
        if not leaves:
            return y
        measure = self.measure
        room = min(measure.most, (width - measure.leaf_pad - measure.leaf_end) // measure.column)
        told = _stacked(leaves) if measure.stacked else _aligned(leaves, room)
        widest = min(room, _widest(text for lines in told for text, _role in lines))
        each = widest * measure.column + measure.leaf_pad + measure.leaf_end
        beside = max(1, (width + measure.gap_x) // (each + measure.gap_x))
        y += measure.gap_y
        for start in range(0, len(leaves), beside):
            y += measure.gap_y if start else 0
            row = told[start : start + beside]
            height = 2 * measure.leaf_foot + max(map(len, row)) * measure.line
            for place, (leaf, lines) in enumerate(zip(leaves[start:], row, strict=False)):
                self._leaf(leaf, lines, Box(x + place * (each + measure.gap_x), y, each, height, depth, "leaf", "", ""))
            y += height
        return y

    def _leaf(self, leaf: Leaf, lines: t.Sequence[tuple[str, str]], box: Box) -> None:
        measure = self.measure
        room = (box.width - measure.leaf_pad - measure.leaf_end) // measure.column
        placed = tuple(
            Line(box.x + measure.leaf_pad, box.y + measure.leaf_foot + number * measure.line, fitted(text, room), role)
            for number, (text, role) in enumerate(lines)
        )
        whole = SEPARATOR.join(map(harmless, (leaf.name, *leaf.facts)))
        self.boxes.append(dc.replace(box, state=leaf.state, whole=whole, lines=placed))


def _is_plain(part: Part) -> bool:
    return not part.inside and not part.below


def _sort(part: Part) -> str:
    return "group" if part.group else part.sort


def _wrapped(part: Part, width: int, *, stacked: bool) -> list[tuple[str, str]]:
    """The title and the facts in lines; facts stay in one piece where they fit."""
    title = fitted(harmless(part.title), width)
    lines, facts = [title], [fitted(harmless(fact), width) for fact in part.facts]
    for number, fact in enumerate(facts):
        longer = lines[-1] + SEPARATOR + fact
        if cells(longer) <= width and not (stacked and number == 0):
            lines[-1] = longer
        else:
            lines.append(fact)
    return [(line, "fact" if number else "title") for number, line in enumerate(lines)]


def _texts(leaf: Leaf) -> list[str]:
    return [harmless(text) for text in (leaf.name, *leaf.facts)]


def _stacked(leaves: t.Sequence[Leaf]) -> list[list[tuple[str, str]]]:
    """The lines of each leaf: one for its name, and one a fact."""
    return [[(text, "fact" if number else "name") for number, text in enumerate(_texts(leaf))] for leaf in leaves]


def _aligned(leaves: t.Sequence[Leaf], room: int) -> list[list[tuple[str, str]]]:
    """A line a leaf, with what is alike one below the other; long names are cut before facts are."""
    texts = [_texts(leaf) for leaf in leaves]
    # What ends a line needs no room below it: "and 37 more" says something else there than others.
    widths = [_widest(line[at] for line in texts if at < len(line) - 1) for at in range(max(map(len, texts)))]
    beside = _widest(_row(("", *line[1:]), (0, *widths[1:])) for line in texts)
    widths[0] = min(_widest(line[0] for line in texts), max(_LEAST_NAME, room - beside))
    return [[(_row((fitted(line[0], widths[0]), *line[1:]), widths), "name")] for line in texts]


def _widest(texts: t.Iterable[str]) -> int:
    return max(map(cells, texts), default=0)


def _row(texts: t.Sequence[str], widths: t.Sequence[int]) -> str:
    padded = (text + " " * (width - cells(text)) for text, width in zip(texts, widths, strict=False))
    return SEPARATOR.join(padded).rstrip()


def _metered(
    meter: Meter, besides: t.Sequence[Meter], x: int, y: int, width: int, measure: Measure
) -> tuple[list[Line], list[Bar]]:
    """A meter's label, bar and figures; without a bar where there is no room for one."""
    columns = width // measure.column
    label = min(max(cells(harmless(one.label)) for one in besides) + 1, columns // 2)
    figures = fitted(meter.figures, columns - label)
    room = min(_BAR, columns - label - max(cells(one.figures) for one in besides) - 1)
    lines = [Line(x, y, fitted(harmless(meter.label), label - 1), "label")]
    start = x + label * measure.column
    bars = [Bar(start, y, room * measure.column, meter.share)] if room >= _LEAST_BAR else []
    after = start + (room + 1) * measure.column if bars else start
    return [*lines, Line(after, y, figures, "fact")], bars
