# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where an image comes from: a file of this machine, or a server."""

from __future__ import annotations

import contextlib
import functools
import http.client
import ssl
import stat
import typing as t
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from ....module_utils._schema.errors import DriverError
from ..._core.naming import shown_url

# Seconds without a byte until a server is given up.
TIMEOUT = 30.0
_HEADERS = {"User-Agent": "cairn.cloud"}
# Answers to HEAD of servers that only know GET, or sign the method into the URL.
_HEAD_REFUSED = (400, 403, 404, 405, 501)


class Stream(t.NamedTuple):
    """An image that is being read. ``size`` is its length in bytes, where known; ``needs`` what it takes on a disk."""

    read: t.Callable[[int], bytes]
    size: int | None
    needs: int


def local_path(url: str) -> Path | None:
    """The path of a ``file://`` URL, None for another one."""
    parts = urlsplit(url)
    return Path(urllib.request.url2pathname(parts.path)) if parts.scheme == "file" else None


def check_file(path: Path, name: str) -> Path:
    """Raises DriverError unless it is a file that we may read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DriverError(f"the image {name} is not a file; correct the URL")
        path.open("rb").close()
    except FileNotFoundError:
        raise DriverError(f"the image {name} does not exist; correct the URL") from None
    except OSError as error:
        raise DriverError(f"the image {name} cannot be read: {error.strerror}; correct its rights") from None
    return path


@contextlib.contextmanager
def opened(url: str, *, plain: bool) -> t.Iterator[Stream]:
    """The image at a URL; ``plain`` lets an https server send us on to an http one. Raises DriverError."""
    path = local_path(url)
    if path is not None:
        name = shown_url(url)
        with check_file(path, name).open("rb") as file:
            facts = path.stat()
            yield Stream(functools.partial(_read, file, name), facts.st_size, facts.st_blocks * 512)
        return
    with _told(url), _request(url, "GET", plain) as response:
        length = response.headers.get("Content-Length")
        size = int(length) if length and length.isdigit() else None
        yield Stream(response.read, size, size or 0)


def _read(file: t.BinaryIO, name: str, count: int) -> bytes:
    try:
        return file.read(count)
    except OSError as error:
        raise DriverError(f"the image {name} cannot be read: {error.strerror}; see the kernel's log") from None


def ask(url: str, *, plain: bool) -> None:
    """Ask a server whether it has the image, without fetching it. Raises DriverError."""
    with _told(url):
        try:
            _request(url, "HEAD", plain).close()
        except urllib.error.HTTPError as error:
            if error.code not in _HEAD_REFUSED:
                raise
            error.close()
            _request(url, "GET", plain).close()


def _request(url: str, method: str, plain: bool) -> http.client.HTTPResponse:
    opener = urllib.request.build_opener(_Redirects(plain=plain))
    request = urllib.request.Request(url, headers=_HEADERS, method=method)
    response: http.client.HTTPResponse = opener.open(request, timeout=TIMEOUT)
    return response


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to http or https only, and from https to http only where a checksum protects the image."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain

    def redirect_request(
        self, req: urllib.request.Request, fp: t.Any, code: int, msg: str, headers: t.Any, newurl: str
    ) -> urllib.request.Request | None:
        scheme = urlsplit(newurl).scheme
        refused = None
        if scheme not in ("http", "https"):
            refused = "a URL that is not http; use another"
        elif scheme == "http" and req.type == "https" and not self._plain:
            refused = "plain http; give a checksum"
        if refused is not None:
            fp.close()
            raise DriverError(f"the server of {shown_url(req.full_url)} sends us on to {refused}")
        fresh = super().redirect_request(req, fp, code, msg, headers, newurl)
        if fresh is not None:
            fresh.method = req.get_method()
        return fresh


@contextlib.contextmanager
def _told(url: str) -> t.Iterator[None]:
    name = shown_url(url)
    try:
        yield
    except urllib.error.HTTPError as error:
        error.close()
        raise DriverError(f"the image {name} cannot be fetched: {error.code} {error.reason}; correct the URL") from None
    except urllib.error.URLError as error:
        reason = getattr(error.reason, "strerror", None) or error.reason
        raise DriverError(f"the image {name} cannot be fetched: {reason}; see that the server can be reached") from None
    except (TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException) as error:
        reason = "no answer in time" if isinstance(error, TimeoutError) else error or type(error).__name__
        raise DriverError(f"the image {name} cannot be fetched: {reason}; see that the server can be reached") from None
