# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Jobs outlive connections, and the daemon; none is done twice."""

from __future__ import annotations

import concurrent.futures
import socket
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._client import call as client
from ansible_collections.cairn.cloud.plugins.module_utils._client.endpoint import Endpoint
from support.daemon import Daemon
from support.simulated import documents


def wait(until: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 30
    while not (found := until()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


class Gated:
    """A daemon that starts no guest before its gate is opened, and a client that waits for it."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gate = directory / "gate"
        monkeypatch.setenv("GATE", str(self.gate))
        monkeypatch.setattr(client, "PAUSE", 0.05)
        self.daemon = Daemon(directory / "d", program="support.gated_daemon")
        self.args = {"documents": documents(self.daemon.directory, 2), "set": "web"}
        self.told: list[str] = []

    def apply(self) -> dict[str, Any]:
        content = {"args": self.args, "summary": True}
        return client.call(Endpoint(self.daemon.unix), "apply", content, self.told.append)

    def at_the_gate(self) -> bool:
        waiting = self.gate.with_suffix(".waiting")
        if waiting.exists():
            waiting.unlink()
            return True
        return False

    def states(self) -> list[str]:
        return [one["state"] for one in self.daemon.get("/v1/instances?fields=state")[1]["instances"]]


@pytest.fixture
def gated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    one = Gated(tmp_path, monkeypatch)
    with one.daemon:
        yield one
        one.gate.touch()


def test_a_job_is_finished_after_the_daemon_was_killed_in_its_middle(gated: Gated) -> None:
    daemon = gated.daemon
    with concurrent.futures.ThreadPoolExecutor() as pool:
        waiting = pool.submit(gated.apply)
        wait(gated.at_the_gate)
        [job] = daemon.get("/v1/jobs")[1]["jobs"]
        assert (job["state"], job["action"], job["actor"]) == ("running", "apply", "root")
        daemon.kill()
        kept = b"".join(path.read_bytes() for path in (daemon.directory / "state").glob("cairn.db*"))
        assert b"swordfish" not in kept
        daemon.start()
        wait(gated.at_the_gate)
        gated.gate.touch()
        result = waiting.result(30)["result"]
    assert not result.get("failed")
    assert result["changed"]
    assert any("began again" in warning for warning in result["warnings"])
    assert any("waiting for it to come back" in line for line in gated.told)
    assert gated.told[-1].startswith("done: ")
    found = daemon.get(f"/v1/jobs/{job['id']}")[1]
    assert (found["state"], found["attempts"], found["result"]["changed"]) == ("done", 2, True)
    assert gated.states() == ["Running", "Running"]
    again = gated.apply()["result"]
    assert not again["changed"]
    assert not daemon.ask("POST", "/v1/run/drift", {})[1][-1]["result"]["drifted"]
    assert any(line["message"] == "job taken up again" and line["job"] == job["id"] for line in daemon.logged())


def test_a_job_that_ends_the_daemon_each_time_is_given_up(gated: Gated) -> None:
    daemon, ident = gated.daemon, str(uuid.uuid4())
    asynchronous = {"Prefer": "respond-async"}
    assert daemon.ask("POST", "/v1/run/apply", {"args": gated.args, "job": ident}, asynchronous)[0] == 202
    for _attempt in range(3):
        wait(gated.at_the_gate)
        daemon.kill()
        daemon.start()
    found = wait(lambda: (job := daemon.get(f"/v1/jobs/{ident}")[1])["state"] == "done" and job)
    assert found["failed"]
    assert found["msg"] == "the daemon ended 3 times while it worked on this; look for the cause in its log"


def test_a_daemon_that_is_told_to_stop_leaves_long_jobs_to_the_next_one(
    gated: Gated, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon, ident = gated.daemon, str(uuid.uuid4())
    daemon.stop()
    monkeypatch.setenv("LEAVING", "0.5")
    daemon.start()
    status, job = daemon.ask("POST", "/v1/run/apply", {"args": gated.args, "job": ident}, {"Prefer": "respond-async"})
    assert (status, job["id"]) == (202, ident)
    wait(gated.at_the_gate)
    assert daemon.stop() == 0
    gated.gate.touch()
    daemon.start()
    found = wait(lambda: (job := daemon.get(f"/v1/jobs/{ident}")[1])["state"] == "done" and job)
    assert (found["failed"], found["changed"]) == (False, True)
    assert gated.states() == ["Running", "Running"]


def test_a_daemon_that_cannot_be_asked_begins_no_job(gated: Gated) -> None:
    daemon, ident = gated.daemon, str(uuid.uuid4())
    daemon.ask("POST", "/v1/run/apply", {"args": gated.args, "job": ident}, {"Prefer": "respond-async"})
    wait(gated.at_the_gate)
    daemon.kill()
    with socket.create_server(("127.0.0.1", daemon.port)):
        options = {"env": daemon.environment(), "capture_output": True, "text": True, "timeout": 30}
        done = subprocess.run(daemon.command(), check=False, **options)
    assert (done.returncode, "cannot be listened at" in done.stderr) == (1, True)
    assert not gated.at_the_gate()
    gated.gate.touch()
    daemon.start()
    found = wait(lambda: (job := daemon.get(f"/v1/jobs/{ident}")[1])["state"] == "done" and job)
    assert found["attempts"] == 2


def test_a_job_of_one_id_is_begun_once(daemon: Daemon) -> None:
    body = {"args": {"name": "z9"}, "job": str(uuid.uuid4())}
    first = daemon.ask("POST", "/v1/run/zone", body)[1]
    second = daemon.ask("POST", "/v1/run/zone", body)[1]
    assert first[0] == second[0] == {"job": body["job"]}
    assert first[-1]["result"] == second[-1]["result"]
    assert daemon.ask("POST", "/v1/run/pod", body)[0] == 409
    events = daemon.ask("POST", "/v1/run/event_info", {"args": {"name": "z9"}})[1][-1]["result"]["events"]
    assert len(events) == 1


def test_what_is_told_once_is_not_in_what_is_kept_of_a_job(daemon: Daemon) -> None:
    told = daemon.ask("POST", "/v1/run/ssh_key", {"args": {"name": "pair"}})[1]
    assert "private_key" in told[-1]["result"]
    kept = daemon.get(f"/v1/jobs/{told[0]['job']}")[1]["result"]
    assert "private_key" not in kept
    assert kept["fingerprint"] == told[-1]["result"]["fingerprint"]


def test_looks_are_no_jobs(daemon: Daemon) -> None:
    before = daemon.get("/v1/jobs?limit=500")[1]["jobs"]
    for action, body in (("zone", {"args": {"name": "z8"}, "check": True}), ("zone_info", {}), ("drift", {})):
        lines = daemon.ask("POST", f"/v1/run/{action}", body)[1]
        assert not any("job" in line for line in lines)
    assert daemon.get("/v1/jobs?limit=500")[1]["jobs"] == before


def test_jobs_that_are_not_there(daemon: Daemon) -> None:
    for path in (f"/v1/jobs/{uuid.uuid4()}", f"/v1/jobs/{uuid.uuid4()}/lines"):
        assert daemon.get(path)[0] == 404
