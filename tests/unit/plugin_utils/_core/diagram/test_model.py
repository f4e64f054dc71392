# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Meters, states, and places that have more than is shown."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.diagram.model import (
    Leaf,
    Meter,
    Part,
    counted,
    facts,
    of_limit,
    parts_of_limit,
    tone,
    troubled,
)


@pytest.mark.parametrize(("used", "total", "share"), [(0, 4, 0), (1, 4, 0.25), (9, 4, 1), (0, 0, 0), (3, 0, 0)])
def test_shares(used: float, total: float, share: float) -> None:
    assert Meter("CPU", used, total).share == share


def test_figures() -> None:
    assert Meter("CPU", 2.0, 8).figures == "2 of 8"
    assert Meter("memory", 1.5, 8, "GiB").figures == "1.5 of 8 GiB"


def test_the_others_are_counted_by_state() -> None:
    states = ["Running", "Running", "Stopped", "Running", ""]
    leaves = [Leaf(str(number), state=state) for number, state in enumerate(states)]
    assert of_limit(leaves, 5) == tuple(leaves)
    assert of_limit(leaves, 1) == (leaves[0], Leaf("and 4 more", ("2 Running", "1 Stopped")))


def test_other_parts_are_counted() -> None:
    parts = [Part("host", str(number)) for number in range(4)]
    assert parts_of_limit(parts, 4, "hosts") == tuple(parts)
    assert parts_of_limit(parts, 1, "hosts") == (parts[0], Part("and 3 more hosts", group=True))


@pytest.mark.parametrize(
    ("state", "mood", "told"),
    [
        ("Running", "good", None),
        ("Enabled", "good", None),
        ("Stopped", "odd", "Stopped"),
        ("Maintenance", "odd", "Maintenance"),
        ("Destroyed", "bad", "Destroyed"),
        ("", "", None),
    ],
)
def test_states(state: str, mood: str, told: str | None) -> None:
    assert (tone(state), troubled(state)) == (mood, told)


def test_words() -> None:
    assert (counted(1, "host"), counted(0, "host")) == ("1 host", "0 hosts")
    assert facts("a", None, "", 0) == ("a", "0")
    assert (Part("the world").title, Part("zone", "z1").title) == ("the world", "zone z1")
