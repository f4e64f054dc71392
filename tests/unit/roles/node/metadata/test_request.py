# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whatever bytes a guest sends are a request or a refusal, and nothing else."""

from __future__ import annotations

import pytest
import request
from hypothesis import given
from hypothesis import strategies as st

# Bytes that mean something in a request, mixed with any.
PIECES = st.sampled_from(
    (b"GET", b"PUT ", b" ", b"/", b"/latest/%2e%2e", b"http://h", b" HTTP/1.1", b"\r\n", b"\n", b"\r", b"Host: a", b":")
)


def whole(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/", ()),
        ("/latest/meta-data/", ("latest", "meta-data")),
        ("//latest///user-data?x=/y#z", ("latest", "user-data")),
        ("http://169.254.169.254/latest", ("latest",)),
        ("HTTP://169.254.169.254", ()),
        ("/a%2Fb/%c3%a4/%ff/%zz", ("a/b", "ä", "\ufffd", "%zz")),
        ("/../etc/passwd", ("..", "etc", "passwd")),
    ],
)
def test_targets(target: str, path: tuple[str, ...]) -> None:
    assert request.parse(whole(f"GET {target} HTTP/1.1")).path == path


def test_headers() -> None:
    asked = request.parse(whole("PUT /x HTTP/1.0\nHost: a\nX-One:\t 1 2 \nx-one:3\nEmpty:\nContent-Length: 0"))
    assert asked.method == "PUT"
    assert asked.headers == {"host": "a", "x-one": "1 2, 3", "empty": "", "content-length": "0"}


def test_bare_line_ends_will_do() -> None:
    assert request.parse(b"GET / HTTP/1.1\nHost: a\n\nrest").headers == {"host": "a"}


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (b"", 400),
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (whole("GET  / HTTP/1.1"), 400),
        (whole("GET latest HTTP/1.1"), 400),
        (whole("GET * HTTP/1.1"), 400),
        (whole("CONNECT host:80 HTTP/1.1"), 400),
        (whole("GET /\x00 HTTP/1.1"), 400),
        (whole("GET / HTTP/1.1\nno colon"), 400),
        (whole("GET / HTTP/1.1\nA: 1\n folded"), 400),
        (whole("GET / HTTP/1.1\nA : 1"), 400),
        (whole("GET / HTTP/1.1\nA: \x07"), 400),
        (whole("PUT / HTTP/1.1\nContent-Length: 5"), 413),
        (whole("PUT / HTTP/1.1\nContent-Length: 0\nContent-Length: 5"), 413),
        (whole("PUT / HTTP/1.1\nTransfer-Encoding: chunked"), 413),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET /" + b"a" * request.LIMIT, 431),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * request.LIMIT + b"\r\n\r\n", 431),
    ],
)
def test_refusals(received: bytes, status: int) -> None:
    with pytest.raises(request.Refusal) as refused:
        request.parse(received)
    assert refused.value.status == status


@given(st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join))
def test_any_bytes_are_a_request_or_a_refusal(received: bytes) -> None:
    for sent in (received, received + b"\r\n\r\n"):
        try:
            asked = request.parse(sent)
        except request.Refusal as refusal:
            status = refusal.status
        else:
            assert all(asked.path)
            assert request.is_whole(sent)
            status = 200
        assert status in (200, 400, 413, 431, 505)


@given(st.binary(max_size=20), st.integers(0, 40))
def test_a_request_is_whole_as_soon_as_it_ends(more: bytes, cut: int) -> None:
    line = whole("GET / HTTP/1.1\nHost: a")
    assert request.is_whole(line + more)
    assert not request.is_whole(line[: min(cut, len(line) - 1)].rstrip(b"\r\n"))
    assert request.is_whole(b"a" * (request.LIMIT + 1))
