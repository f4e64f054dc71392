# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Connections that send nothing, or too little, keep nobody else out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._daemon import server
from ansible_collections.cairn.cloud.plugins.plugin_utils._daemon.server import Doors, serve

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def answer(_scope: object, _receive: object, send: Callable[..., Awaitable[None]]) -> None:
    await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def served(tmp_path: Path, work: Callable[[Callable[[], Awaitable[Connection]]], Awaitable[None]]) -> None:
    """Do ``work``, which is given what connects, beside a server that takes half a second for an answer."""
    path = str(tmp_path / "d.sock")

    made: list[Connection] = []

    async def connect() -> Connection:
        made.append(await asyncio.open_unix_connection(path))
        return made[-1]

    async def main() -> None:
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(answer, Doors(path), ready.set))
        await asyncio.wait_for(ready.wait(), 20)
        try:
            await asyncio.wait_for(work(connect), 40)
        finally:
            for _reader, writer in made:
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
            os.kill(os.getpid(), signal.SIGTERM)
            await serving

    asyncio.run(main())


async def ended(connection: Connection) -> bytes:
    """All that is received until the server ends the connection."""
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(connection[0].read(), 20)
    return b""


def test_a_head_has_to_be_there_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD", 0.2)

    async def work(connect: Callable[[], Awaitable[Connection]]) -> None:
        silent, slow, asking, trickling = [await connect() for _number in range(4)]
        slow[1].write(GET[:10])
        asking[1].write(GET)
        trickling[1].write(GET)
        assert await ended(silent) == await ended(slow) == b""
        # Answers may take longer than heads.
        assert b"ok" in await asking[0].readuntil(b"ok")
        assert b"ok" in await trickling[0].readuntil(b"ok")
        trickling[1].write(GET[:1])
        assert await ended(trickling) == b""

    served(tmp_path, work)


def test_who_waits_for_the_longest_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "CONNECTIONS", 3)

    async def work(connect: Callable[[], Awaitable[Connection]]) -> None:
        asking = await connect()
        asking[1].write(GET)
        await asyncio.sleep(0.1)
        idle = [await connect() for _number in range(6)]
        assert [await ended(one) for one in idle[:4]] == [b""] * 4
        assert b"ok" in await asking[0].readuntil(b"ok")
        idle[-1][1].write(GET)
        assert b"ok" in await idle[-1][0].readuntil(b"ok")

    served(tmp_path, work)


def test_the_socket_is_gone_afterwards(tmp_path: Path) -> None:
    async def work(connect: Callable[[], Awaitable[Connection]]) -> None:
        (await connect())[1].close()

    served(tmp_path, work)
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
        sock.connect(str(tmp_path / "d.sock"))
