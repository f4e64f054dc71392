# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Diagrams as SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.layout import layout
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.model import Diagram, Leaf, Meter, Part
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.svg import SVG, svg
from support.topology import DIAGRAMS

NS = "{http://www.w3.org/2000/svg}"
KNOWN = {f"{NS}{name}" for name in ("svg", "title", "desc", "style", "rect", "g", "text", "path")}


def of(*parts: Part, columns: int = 80) -> ET.Element:
    return ET.fromstring(svg(layout(Diagram("Hosts", "One host.", parts), columns, SVG)))


@given(DIAGRAMS)
def test_hostile_names_are_texts_and_all_is_in_the_view_box(diagram: Diagram) -> None:
    root = ET.fromstring(svg(layout(diagram, 60, SVG)))
    assert {element.tag for element in root.iter()} <= KNOWN
    left, top, width, height = map(int, root.attrib["viewBox"].split())
    for rect in root.iter(f"{NS}rect"):
        x, y, wide, high = (int(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        assert left <= x
        assert top <= y
        assert x + wide <= left + width
        assert y + high <= top + height
    for line in root.iter(f"{NS}text"):
        assert left <= int(line.attrib["x"]) + 8 * len(line.text or "") / 2 <= left + width


def test_it_is_said_what_it_is() -> None:
    root = of(Part("host", "h1"))
    assert root.attrib["role"] == "img"
    named = {element.attrib.get("id"): element.text for element in root[:2]}
    assert [named[name] for name in root.attrib["aria-labelledby"].split()] == ["Hosts", "One host."]


def test_cut_names_are_there_uncut() -> None:
    root = of(Part("host", "h1", leaves=(Leaf("a" * 200, ("10.0.0.1",), "Stopped"),)))
    box = root.find(f"{NS}g[@class='leaf odd-state']")
    assert box is not None
    assert box.findtext(f"{NS}title") == f"{'a' * 200}  10.0.0.1"
    assert [line.text for line in box.findall(f"{NS}text")] == [f"{'a' * 19}…", "10.0.0.1"]


def test_bars_are_as_long_as_what_is_used() -> None:
    root = of(Part("host", meters=(Meter("CPU", 1, 4), Meter("memory", 3, 4), Meter("storage", 4, 4))))
    bars = [rect.attrib for rect in root.iter(f"{NS}rect") if rect.attrib["class"].startswith("bar")]
    assert [(one["class"], one["width"]) for one in bars] == [("bar", "48"), ("bar high", "144"), ("bar full", "192")]


def test_links_are_paths() -> None:
    root = of(Part("router", below=(Part("network"),)))
    assert [path.attrib["d"] for path in root.iter(f"{NS}path")] == ["M16 42V71H32"]


def test_nothing_is_from_elsewhere_and_both_schemes_have_all_colours() -> None:
    written = svg(layout(Diagram("", "", (Part("zone"),)), 80, SVG))
    assert not re.search(r"script|url\(|@import|href|var\(", written)
    light, dark = written.split("@media (prefers-color-scheme: dark)")
    rules = [re.findall(r"^([^\n{]+) \{ (?:fill|stroke): #", half, re.MULTILINE) for half in (light, dark)]
    assert rules[0] == rules[1] != []
