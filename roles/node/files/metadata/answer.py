# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a guest is answered."""

from __future__ import annotations

import dataclasses as dc
import email.utils
import http
import typing as t

import tokens
from guest import Guest
from request import Refusal, Request
from tree import VERSIONS, look_up, tree_of

TOKEN_PATH = ("latest", "api", "token")
_TOKEN = "x-aws-ec2-metadata-token"
_TTL = "X-aws-ec2-metadata-token-ttl-seconds"


@dc.dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: t.Mapping[str, str] = dc.field(default_factory=dict)

    def to_bytes(self, now: float, *, bodiless: bool = False) -> bytes:
        """The answer as it is sent; ``bodiless`` to a HEAD request."""
        headers = {
            "Content-Type": "text/plain",
            **self.headers,
            "Content-Length": str(len(self.body)),
            "Date": email.utils.formatdate(now, usegmt=True),
            "Connection": "close",
        }
        lines = [f"HTTP/1.1 {self.status} {http.HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join([*lines, "", ""]).encode("ascii")
        return head if bodiless else head + self.body


def refuse(status: int, **headers: str) -> Answer:
    return Answer(status, f"{http.HTTPStatus(status).phrase}\n".encode(), headers)


def answer(request: Request, guest: Guest | None, key: bytes, now: float) -> Answer:
    """``guest`` is who asks, None when it is nobody who gets metadata; ``key`` signs tokens."""
    try:
        if guest is None:
            raise Refusal(404)
        if request.path == TOKEN_PATH:
            return _token(request, guest, key, now)
        if request.method not in ("GET", "HEAD"):
            return refuse(405, Allow="GET, HEAD")
        token = request.headers.get(_TOKEN)
        if token is not None and not tokens.holds(token, key, guest.instance_id, now):
            raise Refusal(401)
        found = look_up(tree_of(guest), request.path)
    except Refusal as refusal:
        return refuse(refusal.status)
    if found is None:
        return refuse(404)
    if request.path[1:] == ("user-data",) and request.path[0] in VERSIONS:
        return Answer(200, found, {"Content-Type": "application/octet-stream"})
    return Answer(200, found)


def _token(request: Request, guest: Guest, key: bytes, now: float) -> Answer:
    if request.method != "PUT":
        return refuse(405, Allow="PUT")
    seconds = tokens.seconds(request.headers.get(_TTL.lower()))
    if seconds is None:
        raise Refusal(400)
    token = tokens.issue(key, guest.instance_id, int(now) + seconds)
    return Answer(200, token.encode(), {_TTL: str(seconds)})
