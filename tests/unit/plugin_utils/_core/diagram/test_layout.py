# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Boxes, lines and links: what is in what, and that nothing is on anything else."""

from __future__ import annotations

import itertools
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.layout import (
    Bar,
    Box,
    Layout,
    Link,
    Measure,
    layout,
)
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.model import Diagram, Leaf, Meter, Part
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.svg import SVG
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.text import TEXT
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.printable import cells, harmless
from support.topology import DIAGRAMS

Rectangle = tuple[int, int, int, int]
MEASURES = st.sampled_from([TEXT, SVG])
WIDTHS = st.integers(40, 200)


def drawn(*parts: Part, columns: int = 80, measure: Measure = TEXT) -> Layout:
    return layout(Diagram("Cloud", "All of it.", parts), columns, measure)


def area(box: Box) -> Rectangle:
    return box.x, box.y, box.x + box.width, box.y + box.height


def is_within(inner: Rectangle, outer: Rectangle) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def are_apart(one: Rectangle, other: Rectangle) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def written(box: Box, measure: Measure) -> t.Iterator[Rectangle]:
    """What lines and bars cover."""
    for line in box.lines:
        yield line.x, line.y, line.x + cells(line.text) * measure.column, line.y + measure.line
    for gauge in box.bars:
        yield gauge.x, gauge.y, gauge.x + gauge.width, gauge.y + measure.line


def said(parts: t.Iterable[Part]) -> t.Iterator[str]:
    for part in parts:
        yield "  ".join(map(harmless, (part.title, *part.facts)))
        yield from ("  ".join(map(harmless, (leaf.name, *leaf.facts))) for leaf in part.leaves)
        yield from said(part.inside + part.below)


@given(DIAGRAMS, WIDTHS, MEASURES)
def test_boxes_are_in_one_another_or_apart(diagram: Diagram, columns: int, measure: Measure) -> None:
    made = layout(diagram, columns, measure)
    whole = (0, 0, columns * measure.column, made.height)
    assert all(box.width > 0 and box.height > 0 and is_within(area(box), whole) for box in made.boxes)
    for one, other in itertools.combinations(made.boxes, 2):
        assert are_apart(area(one), area(other)) or (is_within(area(other), area(one)) and other.depth > one.depth)


@given(DIAGRAMS, WIDTHS, MEASURES)
def test_texts_stay_in_their_box_and_off_what_is_in_it(diagram: Diagram, columns: int, measure: Measure) -> None:
    made = layout(diagram, columns, measure)
    for box in made.boxes:
        covered = list(written(box, measure))
        assert all(is_within(one, area(box)) for one in covered)
        assert all(are_apart(one, other) for one, other in itertools.combinations(covered, 2))
        inner = [area(other) for other in made.boxes if other.depth > box.depth]
        assert all(are_apart(one, other) for one in covered for other in inner)


@given(DIAGRAMS, WIDTHS, MEASURES)
def test_links_end_at_a_box_and_cross_none(diagram: Diagram, columns: int, measure: Measure) -> None:
    made = layout(diagram, columns, measure)
    for link in made.links:
        assert any(box.x == link.right and box.y <= link.y < box.y + box.height for box in made.boxes)
        assert any(box.y + box.height == link.top and box.x <= link.x < box.x + box.width for box in made.boxes)
        stem = (link.x, link.top, link.x + 1, link.y + 1)
        assert all(are_apart(stem, area(box)) or is_within(stem, area(box)) for box in made.boxes)


@given(DIAGRAMS, WIDTHS, MEASURES)
def test_all_that_there_is_is_there(diagram: Diagram, columns: int, measure: Measure) -> None:
    made = layout(diagram, columns, measure)
    assert sorted(box.whole for box in made.boxes) == sorted(said(diagram.parts))


def test_plain_boxes_are_side_by_side_and_of_one_height() -> None:
    some = (Part("host", "a", leaves=(Leaf("one"), Leaf("x" * 30))), Part("host", "b"), Part("host", "c"))
    a, _one, _x, b, c = drawn(*some, columns=81).boxes
    assert (a.x, b.x, c.x) == (0, 41, 0)
    assert (a.height, b.height, c.y) == (4, 4, 4)
    assert [box.y for box in drawn(*some, columns=60).boxes if box.sort == "host"] == [0, 4, 6]


def test_what_is_below_hangs() -> None:
    made = drawn(Part("router", below=(Part("network", "a", below=(Part("deeper"),)), Part("network", "b"))))
    assert [(box.x, box.y, box.width) for box in made.boxes] == [(0, 0, 80), (4, 2, 76), (8, 4, 72), (4, 6, 76)]
    assert made.links == (Link(2, 2, 2, 4), Link(6, 4, 4, 8), Link(2, 2, 6, 4))


def test_leaves_are_in_columns() -> None:
    leaves = tuple(Leaf(name, facts) for name, facts in (("a", ("10.0.0.1", "h1")), ("long", ("1", "h2")), ("b", ())))
    made = drawn(Part("network", leaves=leaves), columns=60)
    texts = [[line.text for line in box.lines] for box in made.boxes[1:]]
    assert texts == [["a     10.0.0.1  h1"], ["long  1         h2"], ["b"]]
    assert [(box.x, box.y) for box in made.boxes[1:]] == [(2, 1), (24, 1), (2, 2)]


def test_long_names_are_cut_before_facts_are() -> None:
    leaves = (Leaf("a" * 63, ("10.0.0.1",)), Leaf("b", ("10.0.0.22",)))
    texts = [box.lines[0].text for box in drawn(Part("network", leaves=leaves), columns=40).boxes[1:]]
    assert texts == [f"{'a' * 21}…  10.0.0.1", f"b{' ' * 21}  10.0.0.22"]
    one, two = drawn(Part("network", leaves=leaves), measure=SVG).boxes[1:]
    assert [line.text for line in one.lines] == [f"{'a' * 19}…", "10.0.0.1"]
    assert (one.y, one.width, two.x) == (two.y, 184, 14 + 184 + 10)


def test_facts_go_to_the_next_line_in_one_piece() -> None:
    part = Part("router", "r", ("a" * 20, "b" * 20, "c" * 50))
    assert [line.text for line in drawn(part, columns=40).boxes[0].lines] == [
        f"router r  {'a' * 20}",
        "b" * 20,
        f"{'c' * 35}…",
    ]
    assert drawn(part, measure=SVG).boxes[0].lines[0].text == "router r"


def test_meters_are_one_below_the_other() -> None:
    part = Part("host", meters=(Meter("CPU", 2, 8), Meter("storage", 100, 100, "GiB")))
    [box] = drawn(part).boxes
    assert box.bars == (Bar(10, 1, 24, 0.25), Bar(10, 2, 24, 1.0))
    assert [(line.x, line.text) for line in box.lines[1:]] == [
        (2, "CPU"),
        (35, "2 of 8"),
        (2, "storage"),
        (35, "100 of 100 GiB"),
    ]


def test_where_there_is_no_room_for_a_bar_there_are_figures() -> None:
    part = Part("host", meters=(Meter("a" * 30, 1234567, 1234567, "GiB"),))
    [box] = drawn(part, columns=40).boxes
    assert (box.bars, [line.text for line in box.lines[1:]]) == ((), ["a" * 16 + "…", "1.23457e+06 of 1.…"])


def test_a_narrow_diagram_is_refused() -> None:
    with pytest.raises(ValueError, match="40 columns"):
        drawn(columns=39)
