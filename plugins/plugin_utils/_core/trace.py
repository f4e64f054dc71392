# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The trace of a placement: for each host that was not chosen, why not; and the same in a few lines."""

from __future__ import annotations

import dataclasses as dc
import itertools
import typing as t

ASKED = "another host is asked for"
_NAMES = 3
_GROUPS = 5


@dc.dataclass(frozen=True)
class Refusal:
    """Why not this host.

    ``cause`` is what it has in common with others; ``detail`` is about this one alone. The higher ``near``
    is, the less is missing.
    """

    cause: str
    detail: str = ""
    near: float = 0.0

    @property
    def sentence(self) -> str:
        return self.detail or self.cause


@dc.dataclass(frozen=True)
class Trace:
    """Refusals by the host's name."""

    refusals: t.Mapping[str, Refusal] = dc.field(default_factory=dict)

    def sentences(self) -> dict[str, str]:
        """Why not, for each host by name."""
        return {name: self.refusals[name].sentence for name in sorted(self.refusals)}

    def lines(self) -> list[str]:
        """The same for a person: a line for each cause, the most frequent first, with a few names.

        Hosts that nobody asked for are left out where one was asked for.
        """
        names = sorted(self.refusals, key=lambda name: (self.refusals[name].cause, name))
        groups = [list(group) for _cause, group in itertools.groupby(names, lambda name: self.refusals[name].cause)]
        told = [group for group in groups if self.refusals[group[0]].cause != ASKED] or groups
        told.sort(key=len, reverse=True)
        rest = sum(map(len, told[_GROUPS:]))
        return [self._line(group) for group in told[:_GROUPS]] + ([f"{_hosts(rest)} for other reasons"] if rest else [])

    @property
    def reasons(self) -> str:
        """The lines as one phrase."""
        return "; ".join(self.lines())

    def _line(self, names: list[str]) -> str:
        nearest = max(names, key=lambda name: self.refusals[name].near)
        refusal = self.refusals[nearest]
        if len(names) == 1:
            return f"{nearest}: {refusal.sentence}"
        shown = ", ".join(names[:_NAMES]) + (f" and {len(names) - _NAMES} more" if len(names) > _NAMES else "")
        return f"{_hosts(len(names))} ({shown}): {refusal.cause}" + (
            f" ({nearest}: {refusal.detail})" if refusal.detail else ""
        )


def _hosts(count: int) -> str:
    return "1 host" if count == 1 else f"{count} hosts"
