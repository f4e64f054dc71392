# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The answer to a task: a line of JSON for each thing that is told, and an empty one now and then."""

from __future__ import annotations

import asyncio
import json
import typing as t

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from .feed import Feed
from .work import Work

# Seconds between two lines at most, so that both ends know that the other one is there.
BEAT = 10.0
# Seconds between two looks at a job that another daemon works on.
LOOK = 1.0


def response(lines: t.AsyncIterator[bytes]) -> StreamingResponse:
    return StreamingResponse(lines, media_type="application/x-ndjson")


async def of_feed(feed: Feed, job: str | None = None) -> t.AsyncIterator[bytes]:
    """All that a feed tells, from its start."""
    if job is not None:
        yield _line({"job": job})
    read = 0
    with feed.heard() as event:
        while True:
            event.clear()
            told, answer = feed.after(read)
            read += len(told)
            for line in told:
                yield _line({"progress": line})
            if answer is not None:
                yield _line(answer)
                return
            try:
                await asyncio.wait_for(event.wait(), BEAT)
            except TimeoutError:
                yield b"\n"


async def of_job(work: Work, job: str) -> t.AsyncIterator[bytes]:
    """The end of a job that this daemon has not at hand, as soon as it is there."""
    yield _line({"job": job})
    while True:
        feed = work.feed(job)
        if feed is not None:
            async for line in of_feed(feed):
                yield line
            return
        found = await run_in_threadpool(work.jobs.get, job)
        if found is None or found.result is not None:
            yield _line({"result": found.result if found else _FORGOTTEN})
            return
        yield b"\n"
        await asyncio.sleep(LOOK)


_FORGOTTEN = {"failed": True, "changed": False, "msg": "the job is no longer known; run the task again"}


def _line(told: t.Mapping[str, t.Any]) -> bytes:
    return json.dumps(told).encode() + b"\n"
