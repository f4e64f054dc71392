# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The API is as its document says, whatever is sent: nothing is a defect, and all answers are of their schema."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import CoveragePhaseConfig, PhasesConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._runner import OTHERS
from ansible_collections.cairn.cloud.plugins.plugin_utils._api.openapi import described
from support.daemon import Daemon

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
# Each sort of path, and the modules whose arguments are of all sorts; those of other kinds are made by the same code.
SAMPLE = (
    r"^/(healthz|metrics|openapi\.json)$|^/v1/jobs|^/v1/(instances|volumes|zones)(/|$)|^/v1/run/"
    r"(api_key|apply|capacity_info|configuration|drift|event_info|export|instance|instance_info|network|rebuild|zone)$"
)
CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(default=ProjectConfig(phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=False))))
)
SCHEMA = schemathesis.openapi.from_dict(described(), config=CONFIG).include(path_regex=SAMPLE)


def test_each_kind_and_each_module_has_its_paths() -> None:
    paths = described()["paths"]
    reading = {path for kind in KINDS.values() for path in (f"/v1/{kind.many}", f"/v1/{kind.many}/{{id}}")}
    running = {f"/v1/run/{name}" for name in (*OTHERS, *KINDS, *(f"{name}_info" for name in KINDS))}
    jobs = {"/v1/jobs", "/v1/jobs/{job}", "/v1/jobs/{job}/lines"}
    assert paths.keys() == {*reading, *running, *jobs, "/healthz", "/metrics", "/openapi.json"}


def test_arguments_and_secrets_are_described() -> None:
    args = described()["paths"]["/v1/run/instance"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    instance = args["properties"]["args"]["properties"]
    assert instance["memory"] == {"type": "integer"}
    assert "started" in instance["state"]["enum"]
    assert "api_key" not in instance
    shown = described()["paths"]["/v1/user_data/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert "user_data" not in shown["schema"]["properties"]


def test_the_daemon_serves_the_document(daemon: Daemon) -> None:
    assert daemon.get("/openapi.json") == (200, described())


ODD = [
    ("apply", {"src": 5}),
    ("apply", {"documents": [{"kind": "zone", "name": {}}, 5]}),
    ("apply", {"documents": [], "set": ["a"]}),
    ("export", {"kinds": 5}),
    ("export", {"kinds": [{}]}),
    ("event_info", {"limit": 10**30}),
    ("event_info", {"limit": []}),
    ("event_info", {"since": {}, "action": []}),
    ("capacity_info", {"type": {}}),
    ("rebuild", {"hosts": [5], "installation": {}}),
    ("drift", {"wait_timeout": 10**400}),
    ("zone", {"name": "z", "wait": "perhaps"}),
    ("zone", {"name": ["z"], "id": {}}),
    ("zone_info", {"id": 10**30, "name": "\0\ud800"}),
]


@pytest.mark.parametrize(("action", "args"), ODD)
@pytest.mark.parametrize("check", [True, False])
def test_odd_arguments_are_refused_in_a_sentence(daemon: Daemon, action: str, args: Any, check: bool) -> None:
    status, told = daemon.ask("POST", f"/v1/run/{action}", {"args": args, "check": check})
    result = told[-1]["result"] if status == 200 else {"msg": told["error"]}
    assert "defect" not in result.get("msg", "")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"args": 5},
        {"job": "x"},
        {"colour": 1},
        {"earlier": [{}]},
        {"documents": [["zoo", {}, ""]]},
        {"earlier": [{"applyset": [], "removing": False, "documents": []}]},
        {"args": {"src": "/etc"}},
    ],
)
def test_what_is_no_task_is_refused(daemon: Daemon, body: Any) -> None:
    status, told = daemon.ask("POST", "/v1/run/apply", body)
    assert status == 400
    assert told["error"]


@SCHEMA.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent(case: Any, daemon: Daemon, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    if case.body and isinstance(case.body, dict) and isinstance(case.body.get("args"), dict):
        case.body["args"] = {**case.body["args"], **dict.fromkeys({"wait_timeout"} & case.body["args"].keys(), 1)}
    case.call_and_validate(base_url=daemon.https, headers=headers, verify=str(daemon.certificate), checks=CHECKS)


def test_nothing_of_it_was_a_defect(daemon: Daemon) -> None:
    """Tasks whose answer has begun cannot be answered by a status: the log tells."""
    assert [line for line in daemon.logged() if line["message"] == "defect" or "traceback" in line] == []
    metrics = daemon.get("/metrics")[1]
    assert 'cairn_tasks_total{action="zone",outcome="' in metrics
