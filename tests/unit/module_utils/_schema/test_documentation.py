# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Documentation as Ansible wants it, from the kinds, in step with the argument specs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.zone import ZONE
from ansible_collections.cairn.cloud.plugins.module_utils._schema import documentation
from ansible_collections.cairn.cloud.plugins.module_utils._schema.arguments import (
    RUN_ARGUMENTS,
    argument_spec,
    info_argument_spec,
)
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind

# What the documentation's fragments say, and what it has no word for.
FROM_FRAGMENTS = set(RUN_ARGUMENTS)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


def agree(options: dict[str, Any], spec: dict[str, Any]) -> None:
    """The documented options are those of the spec, with the same types, choices, defaults and aliases."""
    assert set(options) == set(spec) - FROM_FRAGMENTS
    for name, entry in options.items():
        for key in ("type", "elements", "choices", "default", "aliases", "required"):
            assert entry.get(key) == spec[name].get(key), (name, key)
        assert entry["description"]
        assert all(isinstance(line, str) and line for line in entry["description"])
        if "suboptions" in entry:
            agree(entry["suboptions"], spec[name]["options"])


@EVERY_KIND
def test_modules_are_documented_as_they_are(kind: Kind) -> None:
    documented = documentation.module(kind)
    assert documented["module"] == kind.name
    agree(documented["options"], argument_spec(kind))


@EVERY_KIND
def test_readers_are_documented_as_they_are(kind: Kind) -> None:
    documented = documentation.info(kind)
    assert documented["module"] == f"{kind.name}_info"
    agree(documented["options"], info_argument_spec(kind))


@EVERY_KIND
def test_secrets_are_not_among_the_return_values(kind: Kind) -> None:
    secret = {name for name, field in kind.all_fields.items() if field.secret}
    returned = documentation.returns(kind)
    assert not secret & set(returned)
    assert {"id", "state", "created"} <= set(returned)
    [many] = documentation.info_returns(kind).values()
    assert not secret & set(many["contains"])


def test_what_follows_from_the_schema_is_said_in_words() -> None:
    options = documentation.module(INSTANCE)["options"]
    assert "It cannot change afterwards." in options["template"]["description"]
    assert "What there is only one of is the default." in options["zone"]["description"]
    assert "A new instance needs it." in options["name"]["description"]
    assert "In GiB." in options["root_disk_size"]["description"]
    assert any("O(force=true)" in line for line in options["memory"]["description"])
    assert "Names or ids of C(network) resources." in options["networks"]["description"]
    assert (
        "A new zone has V(Advanced) by default." in documentation.module(ZONE)["options"]["network_type"]["description"]
    )


def test_states_are_explained() -> None:
    lines = documentation.module(INSTANCE)["options"]["state"]["description"]
    assert len(lines) == 1 + len(INSTANCE.states)
    assert "V(absent) - the resource does not exist." in lines


def test_what_waits_for_force_is_explained() -> None:
    lines = documentation.module(KINDS["template"])["options"]["force"]["description"]
    assert lines == ["Whether V(extracted) overwrites a file that is there and is another one."]


def test_what_is_returned_once_is_among_the_return_values_of_its_module() -> None:
    told = {kind.name: documentation.returns(kind).keys() - documentation.returned(kind) for kind in KINDS.values()}
    assert {name: once for name, once in told.items() if once} == {
        "api_key": {"api_key"},
        "ssh_key": {"private_key"},
    }
