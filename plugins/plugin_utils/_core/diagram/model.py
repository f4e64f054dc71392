# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a diagram shows, apart from where on it: parts within parts, parts that hang below others, and leaves.

A place that has more of a sort than a limit shows so many, and one that stands for the others with how many they are.
"""

from __future__ import annotations

import collections
import dataclasses as dc
import typing as t

# What others return, by kind: the lists of info modules.
Found = t.Mapping[str, t.Sequence[t.Mapping[str, t.Any]]]


@dc.dataclass(frozen=True)
class Meter:
    """``used`` of ``total``, in ``unit``."""

    label: str
    used: float
    total: float
    unit: str = ""

    @property
    def share(self) -> float:
        """From 0 to 1; more than there is counts as all."""
        return min(1.0, self.used / self.total) if self.total > 0 else 0.0

    @property
    def figures(self) -> str:
        return f"{self.used:g} of {self.total:g}{self.unit and ' '}{self.unit}"


@dc.dataclass(frozen=True)
class Leaf:
    """What has nothing in it, such as an instance. ``state`` is a resource's, or empty."""

    name: str
    facts: tuple[str, ...] = ()
    state: str = ""


@dc.dataclass(frozen=True)
class Part:
    """``sort`` says what it is, ``name`` which one. ``inside`` is within it, ``below`` is reached through it.

    ``group`` is set on one that only stands for others.
    """

    sort: str
    name: str = ""
    facts: tuple[str, ...] = ()
    state: str = ""
    meters: tuple[Meter, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    inside: tuple[Part, ...] = ()
    below: tuple[Part, ...] = ()
    group: bool = False

    @property
    def title(self) -> str:
        return f"{self.sort} {self.name}".strip()


# What is shown of a cloud without anything.
NOTHING = (Part("there is no zone", group=True),)


@dc.dataclass(frozen=True)
class Diagram:
    """``summary`` says in a sentence what there is."""

    title: str
    summary: str
    parts: tuple[Part, ...]


def of_limit(leaves: t.Sequence[Leaf], limit: int) -> tuple[Leaf, ...]:
    """The first leaves, and one that tells how many others there are and in which states."""
    if len(leaves) <= limit:
        return tuple(leaves)
    shown, others = leaves[:limit], leaves[limit:]
    states = collections.Counter(leaf.state for leaf in others if leaf.state)
    told = tuple(f"{count} {state}" for state, count in sorted(states.items()))
    return (*shown, Leaf(f"and {len(others)} more", told))


def parts_of_limit(parts: t.Sequence[Part], limit: int, sort: str) -> tuple[Part, ...]:
    """The first parts, and one that tells how many others of the sort there are."""
    if len(parts) <= limit:
        return tuple(parts)
    return (*parts[:limit], Part(f"and {len(parts) - limit} more {sort}", group=True))


def counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def facts(*given: t.Any) -> tuple[str, ...]:
    """Those that are known, as texts."""
    return tuple(str(one) for one in given if one not in (None, ""))


_GOOD = frozenset({"Running", "Enabled"})


def tone(state: str) -> str:
    """What a state asks for: nothing (``good``), a look (``odd``), or a good look (``bad``); empty without a state."""
    if not state or state in _GOOD:
        return state and "good"
    return "bad" if state == "Destroyed" else "odd"


def troubled(state: str | None) -> str | None:
    """A state that is worth a word: those that things are in by default are not."""
    return None if tone(state or "") in ("", "good") else state
