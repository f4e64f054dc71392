# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Argument specs as Ansible wants them, from the kinds."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.zone import ZONE
from ansible_collections.cairn.cloud.plugins.module_utils._schema.arguments import (
    API,
    RUN_ARGUMENTS,
    argument_spec,
    info_argument_spec,
    option,
    required_one_of,
)
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind


def test_a_field_as_an_option() -> None:
    assert option(Field(doc="A.")) == {"type": "str"}
    assert option(Field(doc="A.", type="list", elements="str", aliases=("b",))) == {
        "type": "list",
        "elements": "str",
        "aliases": ["b"],
    }
    assert option(Field(doc="A.", choices=("x", "y"), default="x")) == {"type": "str", "choices": ["x", "y"]}
    assert option(Field(doc="A.", type="dict", format="tags")) == {"type": "raw"}
    assert option(Field(doc="A.", secret=True)) == {"type": "str", "no_log": True}
    suboptions = {"ip": Field(doc="B.", required=True), "mac": Field(doc="C.")}
    assert option(Field(doc="A.", type="dict", options=suboptions))["options"] == {
        "ip": {"type": "str", "required": True},
        "mac": {"type": "str"},
    }


def test_nothing_has_a_default_that_would_overwrite_what_is_stored() -> None:
    for kind in KINDS.values():
        spec = argument_spec(kind)
        assert {name for name, entry in spec.items() if "default" in entry} <= {
            "state",
            "force",
            "wait",
            "wait_timeout",
        }
        assert not any(entry.get("required") for entry in spec.values())


def test_force_is_offered_where_it_means_something() -> None:
    assert argument_spec(INSTANCE)["force"]["default"] is False
    assert "force" not in argument_spec(ZONE)


def test_run_arguments_are_in_every_spec() -> None:
    assert set(RUN_ARGUMENTS) <= set(argument_spec(ZONE))
    assert required_one_of(ZONE) == [["name", "id"]]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_ansible_takes_the_specs(kind: Kind) -> None:
    for spec, given in ((argument_spec(kind), {"state": "absent"}), (info_argument_spec(kind), {"id": "x"})):
        result: Any = ArgumentSpecValidator(spec).validate(given)
        assert result.error_messages == []


def test_a_reader_takes_filters_and_no_more() -> None:
    assert set(info_argument_spec(INSTANCE)) == {"id", "state", *API, *INSTANCE.filters}
    assert info_argument_spec(INSTANCE)["tags"] == {"type": "raw"}
