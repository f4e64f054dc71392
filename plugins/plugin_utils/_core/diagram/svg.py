# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A layout as SVG: without scripts or anything from elsewhere, in light and dark.

All texts are there uncut, for who points at a box or has it read out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from .layout import Bar, Box, Layout, Link, Measure
from .model import tone

# The widest of the fonts below takes 7.9 pixels a character at 13 pixels.
SVG = Measure(
    column=8,
    line=18,
    pad=14,
    head=10,
    foot=14,
    gap_x=10,
    gap_y=10,
    indent=32,
    leaf_pad=12,
    leaf_end=12,
    leaf_foot=6,
    stacked=True,
    least=36,
    most=20,
)
_MARGIN = 12
_BASELINE = 13
# Colours of the ground, texts, edges and so on by daylight and by night.
_LIGHT = {"ground": "#ffffff", "text": "#1b2230", "faint": "#55607a", "edge": "#b9c2d0", "link": "#7a879e"}
_LIGHT |= {"leaf": "#ffffff", "even": "#f4f6fa", "odd": "#e9edf4", "track": "#d5dbe6"}
_LIGHT |= {"good": "#2e8b57", "warn": "#b36b00", "bad": "#c0392b"}
_DARK = {"ground": "#12161f", "text": "#e6eaf2", "faint": "#a3aec2", "edge": "#3a4457", "link": "#71809b"}
_DARK |= {"leaf": "#232b3a", "even": "#1a202c", "odd": "#161b25", "track": "#3a4457"}
_DARK |= {"good": "#4fc286", "warn": "#e5a13a", "bad": "#ef6a5b"}
_SHAPES = """
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
.title, .name { font-weight: 600; }
.group .edge { stroke-dasharray: 4 3; }
path { fill: none; stroke-width: 1.5; }
"""


def _colours(of: dict[str, str]) -> str:
    """Rules without variables, which not all that shows SVG knows."""
    return f"""
text {{ fill: {of["faint"]}; }}
.title, .name {{ fill: {of["text"]}; }}
.ground {{ fill: {of["ground"]}; }}
.edge {{ stroke: {of["edge"]}; fill: {of["odd"]}; }}
.even .edge {{ fill: {of["even"]}; }}
.leaf .edge {{ fill: {of["leaf"]}; }}
.part.odd-state .edge {{ stroke: {of["warn"]}; }}
.part.bad-state .edge {{ stroke: {of["bad"]}; }}
.track {{ fill: {of["track"]}; }}
.mark {{ fill: {of["faint"]}; }}
.bar, .good-state .mark {{ fill: {of["good"]}; }}
.high, .odd-state .mark {{ fill: {of["warn"]}; }}
.full, .bad-state .mark {{ fill: {of["bad"]}; }}
path {{ stroke: {of["link"]}; }}
"""


_STYLE = f"{_SHAPES}{_colours(_LIGHT)}@media (prefers-color-scheme: dark) {{{_colours(_DARK)}}}\n"


def svg(layout: Layout) -> str:
    """A document, ended by a line's end."""
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    box = f"{-_MARGIN} {-_MARGIN} {width} {height}"
    size = {"viewBox": box, "width": str(width), "height": str(height)}
    told = {"role": "img", "aria-labelledby": "cairn-title cairn-desc", "xml:space": "preserve"}
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, **told})
    ET.SubElement(root, "title", {"id": "cairn-title"}).text = layout.title
    ET.SubElement(root, "desc", {"id": "cairn-desc"}).text = layout.summary
    ET.SubElement(root, "style").text = _STYLE
    _rect(root, "ground", -_MARGIN, -_MARGIN, width, height)
    for one in layout.boxes:
        _draw(root, one)
    for link in layout.links:
        _connect(root, link)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _draw(root: ET.Element, box: Box) -> None:
    sort = "leaf" if box.sort == "leaf" else "part group" if box.sort == "group" else "part"
    mood, even = tone(box.state), " even" if box.depth % 2 == 0 else ""
    group = ET.SubElement(root, "g", {"class": f"{sort}{even}" + (f" {mood}-state" if mood else "")})
    ET.SubElement(group, "title").text = box.whole
    edge = _rect(group, "edge", box.x, box.y, box.width, box.height)
    edge.set("rx", "3" if box.sort == "leaf" else "6")
    if box.sort == "leaf":
        _rect(group, "mark", box.x, box.y, 4, box.height)
    for line in box.lines:
        where = {"class": line.role, "x": str(line.x), "y": str(line.y + _BASELINE)}
        ET.SubElement(group, "text", where).text = line.text
    for gauge in box.bars:
        _fill(group, gauge)


def _fill(group: ET.Element, gauge: Bar) -> None:
    level = " full" if gauge.share >= 0.9 else " high" if gauge.share >= 0.75 else ""
    _rect(group, "track", gauge.x, gauge.y + 4, gauge.width, 10)
    _rect(group, f"bar{level}", gauge.x, gauge.y + 4, round(gauge.share * gauge.width), 10)


def _rect(parent: ET.Element, sort: str, x: int, y: int, width: int, height: int) -> ET.Element:
    where = {"x": x, "y": y, "width": width, "height": height}
    return ET.SubElement(parent, "rect", {"class": sort, **{name: str(value) for name, value in where.items()}})


def _connect(root: ET.Element, link: Link) -> None:
    ET.SubElement(root, "path", {"d": f"M{link.x} {link.top}V{link.y}H{link.right}"})
