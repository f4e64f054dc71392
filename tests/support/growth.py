# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Lines over a size as a picture, SVG by its builder."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 60, 170, 20, 50
COLOURS = ("#0b6e99", "#c0392b", "#7d8c1f", "#8e44ad")
MARKS = 5


def plot(lines: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str) -> str:
    """Each line by its name, through its points (x, y); both axes start at nothing."""
    points = [point for line in lines.values() for point in line]
    most_x, most_y = max(x for x, _y in points), max(y for _x, y in points) or 1

    def at(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + wide * x / most_x, 1), round(HEIGHT - BOTTOM - high * y / most_y, 1)

    root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", width=str(WIDTH), height=str(HEIGHT))
    root.set("font-family", "sans-serif")
    root.set("font-size", "12")
    ET.SubElement(root, "rect", width="100%", height="100%", fill="white")
    for number in range(MARKS + 1):
        x, y = most_x * number / MARKS, most_y * number / MARKS
        _line(root, [at(0, y), at(most_x, y)], "#dddddd", "1")
        _text(root, (LEFT - 6, at(0, y)[1] + 4), f"{y:.3g}", "end")
        _text(root, (at(x, 0)[0], HEIGHT - BOTTOM + 18), f"{x:,.0f}", "middle")
    _text(root, (LEFT, TOP - 6), up, "middle")
    _text(root, (at(most_x / 2, 0)[0], HEIGHT - 10), across, "middle")
    for colour, (name, line) in zip(COLOURS, lines.items(), strict=False):
        places = [at(x, y) for x, y in line]
        _line(root, places, colour, "2")
        for x, y in places:
            ET.SubElement(root, "circle", cx=str(x), cy=str(y), r="3", fill=colour)
        _text(root, (places[-1][0] + 8, places[-1][1] + 4), name, "start")
    return ET.tostring(root, encoding="unicode")


def _line(root: ET.Element, places: Sequence[tuple[float, float]], colour: str, width: str) -> None:
    points = " ".join(f"{x},{y}" for x, y in places)
    ET.SubElement(root, "polyline", {"points": points, "fill": "none", "stroke": colour, "stroke-width": width})


def _text(root: ET.Element, place: tuple[float, float], text: str, anchor: str) -> None:
    attributes = {"x": str(place[0]), "y": str(place[1]), "text-anchor": anchor}
    ET.SubElement(root, "text", attributes).text = text
