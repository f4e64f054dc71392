# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a client makes of answers, of daemons that go away and come back, and of what is no daemon."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._client import call as module
from ansible_collections.cairn.cloud.plugins.module_utils._client import connection
from ansible_collections.cairn.cloud.plugins.module_utils._client.call import call
from ansible_collections.cairn.cloud.plugins.module_utils._client.endpoint import Endpoint
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError

OK = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"


def answer(*lines: Any, end: str = "") -> bytes:
    return (OK + "".join(f"{json.dumps(line) if line else ''}\n" for line in lines) + end).encode()


def refusal(status: int, content: Any = None) -> bytes:
    text = json.dumps(content) if content is not None else "<html>\n"
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}".encode()


class Fake:
    """Gives prepared answers, one a request, and keeps what was asked."""

    def __init__(self, path: Path, answers: list[bytes]) -> None:
        self.endpoint, self.asked = Endpoint(f"unix://{path}", "cairn_k"), list[str]()
        self._answers = answers
        self._sock = socket.socket(socket.AF_UNIX)
        self._sock.bind(str(path))
        self._sock.listen()
        self._sock.settimeout(10)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        for content in self._answers:
            connection, _address = self._sock.accept()
            with connection:
                connection.settimeout(10)
                self.asked.append(_request(connection))
                if content:
                    connection.sendall(content)

    def close(self) -> None:
        self._thread.join(10)
        self._sock.close()


def _request(sock: socket.socket) -> str:
    text = b""
    while b"\r\n\r\n" not in text:
        more = sock.recv(65536)
        if not more:
            return ""
        text += more
    head, _sep, body = text.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0].split(b":")[1]):
        body += sock.recv(65536)
    return (head + b"\n" + body).decode()


@contextlib.contextmanager
def daemon(tmp_path: Path, *answers: bytes) -> Iterator[Fake]:
    fake = Fake(tmp_path / "d.sock", list(answers))
    try:
        yield fake
    finally:
        fake.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)


def test_progress_and_a_result(tmp_path: Path) -> None:
    told: list[str] = []
    lines = ({"job": "j"}, {"progress": "one"}, None, {"progress": "two"}, {"result": {"changed": True}, "journal": []})
    with daemon(tmp_path, answer(*lines)) as fake:
        assert call(fake.endpoint, "zone", {"args": {"name": "z"}}, told.append)["result"] == {"changed": True}
    assert told == ["one", "two"]
    assert fake.asked[0].startswith("POST /v1/run/zone HTTP/1.1")
    assert "Bearer cairn_k" in fake.asked[0]
    body = json.loads(fake.asked[0].rpartition("\n")[2])
    assert body["args"] == {"name": "z"}
    assert len(body["job"]) == 36


def test_a_job_is_followed_through_restarts_and_never_begun_twice(tmp_path: Path) -> None:
    """The connection ends before anything was answered, in the middle, with an error; then the result is there."""
    told: list[str] = []
    cut = answer({"job": "j"}, {"progress": "begun"}, end='{"progre')
    answers = (b"", cut, refusal(503, {"error": "later"}), answer({"job": "j"}, {"result": {"changed": True}}))
    with daemon(tmp_path, *answers) as fake:
        assert call(fake.endpoint, "apply", {}, told.append)["result"] == {"changed": True}
    assert [line.split()[0] for line in fake.asked] == ["POST", "GET", "GET", "GET"]
    job = json.loads(fake.asked[0].rpartition("\n")[2])["job"]
    assert all(f"GET /v1/jobs/{job}/lines " in line for line in fake.asked[1:])
    assert "begun" in told
    assert any("waiting for it to come back" in line for line in told)


UNKNOWN = refusal(404, {"error": "no such job"})


def test_what_the_daemon_does_not_know_is_sent_again_under_the_same_name(tmp_path: Path) -> None:
    """It may have been on its way while it was asked for, and is then no other job."""
    with daemon(tmp_path, b"", UNKNOWN, refusal(503), UNKNOWN, answer({"result": {"changed": True}})) as fake:
        assert call(fake.endpoint, "zone", {})["result"] == {"changed": True}
    assert [line.split()[0] for line in fake.asked] == ["POST", "GET", "POST", "GET", "POST"]
    jobs = {json.loads(line.rpartition("\n")[2])["job"] for line in fake.asked if line.startswith("POST")}
    assert len(jobs) == 1


def test_what_ends_the_daemon_each_time_is_not_sent_for_ever(tmp_path: Path) -> None:
    sentence = r"ended the connection .*; see its log, and run the task again"
    with daemon(tmp_path, *[b"", UNKNOWN] * 3) as fake, pytest.raises(CairnError, match=sentence):
        call(fake.endpoint, "zone_info", {})


def test_a_command_is_not_run_twice(tmp_path: Path) -> None:
    sentence = r"ended the connection .*; see its log, and run the task again"
    with daemon(tmp_path, b"", UNKNOWN) as fake, pytest.raises(CairnError, match=sentence):
        call(fake.endpoint, "instance_command", {})
    assert [line.split()[0] for line in fake.asked] == ["POST", "GET"]


def test_a_daemon_that_stays_away_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with daemon(tmp_path, answer({"job": "j"})) as fake:

        def unlink(_line: str) -> None:
            (tmp_path / "d.sock").unlink(missing_ok=True)

        with pytest.raises(CairnError, match=r"cannot be reached .*it goes on with job .* when it runs again"):
            call(fake.endpoint, "zone", {}, unlink, patience=0.1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (refusal(401, {"error": "unauthorized"}), "does not let us in; api_key: the key is wrong or revoked"),
        (refusal(400, {"error": "documents: it is wrong"}), "^documents: it is wrong$"),
        (refusal(404, {"error": "there is no module"}), "^there is no module$"),
        (refusal(404), r"is no daemon of cairn.cloud \(HTTP 404\)"),
        (refusal(301), r"is no daemon of cairn.cloud \(HTTP 301\)"),
        (refusal(200), "is no daemon of cairn.cloud; mend api_url"),
    ],
)
def test_refusals(tmp_path: Path, content: bytes, sentence: str) -> None:
    with daemon(tmp_path, content) as fake, pytest.raises(CairnError, match=sentence):
        call(fake.endpoint, "zone", {})


def test_without_a_key_one_is_asked_for(tmp_path: Path) -> None:
    with daemon(tmp_path, refusal(401)) as fake, pytest.raises(CairnError, match="does not let us in; give api_key"):
        call(Endpoint(fake.endpoint.url), "zone", {})


def test_a_broken_key_is_said(tmp_path: Path) -> None:
    with daemon(tmp_path, b"") as fake, pytest.raises(CairnError, match="it holds characters that no key has"):
        connection.request(Endpoint(fake.endpoint.url, "cairn\nk"), "GET", "/")


@pytest.mark.parametrize("ca_path", ["/nowhere/ca.pem", __file__])
def test_certificates_that_cannot_be_read(ca_path: str) -> None:
    with pytest.raises(CairnError, match=f"^ca_path: {ca_path} cannot be used"):
        connection.request(Endpoint("https://127.0.0.1:1", ca_path=ca_path), "GET", "/")
