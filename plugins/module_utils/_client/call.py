# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A task carried out by the management daemon: its progress line by line, then its result.

The answer to ``POST /v1/run/ACTION`` is a line of JSON for each thing that is told: ``{"job": id}`` where the work goes
on without us, ``{"progress": text}``, and last ``{"result": ...}``; empty lines say that the daemon is still there.
Where the connection ends in the middle, the lines of the job are asked for again, until the daemon is back; a task that
it does not know then is sent once more.
"""

from __future__ import annotations

import http.client
import json
import time
import typing as t
import uuid

from .._schema.errors import CairnError, DriverError
from .connection import Lost, request
from .endpoint import Endpoint

# Seconds: how long a daemon that went away is waited for, and between two looks.
PATIENCE = 120.0
PAUSE = 0.5
# How often a task is sent that the daemon does not know afterwards.
SENT = 3
# What is not done twice.
_UNREPEATED = ("instance_command",)
_LONGEST = 2000

Progress = t.Callable[[str], None]


class _Unknown(CairnError):
    """The daemon has no such job."""


def call(
    endpoint: Endpoint,
    action: str,
    content: t.Mapping[str, t.Any],
    progress: Progress | None = None,
    *,
    patience: float = PATIENCE,
) -> dict[str, t.Any]:
    """The last line of the answer, a mapping with ``result``. Raises CairnError."""
    # A job by a name of ours is never started twice, whatever becomes of connections.
    job = str(uuid.uuid4())
    body = {**content, "job": job}

    def told(line: str | None) -> None:
        if line is not None and progress is not None:
            progress(line)

    lost: DriverError | None = None
    deadline: float | None = None
    sent, following = 0, False
    while True:
        sent += not following
        try:
            asked = ("GET", f"/v1/jobs/{job}/lines", None) if following else ("POST", f"/v1/run/{action}", body)
            for line in _lines(endpoint, *asked):
                deadline = None
                if "result" in line:
                    return dict(line)
                told(line.get("progress"))
            raise Lost(f"the daemon at {endpoint.url} ended its answer in the middle")
        except _Unknown as error:
            _check_resend(error, lost if following else None, sent if action not in _UNREPEATED else SENT)
            following = False
        except DriverError as error:
            if lost is None and not isinstance(error, Lost):
                raise
            following = following or isinstance(error, Lost)
            lost, deadline = error, _wait(error, job, deadline, patience, told)


def _check_resend(error: _Unknown, lost: DriverError | None, sent: int) -> None:
    """A task that was asked for in vain is sent again: it was lost before it was stored, or is no job; or it is stored
    by now, and is then merely followed. Raises CairnError where that is of no use."""
    if lost is None:
        raise error
    if sent == SENT:
        raise DriverError(f"{lost}; see its log, and run the task again") from None


def _wait(error: DriverError, job: str, deadline: float | None, patience: float, told: Progress) -> float:
    """Pause before the daemon is asked again; returns until when that goes on. Raises DriverError."""
    now = time.monotonic()
    if deadline is None:
        told(f"{error}; waiting for it to come back")
        deadline = now + patience
    if now > deadline:
        raise DriverError(f"{error}; it goes on with job {job} when it runs again, so start it") from None
    time.sleep(PAUSE)
    return deadline


def _lines(endpoint: Endpoint, method: str, path: str, body: t.Any) -> t.Iterator[dict[str, t.Any]]:
    connection, response = request(endpoint, method, path, body)
    try:
        if response.status != http.client.OK:
            raise _refusal(endpoint, response)
        while (line := response.readline()).endswith(b"\n"):
            if line.strip():
                yield _decoded(endpoint, line)
    except (OSError, http.client.HTTPException):
        raise Lost(f"the daemon at {endpoint.url} ended the connection") from None
    finally:
        connection.close()


def _decoded(endpoint: Endpoint, line: bytes) -> dict[str, t.Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise CairnError(f"what answers at {endpoint.url} is no daemon of cairn.cloud; mend api_url")
    return found


def _refusal(endpoint: Endpoint, response: http.client.HTTPResponse) -> CairnError:
    """What a status other than 200 means, in the daemon's own words where it has some."""
    if response.status == http.client.UNAUTHORIZED:
        remedy = "api_key: the key is wrong or revoked; get another one" if endpoint.api_key else "give api_key"
        return CairnError(f"the daemon at {endpoint.url} does not let us in; {remedy}")
    try:
        words = json.loads(response.read(65536))["error"]
    except (ValueError, LookupError, TypeError):
        words = ""
    if response.status == http.client.NOT_FOUND and words:
        return _Unknown(words)
    if response.status >= http.client.INTERNAL_SERVER_ERROR:
        return Lost(f"the daemon at {endpoint.url} failed (HTTP {response.status})")
    if not isinstance(words, str) or not words:
        return CairnError(f"what answers at {endpoint.url} is no daemon of cairn.cloud (HTTP {response.status})")
    return CairnError(words[:_LONGEST])
