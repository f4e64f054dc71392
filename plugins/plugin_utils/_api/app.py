# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The API of the management daemon as an ASGI application: its routes, and what errors become."""

from __future__ import annotations

import logging
import typing as t

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...module_utils._schema.errors import CairnError, DriverError
from .access import Access
from .health import Health
from .metrics import Metrics
from .openapi import OpenApi
from .resources import Resources
from .runs import Runs
from .work import Work

log = logging.getLogger("cairn.api")


def application(
    work: Work,
    resources: Resources,
    *,
    healthy: t.Callable[[], None],
    named: t.Callable[[str], str | None],
    metrics: Metrics,
    group: int | None = None,
) -> Access:
    """``healthy`` raises DriverError where the database does not answer; ``named`` and ``group`` say who may ask."""
    runs = Runs(work)
    routes = [
        Route("/healthz", Health(healthy).get),
        Route("/metrics", metrics.get),
        Route("/openapi.json", OpenApi().get),
        Route("/v1/run/{action}", runs.run, methods=["POST"]),
        Route("/v1/jobs", runs.jobs),
        Route("/v1/jobs/{job}", runs.job),
        Route("/v1/jobs/{job}/lines", runs.lines),
        Route("/v1/{kinds}", resources.many),
        Route("/v1/{kinds}/{id}", resources.one),
    ]
    handlers: dict[t.Any, t.Any] = {
        HTTPException: _refused,
        DriverError: _unavailable,
        CairnError: _bad_request,
        Exception: _defect,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    return Access(metrics.measured(app, routes), named, group)


async def _refused(_request: Request, error: Exception) -> Response:
    refused = t.cast(HTTPException, error)
    return JSONResponse({"error": refused.detail}, refused.status_code, refused.headers)


async def _bad_request(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


async def _unavailable(_request: Request, error: Exception) -> Response:
    log.error("unavailable", extra={"error": str(error)})
    return JSONResponse({"error": str(error)}, 503)


async def _defect(_request: Request, error: Exception) -> Response:
    log.error("defect", exc_info=error)
    return JSONResponse({"error": "the daemon met a defect of its own; see its log"}, 500)
