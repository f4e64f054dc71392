# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A real PostgreSQL server as an ordinary process in a temporary directory, reached through a UNIX socket only."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

START_TIMEOUT = 60.0

# No TCP, and no care for what a power cut would do to a database that lives for one test run.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
}


class PostgresError(RuntimeError):
    """The PostgreSQL server could not be started."""


class PostgresServer:
    """One running server; use as a context manager or call :meth:`close`."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="cairn-postgres-"))
        self._numbers = itertools.count(1)
        self._server: subprocess.Popen[bytes] | None = None
        try:
            self._initialise()
            self._server = self._start()
            self._wait_until_ready()
        except BaseException:
            self.close()
            raise

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of the server's databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._directory}"

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"test_{next(self._numbers)}"
        self._tool("createdb", "--host", str(self._directory), "--username", "postgres", name)
        return self.url(name)

    def close(self) -> None:
        """Stop the server at once and remove its directory."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(timeout=30)
            self._server = None
        shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> PostgresServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _initialise(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self._directory, "postgres", "postgres")
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._tool("initdb", *options, f"--pgdata={self._directory / 'data'}")

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {**SETTINGS, "unix_socket_directories": str(self._directory)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*_as_postgres(), str(_binary("postgres")), "-D", str(self._directory / "data"), *options]
        with self._log.open("wb") as log:
            return subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait_until_ready(self) -> None:
        assert self._server is not None
        deadline = time.monotonic() + START_TIMEOUT
        ready = [str(_binary("pg_isready")), "--quiet", "--host", str(self._directory)]
        while subprocess.run(ready, check=False).returncode != 0:
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL did not start: {self._log.read_text()}")
            time.sleep(0.05)

    def _tool(self, name: str, *arguments: str) -> None:
        command = [*_as_postgres(), str(_binary(name)), *arguments]
        result = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if result.returncode:
            raise PostgresError(f"{name}: {result.stderr or result.stdout}")

    @property
    def _log(self) -> Path:
        return self._directory / "server.log"


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root; its server ends with the test process, even when that is killed."""
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=QUIT", "--"]


def _binary(name: str) -> Path:
    """Debian keeps the server's programs outside of PATH, in a directory for each version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    if not found:
        raise PostgresError(f"{name} not found under /usr/lib/postgresql: install the package 'postgresql'")
    return found[-1]
