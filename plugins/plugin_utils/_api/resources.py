# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Resources to read: ``/v1/instances?state=Running`` and ``/v1/instances/ID``, derived from the kinds."""

from __future__ import annotations

import typing as t

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...module_utils._kinds.registry import KINDS
from ...module_utils._schema.documentation import returns
from ...module_utils._schema.filters import checked
from ...module_utils._schema.kind import Kind
from .._run import Open
from .runs import number
from .task import BadRequest

# By the name that several of them have.
BY_MANY = {kind.many: kind for kind in KINDS.values()}
PAGE, LARGEST_PAGE, LAST_PAGE = 100, 10_000, 1_000_000
# Parameters that are no filters.
PAGING = ("fields", "page", "page_size")


class Resources:
    def __init__(self, cloud: Open) -> None:
        self._cloud = cloud

    async def many(self, request: Request) -> Response:
        """Those that pass all filters, page by page, with how many there are in all."""
        kind = _kind(request)
        fields, filters = _fields(kind, request), _filters(kind, request)
        page, size = number(request, "page", 1, LAST_PAGE), number(request, "page_size", PAGE, LARGEST_PAGE)
        found = await run_in_threadpool(self._read, kind, filters)
        shown = [_chosen(one, fields) for one in found[(page - 1) * size : page * size]]
        return JSONResponse({"count": len(found), "page": page, "page_size": size, kind.many: shown})

    async def one(self, request: Request) -> Response:
        kind, ident = _kind(request), request.path_params["id"]
        fields = _fields(kind, request)
        found = await run_in_threadpool(self._read, kind, {"id": ident})
        if not found:
            raise HTTPException(404, f"there is no {kind.title} of this id")
        return JSONResponse(_chosen(found[0], fields))

    def _read(self, kind: Kind, filters: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
        with self._cloud(check=True, progress=None, timeout=0, actor=None) as cloud:
            return cloud.read(kind, filters)


def _kind(request: Request) -> Kind:
    kind = BY_MANY.get(request.path_params["kinds"])
    if kind is None:
        raise HTTPException(404, "there is no such kind; /openapi.json lists them")
    return kind


def _filters(kind: Kind, request: Request) -> dict[str, t.Any]:
    """``tags.role=web`` asks for a tag; all else is a field and its value. Raises CairnError."""
    given: dict[str, t.Any] = {}
    for name, value in request.query_params.multi_items():
        if name.startswith("tags."):
            given.setdefault("tags", {})[name.removeprefix("tags.")] = value
        elif name == "tags":
            raise BadRequest("tags: write a filter by tag like tags.role=web")
        elif name not in PAGING:
            given[name] = value
    return checked(kind, given)


def _fields(kind: Kind, request: Request) -> list[str] | None:
    written = request.query_params.get("fields")
    if not written:
        return None
    names, known = written.split(","), returns(kind)
    for name in names:
        if name not in known:
            raise BadRequest(f"fields: there is no field {name!r:.60}; known are {', '.join(known)}")
    return names


def _chosen(one: dict[str, t.Any], fields: list[str] | None) -> dict[str, t.Any]:
    return one if fields is None else {name: one[name] for name in fields if name in one}
