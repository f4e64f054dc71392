# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Documents: as people write them, and as hosts carry them (without secrets)."""

from __future__ import annotations

import dataclasses as dc
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.document import carried, name_of, written
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Nic, Resource
from support.wanted import KEY, MAC, NET, WEB, changed, small

SECRET = "secret-word"


def test_written_is_what_a_user_writes() -> None:
    web = changed(WEB, ip_to_networks=[{"network": NET, "ip": "10.0.0.2"}], tags={"a": "b"})
    shown = written(web, small())
    assert shown["networks"] == ["net"]
    assert shown["ip_to_networks"] == [{"network": "net", "ip": "10.0.0.2"}]
    assert (shown["template"], shown["host"], shown["ssh_keys"]) == ("tiny", "h1", ["key"])
    assert shown["tags"] == {"a": "b"}
    assert "user_data" not in shown
    assert list(shown) == [name for name in KINDS["instance"].stored if name in shown]


def test_what_has_no_name_keeps_its_id() -> None:
    assert written(small()[WEB], {})["template"] == small()[WEB].spec["template"]
    assert name_of("id", {}) == "id"


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_no_secret_is_carried(kind: str, data: st.DataObject) -> None:
    fields = KINDS[kind].stored
    spec = {name: SECRET for name, field in fields.items() if field.secret}
    spec |= {name: "open" for name in data.draw(st.sets(st.sampled_from(sorted(fields)))) if not fields[name].secret}
    text = carried(Resource("id", kind, "name", spec), {})
    assert SECRET not in text
    once = {"power", "memory_from", "last_host", "last_storage"}
    kept_back = once | {name for name, field in fields.items() if field.secret}
    assert json.loads(text)["spec"].keys() == spec.keys() - kept_back


def test_carried_is_enough_to_make_the_resource_anew() -> None:
    web = dc.replace(small()[WEB], created="2026-01-01T00:00:00Z")
    document = json.loads(carried(web, small(), [Nic(WEB, NET, 0, MAC, "10.0.0.2")]))
    assert (document["kind"], document["id"], document["name"]) == ("instance", WEB, "web")
    assert (document["owner"], document["created"]) == ("ROOT/admin", "2026-01-01T00:00:00Z")
    assert document["spec"] == {key: value for key, value in web.spec.items() if key != "power"}
    assert {document["names"][ident] for ident in (NET, KEY)} == {"net", "key"}
    assert document["nics"] == [[NET, 0, MAC, "10.0.0.2"]]


def test_carried_does_not_depend_on_what_else_is_known_or_on_order() -> None:
    web = changed(WEB, tags={"x": "1", "b": "2"})
    other = dc.replace(web, spec=dict(reversed(web.spec.items())))
    assert carried(web, small()) == carried(other, dict(reversed(small().items())) | {"more": web})


@pytest.mark.parametrize("power", ["Running", "Stopped"])
def test_power_changes_nothing_that_is_carried(power: str) -> None:
    assert carried(changed(WEB, power=power), small()) == carried(small()[WEB], small())
