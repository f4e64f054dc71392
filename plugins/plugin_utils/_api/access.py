# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Who may ask: a key that was made with kind api_key, or a user of this machine by the socket."""

from __future__ import annotations

import os
import pwd
import typing as t

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .._core.token import digest

# What is answered to anybody: whether there is an answer at all.
OPEN = frozenset({"/healthz"})


class Peer(t.NamedTuple):
    """The process at the other end of a socket of this machine (SO_PEERCRED, unix(7))."""

    pid: int
    uid: int
    gid: int


class Caller(t.NamedTuple):
    """``name`` is noted with what is changed: a user of this machine, or ``key:NAME``, which no user is called.
    ``trusted`` ones may say for whom they act."""

    name: str
    trusted: bool = False

    def acting(self, claimed: str) -> str:
        """Who is noted, where the caller says that it acts for ``claimed``."""
        if not claimed or claimed == self.name:
            return self.name
        return claimed if self.trusted else f"{self.name}/{claimed}"


def local(peer: Peer, group: int | None) -> Caller | None:
    """The caller that a peer is: root, the daemon's own user, or a member of the socket's group."""
    try:
        user = pwd.getpwuid(peer.uid)
    except KeyError:
        name, groups = str(peer.uid), [peer.gid]
    else:
        name, groups = user.pw_name, os.getgrouplist(user.pw_name, peer.gid)
    if peer.uid in (0, os.getuid()):
        return Caller(name, trusted=True)
    return Caller(name) if group is not None and group in groups else None


class Access:
    """Lets nobody else pass. ``named`` is the name of the key with a digest, None when there is none."""

    def __init__(self, app: ASGIApp, named: t.Callable[[str], str | None], group: int | None) -> None:
        self._app, self._named, self._group = app, named, group

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        caller = await self._caller(scope)
        if caller is None:
            refusal = JSONResponse({"error": "unauthorized"}, 401, {"WWW-Authenticate": "Bearer"})
            await refusal(scope, receive, send)
            return
        scope["state"]["caller"] = caller
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller | None:
        peer = scope.setdefault("state", {}).get("peer")
        # Users may be of a directory that is asked over the network.
        known = await run_in_threadpool(local, peer, self._group) if peer is not None else None
        if known is not None:
            return known
        scheme, _space, key = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            return None
        name = await run_in_threadpool(self._named, digest(key.strip()))
        return None if name is None else Caller(f"key:{name}")
