# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Settings have the type that they are declared with, and their defaults where nobody set them."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.configuration import SETTINGS, as_text
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import SpecError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import problems
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import convert
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.settings import defaults, in_force, promised, value_of
from support.lab import document as doc

DEFAULTS = {name: setting.default for name, setting in SETTINGS.items()}


def stored(name: str, value: str, **more: t.Any) -> Resource:
    return Resource(f"id of {name}", "configuration", name, {"name": name, "value": value}, **more)


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_is_declared_soundly(name: str) -> None:
    setting = SETTINGS[name]
    assert list(problems(name, setting)) == []
    assert convert(setting, as_text(setting.default)) == setting.default


def test_fields_with_a_setting_have_its_default() -> None:
    fields = [field for kind in KINDS.values() for field in kind.stored.values() if field.setting]
    assert {field.setting for field in fields} <= SETTINGS.keys()
    for field in fields:
        setting = SETTINGS[str(field.setting)]
        declared = [(one.default, one.type, one.minimum, one.maximum, one.format) for one in (field, setting)]
        assert declared[0] == declared[1]


def test_what_is_in_force() -> None:
    assert in_force([]) == DEFAULTS
    others = [stored("of.an.older.release", "1"), stored("vm.stop.timeout", "7", removing=True)]
    assert in_force([stored("workers", "3"), *others]) == DEFAULTS | {"workers": 3}


def test_what_is_promised() -> None:
    there = [stored("workers", "3"), stored("vm.stop.timeout", "7")]
    documents = [
        doc("configuration", "workers", state="absent"),
        doc("configuration", None, id="id of vm.stop.timeout", value="8"),
        doc("configuration", "secstorage.allowed.schemes", value="https,FILE"),
        doc("zone", "workers"),
    ]
    changed = {"vm.stop.timeout": 8, "secstorage.allowed.schemes": ["https", "file"]}
    assert promised(there, documents) == DEFAULTS | changed


def test_a_value_of_another_type_is_refused() -> None:
    document = doc("configuration", "workers", value="many")
    with pytest.raises(SpecError, match="configuration 'workers', field value: 'many' is not a whole number; write"):
        value_of(document, "workers", "many")


def test_defaults_of_new_resources_are_settings() -> None:
    settings = in_force([stored("guest.domain.suffix", "example.org")])
    assert defaults(KINDS["zone"], settings) == {"network_domain": "example.org"}
    assert defaults(KINDS["pod"], settings) == {}
