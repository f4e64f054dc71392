# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Tasks run in process on the control node, with plain data; any other host gets the module."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.template import trust_as_template

from ansible_collections.cairn.cloud.plugins.action import resource
from ansible_collections.cairn.cloud.plugins.action.resource import ActionModule, plain
from ansible_collections.cairn.cloud.plugins.plugin_utils._run import Run

PLAIN = {dict, list, str, int, float, bool, type(None)}
LOADED = """
text: word
list: [1, 2.5, true, ~, {a: b}]
nested: {1: {x: [y]}}
day: 2026-01-02
moment: 2026-01-02 03:04:05
set: !!set {a}
"""


def types(value: Any) -> set[type]:
    """All exact types in a value."""
    if isinstance(value, dict):
        return {type(value)}.union(*map(types, value), *map(types, value.values()))
    if isinstance(value, (list, tuple, set)):
        return {type(value)}.union(*map(types, value))
    return {type(value)}


def action(name: str, args: dict[str, Any], transport: str = "local", check: bool = False) -> ActionModule:
    task = SimpleNamespace(action=name, args=args, check_mode=check, async_val=0, diff=False)
    connection = SimpleNamespace(transport=transport, _shell=SimpleNamespace(tmpdir="/tmp"))
    return ActionModule(task, connection, None, DataLoader(), None, None)


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any], Run]]:
    """What is carried out in process: nothing, and it is written down."""
    calls: list[tuple[str, dict[str, Any], Run]] = []

    def execute(*call: Any) -> dict[str, Any]:
        calls.append(call)
        return {"changed": True}

    monkeypatch.setattr(resource, "execute", execute)
    return calls


def test_nothing_of_ansible_is_left_of_data() -> None:
    loaded = DataLoader().load(LOADED)
    assert not types(loaded) <= PLAIN
    assert types(plain(loaded)) <= PLAIN
    assert plain(loaded) == {
        "text": "word",
        "list": [1, 2.5, True, None, {"a": "b"}],
        "nested": {1: {"x": ["y"]}},
        "day": "2026-01-02",
        "moment": "2026-01-02 03:04:05",
        "set": ["a"],
    }


def test_plain_data_stays_as_it_is() -> None:
    assert types(plain(trust_as_template("{{ a }}"))) == {str}
    assert plain((1, "a")) == [1, "a"]
    assert plain(datetime.time(1, 2)) == "01:02:00"
    assert plain(b"x") == b"x"


def test_a_task_on_the_control_node_runs_in_process(executed: list[Any]) -> None:
    args = DataLoader().load("{name: vie-1, tags: {a: b}}")
    assert action("cairn.cloud.zone", args, check=True).run() == {"changed": True}
    [(name, given, run)] = executed
    assert (name, given) == ("zone", {"name": "vie-1", "tags": {"a": "b"}})
    assert types(given) <= PLAIN
    assert run.check
    assert run.progress is None


def test_apply_tells_of_its_progress_and_finds_files_beside_the_playbook(executed: list[Any], tmp_path: Any) -> None:
    module = action("cairn.cloud.apply", {"src": "cloud.yml"})
    module._loader.set_basedir(str(tmp_path))
    (tmp_path / "cloud.yml").write_text("kind: zone\n")
    module.run()
    [(_name, _given, run)] = executed
    assert run.progress is not None
    assert run.locate("cloud.yml") == str(tmp_path / "cloud.yml")
    text = run.read(run.locate("cloud.yml"))
    assert (text, type(text)) == ("kind: zone\n", str)


@pytest.mark.parametrize("transport", ["ssh", "docker"])
def test_a_task_elsewhere_sends_its_module(
    transport: str, executed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    def send(_self: ActionModule, **how: Any) -> dict[str, Any]:
        sent.append(how)
        return {"changed": False}

    monkeypatch.setattr(ActionModule, "_execute_module", send)
    assert action("cairn.cloud.zone_info", {}, transport).run(None, {"a": 1}) == {"changed": False}
    assert sent == [{"module_name": "cairn.cloud.zone_info", "module_args": {}, "task_vars": {"a": 1}}]
    assert executed == []


def test_documents_of_files_are_sent_along(
    executed: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(ActionModule, "_execute_module", lambda _self, **how: sent.append(how["module_args"]) or {})
    (tmp_path / "cloud.yml").write_text("kind: zone\nname: z1\n")
    task = {"src": "cloud.yml", "documents": [{"kind": "zone", "name": "z2"}], "prune": True}
    module = action("cairn.cloud.apply", task, "ssh")
    module._loader.set_basedir(str(tmp_path))
    module.run()
    [args] = sent
    assert (args["prune"], "src" in args) == (True, False)
    assert [(one["kind"], one["name"]) for one in args["documents"]] == [("zone", "z1"), ("zone", "z2")]
    (tmp_path / "cloud.yml").write_text("kind: zoo\n")
    with pytest.raises(AnsibleActionFail, match="there is no kind 'zoo'"):
        module.run()
