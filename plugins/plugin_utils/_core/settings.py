# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The settings of the cloud that are in force: what was set, and the defaults of the rest."""

from __future__ import annotations

import typing as t

from ...module_utils._kinds.configuration import SETTINGS
from ...module_utils._schema.kind import Kind
from ...module_utils._schema.validation import Document, convert
from .resource import Resource

Settings = t.Mapping[str, t.Any]


def value_of(document: Document, name: str, written: str) -> t.Any:
    """What is written as the value of a setting, in its type. Raises SpecError."""
    try:
        return convert(SETTINGS[name], written)
    except ValueError as error:
        raise document.error("value", str(error)) from None


def in_force(stored: t.Iterable[Resource]) -> dict[str, t.Any]:
    """All settings; ``stored`` are those that were set."""
    values = {name: setting.default for name, setting in SETTINGS.items()}
    known = [one for one in stored if one.name in SETTINGS and not one.removing]
    return values | {one.name: convert(SETTINGS[one.name], one.spec["value"]) for one in known}


def promised(stored: t.Iterable[Resource], documents: t.Iterable[Document]) -> dict[str, t.Any]:
    """All settings once ``documents`` are stored, too; those of other kinds say nothing. Raises SpecError."""
    stored = list(stored)
    values, names = in_force(stored), {one.id: one.name for one in stored}
    for document in documents:
        name = names.get(document.id or "", document.name)
        if document.kind.name != "configuration" or name not in SETTINGS:
            continue
        if document.kind.states[document.state].removes:
            values[name] = SETTINGS[name].default
        elif document.spec.get("value") is not None:
            values[name] = value_of(document, name, document.spec["value"])
    return values


def defaults(kind: Kind, settings: Settings) -> dict[str, t.Any]:
    """What a new resource of a kind has by the settings, where nothing is said."""
    return {name: settings[field.setting] for name, field in kind.stored.items() if field.setting}
