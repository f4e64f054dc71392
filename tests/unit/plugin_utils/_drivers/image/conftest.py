# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Images that qemu-img made, and a web server that has them."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


@pytest.fixture
def qcow2(tmp_path: Path) -> Path:
    """A sound image of 8 MiB with some data in it."""
    path = tmp_path / "image.qcow2"
    raw = tmp_path / "image.raw"
    raw.write_bytes(bytes(range(256)) * 4096 + bytes(7 << 20))
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(raw), str(path)], check=True)
    return path


@pytest.fixture
def raw(qcow2: Path) -> Path:
    return qcow2.with_suffix(".raw")


class Server:
    """Serves the files of a directory on loopback, and misbehaves where the path says so."""

    def __init__(self, directory: Path) -> None:
        self.requests: list[str] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory, self.requests))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/{path}"

    def close(self) -> None:
        if not self._thread.is_alive():
            return
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, directory: Path, requests: list[str], *rest: object) -> None:
        self._directory, self._requests = directory, requests
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_HEAD(self) -> None:
        self._requests.append(f"HEAD {self.path}")
        if self.path.startswith("/only-get/"):
            self.send_error(405)
        else:
            self._answer(body=False)

    def do_GET(self) -> None:
        self._requests.append(f"GET {self.path}")
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        way, _slash, name = self.path.lstrip("/").rpartition("/")
        file = self._directory / name.partition("?")[0]
        if way.startswith("to-"):
            self.send_response(302)
            self.send_header(
                "Location", {"to-here": f"/{name}", "to-file": f"file://{file}", "to-ftp": "ftp://x/y"}[way]
            )
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif not file.is_file():
            self.send_error(404)
        else:
            self._send(file.read_bytes(), way, body=body)

    def _send(self, content: bytes, way: str, *, body: bool) -> None:
        self.send_response(200)
        if way != "unsized":
            length = 1 << 60 if way == "huge" else len(content)
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if body:
            # A client that has heard enough hangs up.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(content[: len(content) // 2] if way == "cut" else content)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.close()
