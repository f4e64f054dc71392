# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Tasks and jobs: what modules, the command line and the inventory ask for."""

from __future__ import annotations

import json
import typing as t

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .._core.job import Job, is_job
from . import lines
from .access import Caller
from .task import ACTIONS, BadRequest, parse
from .work import Work

# Bytes of a body: some ten thousand documents are a tenth of it.
LONGEST = 64 << 20
JOBS, MOST_JOBS = 50, 500


class Runs:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def run(self, request: Request) -> Response:
        """Carry out a module; the answer is line by line, unless the client prefers not to wait (RFC 7240)."""
        action = request.path_params["action"]
        if action not in ACTIONS:
            raise HTTPException(404, f"there is no module {action!r:.60}")
        task, claimed, ident = parse(action, await _body(request))
        caller: Caller = request.state.caller
        actor = caller.acting(claimed)
        if not is_job(action, check=task.check):
            feed = await run_in_threadpool(self._work.look, task, actor)
            return lines.response(lines.of_feed(feed))
        job, told = await run_in_threadpool(self._work.submit, task, actor, ident, caller.name)
        if job.action != action:
            raise HTTPException(409, f"job {ident} is another task; leave job out")
        if "respond-async" in request.headers.get("prefer", ""):
            return JSONResponse(job.shown(), 202, {"Location": f"/v1/jobs/{ident}"})
        return lines.response(lines.of_job(self._work, ident, caller.name, told))

    async def jobs(self, request: Request) -> Response:
        """The newest jobs."""
        limit = number(request, "limit", JOBS, MOST_JOBS)
        found = await run_in_threadpool(self._work.jobs.latest, limit)
        return JSONResponse({"jobs": [job.shown() for job in found]})

    async def job(self, request: Request) -> Response:
        found = await self._found(request)
        return JSONResponse(found.shown() | {"result": found.result})

    async def lines(self, request: Request) -> Response:
        """What a job tells, until it ends."""
        found = await self._found(request)
        return lines.response(lines.of_job(self._work, found.id, request.state.caller.name))

    async def _found(self, request: Request) -> Job:
        found = await run_in_threadpool(self._work.jobs.get, request.path_params["job"])
        if found is None:
            raise HTTPException(404, "there is no such job; it may be forgotten, which jobs are after a week")
        return found


def number(request: Request, name: str, default: int, most: int) -> int:
    """A parameter that is a number from 1 on. Raises BadRequest."""
    written = request.query_params.get(name)
    if written is None:
        return default
    found = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0
    if not 1 <= found <= most:
        raise BadRequest(f"{name}: {written!r:.60} is not a number from 1 to {most}")
    return found


async def _body(request: Request) -> t.Any:
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > LONGEST:
            raise HTTPException(413, f"the body is longer than {LONGEST} bytes; send less at a time")
        parts.append(part)
    try:
        return json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON") from None
