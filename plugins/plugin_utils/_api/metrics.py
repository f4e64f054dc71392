# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Numbers for Prometheus. Nothing of a cloud's content is in them: no names, no addresses."""

from __future__ import annotations

import time
import typing as t

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SECONDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0, 300.0, 1800.0)


class Metrics:
    """``running`` and ``idle`` tell how many jobs are worked on, and how many connections to hosts wait."""

    def __init__(self, running: t.Callable[[], int], idle: t.Callable[[], int]) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "cairn_http_requests", "Requests that were answered.", ("method", "route", "status"), registry=registry
        )
        self._request_seconds = Histogram(
            "cairn_http_request_seconds", "How long answers took.", ("route",), registry=registry, buckets=_SECONDS
        )
        self._tasks = Counter(
            "cairn_tasks", "Tasks that ended, by module and outcome.", ("action", "outcome"), registry=registry
        )
        self._task_seconds = Histogram(
            "cairn_task_seconds", "How long tasks took.", ("action",), registry=registry, buckets=_SECONDS
        )
        for name, doc, tell in (
            ("cairn_jobs_running", "Jobs that are worked on.", running),
            ("cairn_host_connections_idle", "Open connections to hosts that wait for a task.", idle),
        ):
            Gauge(name, doc, registry=registry).set_function(tell)

    def ended(self, action: str, failed: bool, seconds: float) -> None:
        self._tasks.labels(action, "failed" if failed else "ok").inc()
        self._task_seconds.labels(action).observe(seconds)

    async def get(self, _request: Request) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def measured(self, app: ASGIApp, routes: t.Sequence[BaseRoute]) -> ASGIApp:
        """The application, each of whose answers is counted under its route."""

        async def measure(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            since, status = time.monotonic(), 500

            async def sent(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, sent)
            finally:
                route = _route(scope, routes)
                self._requests.labels(scope["method"] if route else "other", route, str(status)).inc()
                self._request_seconds.labels(route).observe(time.monotonic() - since)

        return measure


def _route(scope: Scope, routes: t.Sequence[BaseRoute]) -> str:
    """The path of the route, not of the request: what labels there are does not depend on who asks."""
    return next((str(getattr(one, "path", "")) for one in routes if one.matches(scope)[0] is Match.FULL), "")
