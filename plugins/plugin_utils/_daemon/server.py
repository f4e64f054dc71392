# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The doors of the daemon: a socket of this machine and a TLS port, with one application behind both."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses as dc
import os
import signal
import socket
import ssl
import stat
import struct
import typing as t

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ...module_utils._schema.errors import CairnError
from .._api.access import Peer

# Seconds that answers which are being sent have, when the daemon is told to stop.
LEAVING = 5
# Seconds until the head of a request has to be there, on a new connection or after an answer.
HEAD = 15.0
# How many connections a door has at most; the unit lets the daemon have many more open files than those of both doors.
CONNECTIONS = 1024
_PEERCRED = "3i"


@dc.dataclass(frozen=True)
class Doors:
    """``socket`` is a path and ``group`` the id of who may use it besides root; ``listen`` is host and port."""

    socket: str | None = None
    group: int | None = None
    listen: tuple[str, int] | None = None
    certificate: str | None = None
    private_key: str | None = None


class _Protocol(H11Protocol):
    """HTTP, where a request from this machine's socket says who sent it, and a connection without one is closed."""

    _head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: t.Any) -> None:
        super().connection_made(transport)
        sock = transport.get_extra_info("socket")
        self._await_head()
        if len(self.connections) > CONNECTIONS:
            self._make_room()
        if sock is not None and sock.family == socket.AF_UNIX:
            found = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize(_PEERCRED))
            self.app_state = {**self.app_state, "peer": Peer(*struct.unpack(_PEERCRED, found))}

    def handle_events(self) -> None:
        super().handle_events()
        if self.cycle is None or self.cycle.response_complete:
            self._await_head()
        else:
            self._await_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._await_no_more()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._head_due is None and not self.transport.is_closing():
            self._head_due = self.loop.call_later(HEAD, self.transport.abort)

    def _await_no_more(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _make_room(self) -> None:
        """End the connection that waits for the longest time; this one, where all others are being answered."""
        waiting = [one for one in self.connections if isinstance(one, _Protocol) and one._head_due is not None]
        min(waiting, key=lambda one: one._head_due.when() if one._head_due else 0.0).transport.abort()


class _Server(uvicorn.Server):
    """One of several in a process, which itself minds the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> t.Iterator[None]:
        yield


async def serve(app: t.Any, doors: Doors, ready: t.Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is called when all doors are open. Raises CairnError."""
    with contextlib.ExitStack() as stack:
        servers = [_server(app, sock, secure, doors) for sock, secure in _sockets(doors, stack)]
        loop = asyncio.get_running_loop()

        def stop() -> None:
            for server, _sock in servers:
                server.should_exit = True

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        tasks = [asyncio.create_task(server.serve([sock])) for server, sock in servers]
        while not all(server.started for server, _sock in servers) and not any(task.done() for task in tasks):
            await asyncio.sleep(0.01)
        ready()
        await asyncio.gather(*tasks)


def _server(app: t.Any, sock: socket.socket, secure: bool, doors: Doors) -> tuple[_Server, socket.socket]:
    tls = {"ssl_certfile": doors.certificate, "ssl_keyfile": doors.private_key} if secure else {}
    config = uvicorn.Config(
        app,
        http=_Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LEAVING,
        **tls,  # type: ignore[arg-type]
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise CairnError(
            f"the certificate {doors.certificate} and its key {doors.private_key} cannot be used: {error}; name files "
            "in PEM that go together and that this user may read"
        ) from None
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return _Server(config), sock


def _sockets(doors: Doors, stack: contextlib.ExitStack) -> t.Iterator[tuple[socket.socket, bool]]:
    if doors.socket is not None:
        yield stack.enter_context(_local(doors.socket, doors.group)), False
    if doors.listen is not None:
        yield stack.enter_context(_network(*doors.listen)), True


@contextlib.contextmanager
def _local(path: str, group: int | None) -> t.Iterator[socket.socket]:
    """A socket that nobody else may use, from the moment that it is there."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _make_way(path)
        before = os.umask(0o177)
        try:
            sock.bind(path)
        finally:
            os.umask(before)
        if group is not None:
            os.chown(path, -1, group)
            os.chmod(path, 0o660)
    except OSError as error:
        sock.close()
        raise CairnError(f"the socket {path} cannot be made: {error.strerror}; mend the rights of its folder") from None
    try:
        yield sock
    finally:
        sock.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _make_way(path: str) -> None:
    """Remove the socket that a daemon which was killed left behind. Raises CairnError where one listens."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            raise CairnError(f"the socket {path} cannot be made: something else is there; name another path")
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
            try:
                probe.connect(path)
            except ConnectionRefusedError:
                os.unlink(path)
                return
        raise CairnError(f"another daemon listens at {path}; stop it, or name another path")


@contextlib.contextmanager
def _network(host: str, port: int) -> t.Iterator[socket.socket]:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        sock = socket.create_server((host, port), family=family, reuse_port=False)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CairnError(f"{host}, port {port} cannot be listened at: {reason}; choose another one") from None
    with sock:
        yield sock
