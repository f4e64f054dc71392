# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What there is within one zone, by kind and by what it refers to; names are unique there."""

from __future__ import annotations

import collections
import typing as t

from .model import Found

One = t.Mapping[str, t.Any]


class Within:
    """Looks up in the lists of info modules, which are read once for each way of asking."""

    def __init__(self, found: Found, zone: str) -> None:
        self._found = found
        self._zone = zone
        self._known: dict[tuple[str, ...], dict[tuple[t.Any, ...], list[One]]] = {}

    def of(self, kind: str, **wanted: t.Any) -> list[One]:
        """Those of the zone whose fields have these values, by name."""
        key = (kind, *wanted)
        if key not in self._known:
            self._known[key] = self._read(kind, tuple(wanted))
        return list(self._known[key].get(tuple(wanted.values()), ()))

    def on(self, network: str) -> list[One]:
        """The instances that have a network card in a network, by name."""
        key = ("instance", "nic", "network")
        if key not in self._known:
            plugged: dict[tuple[t.Any, ...], list[One]] = collections.defaultdict(list)
            for one in self.of("instance"):
                for name in dict.fromkeys(nic["network"] for nic in one["nic"]):
                    plugged[(name,)].append(one)
            self._known[key] = plugged
        return list(self._known[key].get((network,), ()))

    def _read(self, kind: str, fields: tuple[str, ...]) -> dict[tuple[t.Any, ...], list[One]]:
        found: dict[tuple[t.Any, ...], list[One]] = collections.defaultdict(list)
        for one in sorted(self._found[kind], key=lambda one: str(one.get("name"))):
            if one.get("zone") == self._zone:
                found[tuple(one.get(field) for field in fields)].append(one)
        return found
