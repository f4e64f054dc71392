# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Resources and what they are called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import (
    Owner,
    Resource,
    bridge_name,
    object_name,
)

ID = "01234567-89ab-cdef-0123-456789abcdef"


@given(st.text(min_size=1), st.uuids().map(str))
def test_names_on_hosts_break_out_of_nothing(name: str, ident: str) -> None:
    resource = Resource(ident, "instance", name, {})
    assert not re.search(r"[\s/<>&'\"\x00-\x2c]", object_name(resource))
    assert object_name(resource).endswith(ident[:8])
    assert re.fullmatch(r"cn[0-9a-f]{12}", bridge_name(resource))


def test_labels() -> None:
    resource = Resource(ID, "service_offering", "small", {})
    assert resource.label == "service offering 'small'"
    assert object_name(Resource(ID, "network", "my net.1", {})) == "my-net.1-01234567"


@pytest.mark.parametrize(
    ("owner", "path"),
    [(Owner(), "ROOT/admin"), (Owner("a", "b", "c"), "a/b/c"), (Owner(project="p"), "ROOT/admin/p")],
)
def test_owners(owner: Owner, path: str) -> None:
    assert owner.path == path


def test_changes_leave_the_resource_as_it_was() -> None:
    resource = Resource(ID, "zone", "z", {"a": 1}, {"b": 2})
    assert resource.with_spec(a=2).spec == {"a": 2}
    assert resource.with_status(c=3).status == {"b": 2, "c": 3}
    assert (resource.spec, resource.status) == ({"a": 1}, {"b": 2})
