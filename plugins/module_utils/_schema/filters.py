# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters by which info modules and the inventory read less than everything."""

from __future__ import annotations

import typing as t

from .errors import CairnError
from .kind import Kind
from .validation import tags

# What every resource has besides the fields of its kind.
_ALWAYS = ("id", "state")


def checked(kind: Kind, filters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The filters that are given, under their own names.

    Raises CairnError that names the filter and the remedy.
    """
    known = {*kind.filters, *_ALWAYS}
    aliases = {alias: name for name in kind.filters for alias in kind.all_fields[name].aliases}
    given = {}
    for written, value in filters.items():
        key = aliases.get(written, written)
        if key not in known:
            raise CairnError(f"filters: there is no filter '{written}'; known are {', '.join(sorted(known))}")
        if value is None:
            continue
        if key == "tags":
            try:
                tags(value)
            except ValueError as error:
                raise CairnError(f"filters, tags: {error}") from None
        elif isinstance(value, (list, dict)):
            raise CairnError(f"filters, {key}: it is not one value; write one value")
        given[key] = value
    return given


def matches(kind: Kind, shown: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Any], key: str, value: t.Any) -> bool:
    """Whether a resource passes one filter: ``shown`` is as modules return it, ``spec`` names references by id."""
    if key == "tags":
        mine = tags(shown.get(key) or [])
        return all(mine.get(name) == text for name, text in tags(value).items())
    found = [shown.get(key), spec.get(key)] if key in kind.references else [shown.get(key)]
    entries = [entry for one in found for entry in (one if isinstance(one, list) else [one])]
    return str(value).lower() in [str(entry).lower() for entry in entries if entry is not None]
