# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Diagrams on a terminal."""

from __future__ import annotations

from hypothesis import given

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.layout import layout
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.model import Diagram, Leaf, Meter, Part
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.text import TEXT, as_ascii, plain, text
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.printable import cells
from support.topology import DIAGRAMS

INSIDE = Part("network", "inside", leaves=(Leaf("web", ("10.1.1.2",), "Running"), Leaf("db", ("10.1.1.3",), "Stopped")))
PARTS = (
    Part("the world", below=(Part("router", "r1", below=(INSIDE,)), Part("network", "lan"))),
    Part("host", "h1", state="Maintenance", meters=(Meter("CPU", 1, 1000),), leaves=(Leaf("你好", state="Destroyed"),)),
    Part("and 3 more hosts", group=True),
)
DRAWN = """\
╭ the world ───────────────────────────╮
╰─┬────────────────────────────────────╯
  ├─╭ router r1 ───────────────────────╮
  │ ╰─┬────────────────────────────────╯
  │   └─╭ network inside ──────────────╮
  │     │ ● web  10.1.1.2              │
  │     │ ○ db   10.1.1.3              │
  │     ╰──────────────────────────────╯
  └─╭ network lan ─────────────────────╮
    ╰──────────────────────────────────╯
╭ host h1 ─────────────────────────────╮
│ CPU █░░░░░░░░░░░░░░░░░░░░░ 1 of 1000 │
│ ✗ 你好                               │
╰──────────────────────────────────────╯
╭ and 3 more hosts ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╮
╰╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
"""


def test_boxes_are_drawn() -> None:
    lines = text(layout(Diagram("Cloud", "", PARTS), 40, TEXT))
    assert plain(lines) == DRAWN
    assert ("host h1", "odd") in lines[10]
    assert ("●", "good") in lines[5]
    assert lines[0][1] == ("the world", "title")


def test_terminals_without_such_characters_get_others() -> None:
    drawn = as_ascii(DRAWN)
    assert drawn.isascii()
    assert drawn.splitlines()[5] == "  |     | * web  10.1.1.2              |"


@given(DIAGRAMS)
def test_no_line_is_wider_than_asked_and_nothing_acts_on_a_terminal(diagram: Diagram) -> None:
    for columns in (40, 81, 160):
        lines = plain(text(layout(diagram, columns, TEXT))).split("\n")
        assert all(cells(line) <= columns and line.isprintable() for line in lines)
        assert lines.pop() == ""
