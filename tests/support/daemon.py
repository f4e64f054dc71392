# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The management daemon as a process of its own, on a cloud in a directory: its database, key, socket and port."""

from __future__ import annotations

import base64
import contextlib
import datetime
import http.client
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.collection import make_dev_tree

PROGRAM = "ansible_collections.cairn.cloud.plugins.plugin_utils._daemon"
STARTING = 30.0


class Daemon:
    """Started and stopped as often as one likes; what it keeps, it keeps in ``directory``."""

    def __init__(
        self,
        directory: Path,
        *,
        program: str = PROGRAM,
        database: str | None = None,
        more: tuple[str, ...] = (),
        local_dirs: str | None = None,
    ) -> None:
        """``more`` are further options. Callers may name files of the whole directory, or of ``local_dirs``."""
        self.directory, self.program, self._more = directory, program, more
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "state").mkdir(exist_ok=True)
        self.database = database or f"sqlite:///{directory}/state/cairn.db"
        self.socket, self.log = directory / "d.sock", directory / "daemon.log"
        self.key = directory / "secret.key"
        self.certificate, self.private_key = make_certificate(directory)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if not self.key.exists():
            self.key.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
        settings = {"api_url": self.database, "secret_key_file": str(self.key), "state_dir": f"{directory}/state"}
        settings["local_dirs"] = str(directory) if local_dirs is None else local_dirs
        (directory / "daemon.yml").write_text(yaml.safe_dump(settings))

    @property
    def unix(self) -> str:
        return f"unix://{self.socket}"

    @property
    def https(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "CAIRN_"))}
        tests = str(Path(__file__).parents[1])
        found = {"CAIRN_CONFIG": str(self.directory / "daemon.yml"), "PYTHONPATH": f"{make_dev_tree()}:{tests}"}
        return inherited | found

    def command(self) -> list[str]:
        tls = ("--certificate", str(self.certificate), "--private-key", str(self.private_key))
        doors = ("--socket", str(self.socket), "--listen", f"127.0.0.1:{self.port}", *tls)
        return [sys.executable, "-m", self.program, *doors, *self._more]

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + STARTING
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the daemon did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == http.client.OK
        except OSError:
            return False

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end; returns its exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(STARTING)

    def __enter__(self) -> Daemon:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()

    def get(self, path: str) -> tuple[int, Any]:
        """Status and content of what is read by the socket."""
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Status and content of an answer by the socket; lines are a list."""
        connection = http.client.HTTPConnection("localhost", timeout=30)
        connection.sock = socket.socket(socket.AF_UNIX)
        with contextlib.closing(connection):
            connection.sock.settimeout(30)
            connection.sock.connect(str(self.socket))
            connection.request(method, path, None if body is None else json.dumps(body), headers or {})
            response = connection.getresponse()
            text, sort = response.read().decode(), response.headers.get("content-type", "")
        if sort.startswith("application/x-ndjson"):
            return response.status, [json.loads(line) for line in text.splitlines() if line.strip()]
        return response.status, json.loads(text) if sort.startswith("application/json") else text

    def logged(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def make_certificate(directory: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    certificate, private = directory / "tls.pem", directory / "tls.key"
    if certificate.exists():
        return certificate, private
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "daemon of a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*form))
    private.chmod(0o600)
    return certificate, private
