# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whether the daemon is of use: it answers, and so does its database."""

from __future__ import annotations

import typing as t

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...module_utils._schema.errors import DriverError


class Health:
    """``healthy`` raises DriverError where the database does not answer. Why is not said: anybody may ask."""

    def __init__(self, healthy: t.Callable[[], None]) -> None:
        self._healthy = healthy

    async def get(self, _request: Request) -> Response:
        try:
            await run_in_threadpool(self._healthy)
        except DriverError:
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok"})
