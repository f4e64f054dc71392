# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Who is let in: keys by TLS, users of the machine by the socket, and nobody else, who learns nothing."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._client.call import call
from ansible_collections.cairn.cloud.plugins.module_utils._client.endpoint import Endpoint
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from support.daemon import Daemon
from support.playbook import Ansible

PATHS = ["/v1/zones", "/v1/zones/x", "/v1/jobs", "/metrics", "/openapi.json", "/nowhere", "/v1/run/zone"]
UNAUTHORIZED = {"error": "unauthorized"}


def ask(daemon: Daemon, path: str, key: str | None = None, method: str = "GET") -> tuple[int, Any]:
    """Status and content of an answer by TLS."""
    context = ssl.create_default_context(cafile=str(daemon.certificate))
    connection = http.client.HTTPSConnection("127.0.0.1", daemon.port, timeout=30, context=context)
    with contextlib.closing(connection):
        connection.request(method, path, headers={"Authorization": f"Bearer {key}"} if key else {})
        response = connection.getresponse()
        text = response.read().decode()
    return response.status, json.loads(text) if text.startswith("{") and "\n" not in text else text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("wrong", [None, "cairn_wrong", " ", "\xff"])
def test_without_a_key_there_is_one_answer(daemon: Daemon, path: str, wrong: str | None) -> None:
    for method in ("GET", "POST"):
        assert ask(daemon, path, wrong, method) == (401, UNAUTHORIZED)
    assert ask(daemon, "/healthz") == (200, {"status": "ok"})


def test_a_key_lets_in_until_it_is_revoked(daemon: Daemon, key: str) -> None:
    assert ask(daemon, "/v1/zones", key)[0] == 200
    made = daemon.ask("POST", "/v1/run/api_key", {"args": {"name": "short"}})[1][-1]["result"]
    endpoint = Endpoint(daemon.https, made["api_key"], str(daemon.certificate))
    assert call(endpoint, "zone", {"args": {"name": "z7"}, "actor": "ann"})["result"]["changed"]
    events = daemon.ask("POST", "/v1/run/event_info", {"args": {"name": "z7"}})[1][-1]["result"]["events"]
    assert [event["user"] for event in events] == ["key:short/ann"]
    daemon.ask("POST", "/v1/run/api_key", {"args": {"name": "short", "state": "absent"}})
    assert ask(daemon, "/v1/zones", made["api_key"]) == (401, UNAUTHORIZED)
    with pytest.raises(CairnError, match="does not let us in; api_key: the key is wrong or revoked"):
        call(endpoint, "zone_info", {})
    kept = b"".join(path.read_bytes() for path in (daemon.directory / "state").glob("cairn.db*"))
    assert made["api_key"].encode() not in kept
    assert made["api_key"] not in daemon.log.read_text()


def test_certificates_are_checked(daemon: Daemon, key: str) -> None:
    with pytest.raises(CairnError, match=r"is not trusted .*; let ca_path name the authority that signed it"):
        call(Endpoint(daemon.https, key), "zone_info", {})
    assert call(Endpoint(daemon.https, key, validate_certs=False), "zone_info", {})["result"]["changed"] is False
    assert call(Endpoint(daemon.https, key, str(daemon.certificate)), "zone_info", {})["result"]["changed"] is False


def test_old_tls_and_plain_http_are_refused(daemon: Daemon) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", daemon.port)) as sock, pytest.raises(OSError, match=r"SSL|reset"):
        context.wrap_socket(sock)
    with socket.create_connection(("127.0.0.1", daemon.port)) as sock:
        sock.settimeout(10)
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert not sock.recv(4096).startswith(b"HTTP")


# Becomes nobody, and sends what it reads from standard input to a socket.
NOBODY = """
import os, socket, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
with socket.socket(socket.AF_UNIX) as sock:
    sock.connect(sys.argv[1])
    sock.sendall(sys.stdin.buffer.read())
    print(sock.makefile().read())
"""


