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


async def of_feed(feed: Feed, listener: str = "") -> t.AsyncIterator[bytes]:
    """All that a feed tells, from its start; without an answer where that is to be had elsewhere."""
    read = 0
    with feed.heard() as event:
        while True:
            event.clear()
            told, answer = feed.after(read, listener)
            read += len(told)
            for line in told:
                yield _line({"progress": line})
            if answer is not None:
                yield _line(answer)
                # Here only when the line was sent.
                feed.received(listener)
                return
            if feed.left:
                return
            try:
                await asyncio.wait_for(event.wait(), BEAT)
            except TimeoutError:
                yield b"\n"


async def of_job(work: Work, job: str, listener: str, feed: Feed | None = None) -> t.AsyncIterator[bytes]:
    """All that a job tells until it ends; of one that this daemon has not at hand, its end as soon as it is there."""
    yield _line({"job": job})
    while True:
        feed = feed or work.feed(job)
        if feed is not None:
            async for line in of_feed(feed, listener):
                yield line
            if not feed.left:
                return
            feed = None
        found = await run_in_threadpool(work.jobs.get, job)
        if found is None or found.result is not None:
            yield _line({"result": found.result if found else _FORGOTTEN})
            return
        yield b"\n"
        await asyncio.sleep(LOOK)


_FORGOTTEN = {
    "failed": True,
    "changed": False,
    "msg": "the job is no longer known, which jobs are for a week; its events say what it did",
}


def _line(told: t.Mapping[str, t.Any]) -> bytes:
    return json.dumps(told).encode() + b"\n"
