# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is answered to whom."""

from __future__ import annotations

import pytest
from answer import answer, refuse
from guest import Card, Guest
from request import Request

KEY, NOW = b"key", 1_800_000_000.0
GUEST = Guest("1-0", "web", (Card("06:00:00:00:00:01", "10.0.0.2", 0, ""),), user_data=b"mine")
TTL, TOKEN = "x-aws-ec2-metadata-token-ttl-seconds", "x-aws-ec2-metadata-token"


def ask(method: str, path: str, guest: Guest | None = GUEST, now: float = NOW, **headers: str) -> tuple[int, bytes]:
    names = tuple(name for name in path.split("/") if name)
    found = answer(Request(method, names, {n.replace("_", "-"): v for n, v in headers.items()}), guest, KEY, now)
    return found.status, found.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/latest/meta-data/instance-id", 200),
        ("HEAD", "/latest/user-data", 200),
        ("GET", "/latest/meta-data/public-ipv4", 404),
        ("POST", "/latest/user-data", 405),
        ("PUT", "/latest/user-data", 405),
        ("DELETE", "/nowhere", 405),
        ("GET", "/latest/api/token", 405),
        ("PUT", "/latest/api/token", 400),
    ],
)
def test_methods_and_paths(method: str, path: str, status: int) -> None:
    assert ask(method, path)[0] == status


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("path", ["/", "/latest/user-data", "/latest/api/token", "/latest/meta-data/instance-id"])
def test_nobody_gets_anything(method: str, path: str) -> None:
    assert ask(method, path, None, **{TTL: "60"}) == (404, b"Not Found\n")


def test_headers_do_not_say_who_asks() -> None:
    forged = {"host": "10.0.0.3", "x-forwarded-for": "10.0.0.3", "forwarded": "for=10.0.0.3"}
    assert ask("GET", "/latest/user-data", **forged) == (200, b"mine")


def test_tokens() -> None:
    status, token = ask("PUT", "/latest/api/token", **{TTL: "60"})
    assert status == 200
    mine = {TOKEN: token.decode()}
    assert ask("GET", "/latest/user-data", **mine) == (200, b"mine")
    assert ask("GET", "/latest/user-data", now=NOW + 60, **mine)[0] == 401
    assert ask("GET", "/latest/user-data", **{TOKEN: "forged"})[0] == 401


def test_what_is_sent() -> None:
    sent = answer(Request("GET", ("latest", "user-data"), {}), GUEST, KEY, NOW).to_bytes(NOW)
    head, _end, body = sent.partition(b"\r\n\r\n")
    assert body == b"mine"
    assert head.decode().split("\r\n") == [
        "HTTP/1.1 200 OK",
        "Content-Type: application/octet-stream",
        "Content-Length: 4",
        "Date: Fri, 15 Jan 2027 08:00:00 GMT",
        "Connection: close",
    ]
    without = refuse(405, Allow="PUT").to_bytes(NOW, bodiless=True)
    assert without.startswith(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain\r\nAllow: PUT\r\n")
    assert without.endswith(b"\r\n\r\n")