def as_nobody(daemon: Daemon, request: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", NOBODY, str(daemon.socket)]
    return subprocess.run(command, input=request, capture_output=True, text=True, check=False, timeout=30)


@pytest.fixture
def passable() -> Iterator[Path]:
    """A folder that all users of the machine pass through."""
    with tempfile.TemporaryDirectory(prefix="cairn-daemon-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


GET = "GET /v1/zones HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
BODY = '{"args": {"name": "z6"}}'
POST = f"POST /v1/run/zone HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}"


def test_the_socket_is_for_root_and_the_group_alone(passable: Path) -> None:
    """Another user of the machine is kept off by its mode, and by who it is where the mode would let it in."""
    with Daemon(passable / "d") as daemon:
        assert stat.S_IMODE(daemon.socket.stat().st_mode) == 0o600
        assert "PermissionError" in as_nobody(daemon, GET).stderr
        daemon.socket.chmod(0o666)
        assert as_nobody(daemon, GET).stdout.startswith("HTTP/1.1 401")


def test_members_of_the_group_are_let_in(passable: Path) -> None:
    """``nogroup`` is the group of ``nobody``, who is noted with what is changed."""
    with Daemon(passable / "d", more=("--group", "nogroup")) as daemon:
        assert stat.S_IMODE(daemon.socket.stat().st_mode) == 0o660
        assert '"changed": true' in as_nobody(daemon, POST).stdout
        [event] = daemon.ask("POST", "/v1/run/event_info", {"args": {"name": "z6"}})[1][-1]["result"]["events"]
        assert event["user"] == "nobody"


def test_a_second_daemon_does_not_take_the_socket_away(daemon: Daemon) -> None:
    environment = daemon.environment()
    done = subprocess.run(daemon.command(), check=False, env=environment, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "another daemon listens at" in done.stderr
    assert daemon.get("/healthz")[0] == 200


def test_a_key_in_arguments_is_in_no_process_list(daemon: Daemon, key: str, tmp_path: Path) -> None:
    """Nor in what Ansible prints."""
    ansible = Ansible(tmp_path)
    task = {"cairn.cloud.zone_info": {"api_url": daemon.https, "api_key": key, "ca_path": str(daemon.certificate)}}
    told = ansible.play([task], "-v")
    assert told.recap["localhost"]["ok"] == 1
    assert key not in told.stdout
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            assert key.encode() not in entry.read_bytes()


def test_a_key_is_not_taken_for_a_user(daemon: Daemon) -> None:
    made = daemon.ask("POST", "/v1/run/api_key", {"args": {"name": "root"}})[1][-1]["result"]
    endpoint = Endpoint(daemon.https, made["api_key"], str(daemon.certificate))
    call(endpoint, "zone", {"args": {"name": "z5"}})
    call(endpoint, "zone", {"args": {"name": "z5", "dns1": "9.9.9.9"}, "actor": "root"})
    events = daemon.ask("POST", "/v1/run/event_info", {"args": {"name": "z5"}})[1][-1]["result"]["events"]
    assert [event["user"] for event in events] == ["key:root/root", "key:root"]


def test_what_is_told_once_is_told_nobody_else_and_not_twice(daemon: Daemon, key: str) -> None:
    asynchronous = {"Prefer": "respond-async"}
    job = daemon.ask("POST", "/v1/run/ssh_key", {"args": {"name": "secret"}}, asynchronous)[1]["id"]
    lines = f"/v1/jobs/{job}/lines"
    assert "PRIVATE KEY" not in ask(daemon, lines, key)[1]
    assert "PRIVATE KEY" in daemon.get(lines)[1][-1]["result"]["private_key"]
    for told in (ask(daemon, lines, key)[1], str(daemon.get(lines)), str(daemon.get(f"/v1/jobs/{job}"))):
        assert "fingerprint" in told
        assert "PRIVATE KEY" not in told
