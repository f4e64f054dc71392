# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Modules on another machine: arguments are checked as everywhere, and errors are one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.testing import patch_module_args

from ansible_collections.cairn.cloud.plugins.module_utils import _runner
from ansible_collections.cairn.cloud.plugins.module_utils._client.endpoint import Endpoint
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.zone import ZONE
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError

Run = Callable[[], None]


def failure(run: Run, arguments: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    """The message with which a module fails."""
    with patch_module_args(arguments), pytest.raises(SystemExit) as caught:
        run()
    assert caught.value.code == 1
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] is True
    return str(result["msg"])


RUNS: list[tuple[Run, dict[str, Any]]] = [
    (lambda: _runner.run_resource(ZONE), {"name": "vie-1"}),
    (lambda: _runner.run_info(INSTANCE), {"tags": {"role": "web"}}),
    (_runner.run_apply, {"documents": [{"kind": "zone", "name": "vie-1"}]}),
    (_runner.run_drift, {}),
]


@pytest.mark.parametrize(("run", "arguments"), RUNS)
def test_what_cannot_be_done_is_said_with_the_remedy(
    run: Run, arguments: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    message = failure(run, arguments, capsys)
    assert "delegate_to: localhost" in message
    message = failure(run, arguments | {"api_url": "sqlite:////c.db", "_ansible_check_mode": True}, capsys)
    assert "(sqlite:////c.db) is reached by its management daemon; let api_url name that" in message
    message = failure(run, arguments | {"api_url": "unix:///nowhere/d.sock"}, capsys)
    assert message.startswith("the daemon at unix:///nowhere/d.sock cannot be reached (No such file or directory)")
    message = failure(run, arguments | {"api_url": "http://cloud"}, capsys)
    assert message.startswith("api_url: an API key must not travel in clear")


def test_a_daemon_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With options, else environment variables; what the daemon tells is what the module returns."""
    asked: list[Any] = []

    def call(endpoint: Endpoint, action: str, content: dict[str, Any]) -> dict[str, Any]:
        asked.append((endpoint, action, content))
        return {"result": answer}

    monkeypatch.setattr(_runner, "call", call)
    monkeypatch.setenv("CAIRN_API_URL", "https://cloud")
    monkeypatch.setenv("CAIRN_VALIDATE_CERTS", "no")
    answer: dict[str, Any] = {"changed": True, "name": "vie-1", "warnings": []}
    task = {"name": "vie-1", "api_key": "cairn_1", "_ansible_check_mode": True}
    with patch_module_args(task), pytest.raises(SystemExit) as caught:
        _runner.run_resource(ZONE)
    assert caught.value.code == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["changed"], result["name"]) == (True, "vie-1")
    [(endpoint, action, content)] = asked
    assert endpoint == Endpoint("https://cloud", "cairn_1", None, False)
    args = {"name": "vie-1", "state": "present", "wait": True, "wait_timeout": 300}
    assert (action, content) == ("zone", {"args": args, "check": True})
    answer = {"failed": True, "msg": "zone 'vie-1': no", "changed": False}
    assert failure(RUNS[0][0], task, capsys) == "zone 'vie-1': no"


def test_documents_are_checked_before_anything_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    message = failure(lambda: _runner.run_resource(ZONE), {"name": "vie-1", "dns1": "x"}, capsys)
    assert message == "zone 'vie-1', field dns1: 'x' is not an IPv4 address; write it like 10.1.1.10"


@pytest.mark.parametrize(
    ("run", "arguments", "words"),
    [
        (RUNS[0][0], {}, "one of the following is required: name, id"),
        (RUNS[0][0], {"name": "a", "colour": "red"}, "Unsupported parameters"),
        (RUNS[1][0], {"memory": 1}, "Unsupported parameters"),
        (RUNS[2][0], {}, "one of the following is required: src, documents"),
    ],
)
def test_arguments_are_those_of_the_kind(
    run: Run, arguments: dict[str, Any], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in failure(run, arguments, capsys)


def test_a_defect_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(_runner, "_ask_daemon", fail)
    with patch_module_args({"name": "vie-1"}), pytest.raises(ZeroDivisionError):
        _runner.run_resource(ZONE)


def test_secrets_are_kept_out_of_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[basic.AnsibleModule] = []

    def keep(module: basic.AnsibleModule, action: str, check: Run | None = None) -> None:
        made.append(module)

    monkeypatch.setattr(_runner, "_run", keep)
    with patch_module_args({"name": "a", "user_data": "password: swordfish"}):
        _runner.run_resource(INSTANCE)
    assert "password: swordfish" in made[0].no_log_values


def test_only_errors_of_ours_become_messages() -> None:
    assert not issubclass(ZeroDivisionError, CairnError)
