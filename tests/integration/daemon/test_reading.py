# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What programs read: resources page by page, numbers, and a log without secrets; and modules that were sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import click.testing
import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.cairn.cloud.plugins.module_utils import _runner
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.zone import ZONE
from ansible_collections.cairn.cloud.plugins.plugin_utils._cli.app import cairn
from support.daemon import Daemon
from support.simulated import documents


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("reading")) as running:
        cloud = documents(running.directory, 5)
        for document in cloud[-5:]:
            document["tags"] = {"role": "web" if document["name"] < "vm4" else "db"}
        told = running.ask("POST", "/v1/run/apply", {"args": {"documents": cloud}})[1]
        assert told[-1]["result"]["changed"]
        yield running


def names(daemon: Daemon, query: str) -> tuple[int, list[str]]:
    found = daemon.get(f"/v1/instances?{query}")[1]
    return found["count"], [one["name"] for one in found["instances"]]


def test_filters_and_pages(daemon: Daemon) -> None:
    assert names(daemon, "") == (5, ["vm1", "vm2", "vm3", "vm4", "vm5"])
    assert names(daemon, "tags.role=web&page_size=2") == (3, ["vm1", "vm2"])
    assert names(daemon, "tags.role=web&page_size=2&page=2") == (3, ["vm3"])
    assert names(daemon, "tags.role=web&page_size=2&page=3") == (3, [])
    assert names(daemon, "name=VM5&state=running") == (1, ["vm5"])
    assert names(daemon, "state=stopped") == (0, [])


def test_fields(daemon: Daemon) -> None:
    [one] = daemon.get("/v1/instances?name=vm1&fields=name,state")[1]["instances"]
    assert one == {"name": "vm1", "state": "Running"}
    ident = daemon.get("/v1/instances?name=vm1")[1]["instances"][0]["id"]
    whole = daemon.get(f"/v1/instances/{ident}")[1]
    assert whole["default_ip"].startswith("10.0.0.")
    assert "user_data" not in whole
    assert daemon.get(f"/v1/instances/{ident}?fields=id") == (200, {"id": ident})


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/instances?colour=red", 400, "there is no filter 'colour'"),
        ("/v1/instances?fields=colour", 400, "there is no field 'colour'"),
        ("/v1/instances?page=0", 400, "page: '0' is not a number from 1 to"),
        ("/v1/instances?page_size=1e3", 400, "page_size: '1e3' is not a number"),
        ("/v1/instances?tags=a", 400, "write a filter by tag like tags.role=web"),
        ("/v1/instances/none", 404, "there is no instance of this id"),
        ("/v1/zoos", 404, "there is no such kind"),
        ("/v1/run/zoo", 404, "there is no such kind"),
    ],
)
def test_refusals(daemon: Daemon, path: str, status: int, words: str) -> None:
    found, told = daemon.get(path)
    assert found == status
    assert words in told["error"]


def test_numbers(daemon: Daemon) -> None:
    daemon.ask("POST", "/v1/run/zone_info", {})
    daemon.get("/v1/instances/secret-name")
    status, text = daemon.get("/metrics")
    assert status == 200
    found = dict(re.findall(r"^(\S+) (\S+)$", text, re.MULTILINE))
    assert float(found['cairn_tasks_total{action="apply",outcome="ok"}']) == 1
    assert float(found['cairn_tasks_total{action="zone_info",outcome="ok"}']) >= 1
    assert float(found["cairn_jobs_running"]) == 0
    assert float(found["cairn_host_connections_idle"]) >= 1
    assert any('route="/v1/{kinds}/{id}",status="404"' in name for name in found)
    assert not re.search(r"secret-name|swordfish|vm1|10\.0\.0", text)


def test_the_log_says_who_did_what_and_no_more(daemon: Daemon) -> None:
    lines = daemon.logged()
    [line] = [line for line in lines if line.get("action") == "apply"]
    assert {line[name] for name in ("part", "message", "actor", "level")} == {"cairn.work", "task", "root", "info"}
    assert (line["failed"], line["changed"], line["check"]) == (False, True, False)
    assert line["seconds"] > 0
    assert not any("swordfish" in json.dumps(one) or "vm1" in json.dumps(one) for one in lines)


def test_connections_to_hosts_stay_open(daemon: Daemon) -> None:
    task: dict[str, Any] = {"args": {"name": "vm1", "display_name": "first"}}
    for name in ("one", "two"):
        task["args"]["display_name"] = name
        assert daemon.ask("POST", "/v1/run/instance", task)[1][-1]["result"]["changed"]
    idle = re.search(r"^cairn_host_connections_idle (\S+)$", daemon.get("/metrics")[1], re.MULTILINE)
    assert idle
    assert float(idle[1]) == 1


@pytest.mark.parametrize("check", [True, False])
def test_a_module_that_was_sent_to_another_machine(
    daemon: Daemon, check: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAIRN_API_URL", daemon.https)
    key = daemon.ask("POST", "/v1/run/api_key", {"args": {"name": f"sent-{check}"}})[1][-1]["result"]["api_key"]
    args = {"name": "z2", "api_key": key, "ca_path": str(daemon.certificate), "_ansible_check_mode": check}
    with patch_module_args(args), pytest.raises(SystemExit) as caught:
        _runner.run_resource(ZONE)
    assert caught.value.code == 0
    told = capsys.readouterr().out
    result = json.loads(told)
    assert (result["changed"], result["name"], result["state"]) == (True, "z2", "Enabled")
    assert "api_key" not in {name for name in result if name != "invocation"}
    assert key not in told
    assert len(daemon.get("/v1/zones?name=z2")[1]["zones"]) == (0 if check else 1)


ODD = [None, [], {}, [[]], [{}], [["zone"]], [[{}, {}, ""]], [[["zone"], {}, ""]], [["zone", {}, 1]], [[None, {}, ""]]]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_odd_bodies_are_refused_or_fail_and_are_no_defect(daemon: Daemon, odd: Any) -> None:
    entry = {"applyset": None, "removing": False, "documents": odd}
    for body in (
        {"args": {"src": "x"}, "documents": odd},
        {"args": {"documents": odd}},
        {"args": {"documents": []}, "check": True, "earlier": [entry]},
        {"args": {"documents": []}, "check": True, "earlier": odd},
        {"args": {"src": odd}, "documents": []},
        {"actor": "a\nb"},
    ):
        status, told = daemon.ask("POST", "/v1/run/apply", body)
        assert status in (200, 400)
        assert "defect" not in str(told)


@pytest.mark.parametrize("view", ["networks", "hosts"])
@pytest.mark.parametrize("output", ["text", "svg"])
def test_a_diagram_is_the_same_by_the_daemon(daemon: Daemon, view: str, output: str) -> None:
    drawn = set()
    for url in (daemon.unix, daemon.database):
        words = ("--api-url", url, "diagram", view, "--zone", "z1", "--output", output)
        result = click.testing.CliRunner(env={"CAIRN_CONFIG": str(daemon.directory / "daemon.yml")}).invoke(
            cairn, words
        )
        assert result.exit_code == 0, result.output
        assert all(f"vm{number}" in result.stdout for number in range(1, 6))
        drawn.add(result.stdout)
    assert len(drawn) == 1
