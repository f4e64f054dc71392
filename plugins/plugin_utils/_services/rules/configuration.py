# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of configuration: a setting's value is of its type, and what is not set is shown as well."""

from __future__ import annotations

import typing as t

from ....module_utils._kinds.configuration import SETTINGS, as_text
from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..._core.settings import value_of
from ..session import Session
from .base import Rules


class ConfigurationRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        session.settings.clear()
        return spec | {"value": as_text(value_of(document, spec["name"], spec["value"]))}

    def removed(self, session: Session, resource: Resource) -> None:
        session.settings.clear()

    def listed(self, found: list[Resource]) -> list[Resource]:
        there = {one.name for one in found}
        unset = [
            Resource("", "configuration", name, {"name": name, "value": as_text(setting.default)})
            for name, setting in SETTINGS.items()
            if name not in there
        ]
        return sorted([*found, *unset], key=lambda one: one.name)

    def state(self, resource: Resource) -> str:
        return "Present" if resource.id else "Default"

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        setting = SETTINGS.get(resource.name)
        if setting is None:
            return {}
        return {
            "default": as_text(setting.default),
            "type": setting.type,
            "unit": setting.unit,
            "description": setting.docs[0],
            "is_set": bool(resource.id) and not resource.removing,
        }
