# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""One HTTP request to the management daemon: by TLS, or by a socket of this machine."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import typing as t

from .._schema.errors import CairnError, DriverError
from .endpoint import Endpoint

# Seconds: how long connecting may take, and how long a daemon that works may be silent (it says something every 10).
CONNECTING = 10.0
SILENT = 60.0


class Lost(DriverError):
    """The connection ended before the answer did."""


class _Local(http.client.HTTPConnection):
    """HTTP by a socket of this machine."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=CONNECTING)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def request(
    endpoint: Endpoint, method: str, path: str, body: t.Any = None
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    """Send a request; the caller reads the answer and closes the connection.

    Raises DriverError when nobody answers, :class:`Lost` when it may have been received though there is no answer.
    """
    connection, prefix = _connection(endpoint)
    headers = {"Accept": "application/x-ndjson, application/json", "Content-Type": "application/json"}
    if endpoint.api_key:
        headers["Authorization"] = f"Bearer {endpoint.api_key}"
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise _unreachable(endpoint, error) from None
    connection.sock.settimeout(SILENT)
    try:
        content = None if body is None else json.dumps(body).encode()
        connection.request(method, f"{prefix}{path}", content, headers)
        return connection, connection.getresponse()
    except ValueError:
        connection.close()
        raise CairnError("api_key: it holds characters that no key has; copy it again") from None
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise Lost(f"the daemon at {endpoint.url} ended the connection ({_words(error)})") from None


def _connection(endpoint: Endpoint) -> tuple[http.client.HTTPConnection, str]:
    path = endpoint.socket
    if path is not None:
        return _Local(path), ""
    host, port, prefix = endpoint.address
    return http.client.HTTPSConnection(host, port, timeout=CONNECTING, context=_context(endpoint)), prefix


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    """How the daemon is known: by the certificates of ``ca_path``, or those that this machine trusts."""
    path = endpoint.ca_path
    try:
        if not path:
            context = ssl.create_default_context()
        elif os.path.isdir(path):
            context = ssl.create_default_context(capath=path)
        else:
            context = ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise CairnError(f"ca_path: {path} cannot be used ({_words(error)}); name a file of certificates") from None
    if not endpoint.validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _unreachable(endpoint: Endpoint, error: OSError) -> DriverError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return DriverError(
            f"the certificate of the daemon at {endpoint.url} is not trusted ({error.verify_message}); "
            "let ca_path name the authority that signed it"
        )
    if isinstance(error, PermissionError):
        return DriverError(
            f"the socket of the daemon at {endpoint.url} may not be used by this user; run as root, or as a member of "
            "the socket's group"
        )
    return DriverError(
        f"the daemon at {endpoint.url} cannot be reached ({_words(error)}); see that it runs and that api_url is right"
    )


def _words(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return reason.rstrip(".") or type(error).__name__
