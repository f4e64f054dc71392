# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""An HTTP request, out of whatever bytes a guest sends.

Source: RFC 9112 (HTTP/1.1), sections 2, 3, 5 and 6.
"""

from __future__ import annotations

import dataclasses as dc
import re
import typing as t
import urllib.parse

# As many bytes as a request may have; a request of EC2's tools has a few hundred.
LIMIT = 8192

_END = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(r"(?P<method>[!#$%&'*+.^_`|~0-9A-Za-z-]+) (?P<target>[!-~]+) HTTP/(?P<major>[0-9])\.[0-9]")
_HEADER = re.compile(r"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)")
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class Refusal(Exception):
    """The request is not one that is answered; ``status`` is what HTTP calls that."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dc.dataclass(frozen=True)
class Request:
    """``path`` is the names between the slashes of the target; names of headers are in lower case."""

    method: str
    path: tuple[str, ...]
    headers: t.Mapping[str, str]


def is_whole(received: bytes) -> bool:
    """Whether no more has to be read: the request has ended, or it is too long."""
    return len(received) > LIMIT or _END.search(received) is not None


def parse(received: bytes) -> Request:
    """The request. Raises :class:`Refusal`, with status 400, 413, 431 or 505, and nothing else."""
    end = _END.search(received)
    if end is None or end.start() > LIMIT:
        raise Refusal(431 if len(received) > LIMIT else 400)
    first, *rest = received[: end.start()].decode("latin-1").split("\n")
    line = _LINE.fullmatch(first.removesuffix("\r"))
    if line is None:
        raise Refusal(400)
    if line["major"] != "1":
        raise Refusal(505)
    headers = _headers(rest)
    if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
        raise Refusal(413)
    return Request(line["method"], _path(line["target"]), headers)


def _headers(lines: t.Iterable[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        found = _HEADER.fullmatch(line.removesuffix("\r"))
        if found is None:
            raise Refusal(400)
        name, value = found["name"].lower(), found["value"].rstrip(" \t")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _path(target: str) -> tuple[str, ...]:
    path = _ABSOLUTE.sub("", target, count=1) if not target.startswith("/") else target
    path = path.partition("#")[0].partition("?")[0] or "/"
    if not path.startswith("/"):
        raise Refusal(400)
    return tuple(urllib.parse.unquote(name, errors="replace") for name in path.split("/") if name)
