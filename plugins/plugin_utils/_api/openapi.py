# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The API described for programs, in OpenAPI 3.1, derived from the kinds and the modules' arguments."""

from __future__ import annotations

import functools
import typing as t

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...module_utils._client.endpoint import CONNECTION
from ...module_utils._kinds.registry import KINDS
from ...module_utils._runner import ALL, OTHERS
from ...module_utils._schema import arguments, documentation
from ...module_utils._schema.kind import Kind
from .resources import LARGEST_PAGE, LAST_PAGE, PAGE
from .runs import JOBS, MOST_JOBS

Schema = dict[str, t.Any]

_TYPES: dict[str, Schema] = {
    "str": {"type": "string"},
    "path": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "dict": {"type": "object"},
    "raw": {},
}
_ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
_RESULT = {
    "type": "object",
    "description": "What the module returns: changed, diff, warnings; failed and msg where it failed.",
    "properties": {"changed": {"type": "boolean"}, "failed": {"type": "boolean"}, "msg": {"type": "string"}},
}
_JOB = {
    "type": "object",
    "required": ["id", "action", "actor", "state", "created", "attempts"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "action": {"type": "string"},
        "actor": {"type": "string"},
        "state": {"enum": ["running", "done"]},
        "created": {"type": "string"},
        "attempts": {"type": "integer"},
        "finished": {"type": "string"},
        "failed": {"type": "boolean"},
        "changed": {"type": "boolean"},
        "msg": {"type": "string"},
    },
}


class OpenApi:
    async def get(self, _request: Request) -> Response:
        return JSONResponse(described())


@functools.cache
def described() -> Schema:
    """The whole document."""
    paths: Schema = {
        "/healthz": {"get": _operation("healthz", "Whether the daemon and its database answer.", _HEALTH, open_=True)},
        "/v1/jobs": {
            "get": _operation(
                "jobs", "The newest jobs.", _json(_list("jobs", _JOB)), (_number("limit", JOBS, MOST_JOBS),)
            )
        },
        "/v1/jobs/{job}": {"get": _operation("job", "A job.", _json(_JOB), (_in_path("job"),), missing=True)},
        "/v1/jobs/{job}/lines": {
            "get": _operation("job_lines", "What a job tells, until it ends.", _LINES, (_in_path("job"),), missing=True)
        },
    }
    paths["/metrics"] = {"get": _operation("metrics", "Numbers for Prometheus.", _TEXT)}
    paths["/openapi.json"] = {"get": _operation("openapi", "This document.", _json({"type": "object"}))}
    for kind in KINDS.values():
        paths |= _reading(kind)
        paths[f"/v1/run/{kind.name}"] = _run(kind.name, f"Manage {kind.doc}.", arguments.argument_spec(kind))
        paths[f"/v1/run/{kind.name}_info"] = _run(
            f"{kind.name}_info", f"Read {kind.doc}.", arguments.info_argument_spec(kind)
        )
    for name in OTHERS:
        paths[f"/v1/run/{name}"] = _run(name, f"What module cairn.cloud.{name} does.", ALL[name])
    return {
        "openapi": "3.1.0",
        "info": {"title": "cairn.cloud", "version": "1", "license": {"name": "GPL-3.0-or-later"}},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "error": {"description": "Why not, in one sentence.", "content": _json(_ERROR)},
                "unauthorized": {"description": "The key is missing, wrong or revoked.", "content": _json(_ERROR)},
            },
        },
    }


def _reading(kind: Kind) -> Schema:
    """The paths that resources of a kind are read by."""
    shown = {
        "type": "object",
        "properties": {name: _returned(entry) for name, entry in documentation.returned(kind).items()},
    }
    many = _list(kind.many, shown)
    many["properties"] |= {name: {"type": "integer"} for name in ("count", "page", "page_size")}
    names = [name for name in dict.fromkeys(("id", "state", *kind.filters)) if name != "tags"]
    filters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    paging = (_FIELDS, _number("page", 1, LAST_PAGE), _number("page_size", PAGE, LARGEST_PAGE))
    doc = f"{kind.doc[0].upper()}{kind.doc[1:]}"
    one = _operation(f"get_{kind.name}", f"One of: {doc}.", _json(shown), (_in_path("id"), _FIELDS), missing=True)
    return {
        f"/v1/{kind.many}": {"get": _operation(f"list_{kind.name}", f"{doc}.", _json(many), (*filters, *paging))},
        f"/v1/{kind.many}/{{id}}": {"get": one},
    }


def _run(action: str, summary: str, spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> Schema:
    """The path that a module is run by."""
    args = {name: _argument(entry) for name, entry in spec.items() if name not in ("api_url", *CONNECTION)}
    body = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "args": {"type": "object", "additionalProperties": False, "properties": args},
            "check": {"type": "boolean", "default": False, "description": "Only say what would be done."},
            "actor": {"type": "string", "description": "For whom this is done."},
            "job": {"type": "string", "format": "uuid", "description": "An id by which it is never done twice."},
        },
    }
    prefer = {"name": "Prefer", "in": "header", "schema": {"enum": ["respond-async"]}}
    operation = _operation(f"run_{action}", summary, _LINES, (prefer,))
    operation["requestBody"] = {"required": True, "content": _json(body)}
    operation["responses"] |= {
        "202": {"description": "The job, which nobody waits for.", "content": _json(_JOB)},
        "409": {"$ref": "#/components/responses/error"},
        "413": {"$ref": "#/components/responses/error"},
    }
    return {"post": operation}


def _argument(entry: t.Mapping[str, t.Any]) -> Schema:
    """An entry of an argument_spec as a schema."""
    if entry["type"] == "list":
        return {"type": "array", "items": _argument({**entry, "type": entry["elements"], "elements": None})}
    schema = dict(_TYPES[entry["type"]])
    if entry.get("choices"):
        schema["enum"] = list(entry["choices"])
    if entry.get("default") is not None:
        schema["default"] = entry["default"]
    if entry.get("options"):
        options = entry["options"]
        schema["properties"] = {name: _argument(option) for name, option in options.items()}
        schema["required"] = [name for name, option in options.items() if option.get("required")]
    return schema


def _returned(entry: t.Mapping[str, t.Any]) -> Schema:
    schema: Schema = {"description": entry["description"]}
    if entry["type"] == "list":
        return schema | {"type": "array", "items": _TYPES[entry.get("elements") or "raw"]}
    return schema | _TYPES[entry["type"]]


def _operation(
    name: str,
    summary: str,
    content: Schema,
    parameters: t.Sequence[Schema] = (),
    *,
    missing: bool = False,
    open_: bool = False,
) -> Schema:
    error = {"$ref": "#/components/responses/error"}
    responses: Schema = {"200": {"description": summary, "content": content}}
    if open_:
        responses["503"] = {"description": "It is of no use now.", "content": content}
        return {"operationId": name, "summary": summary, "responses": responses, "security": []}
    responses |= {"400": error, "401": {"$ref": "#/components/responses/unauthorized"}, "503": error}
    if missing:
        responses["404"] = error
    return {"operationId": name, "summary": summary, "parameters": list(parameters), "responses": responses}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _list(name: str, item: Schema) -> Schema:
    return {"type": "object", "required": [name], "properties": {name: {"type": "array", "items": item}}}


def _in_path(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _number(name: str, default: int, most: int) -> Schema:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return {"name": name, "in": "query", "schema": schema}


_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_LINES = {"application/x-ndjson": {"schema": {"type": "string"}}}
_HEALTH = _json({"type": "object", "required": ["status"], "properties": {"status": {"enum": ["ok", "unavailable"]}}})
_FIELDS = {
    "name": "fields",
    "in": "query",
    "schema": {"type": "string"},
    "description": "Only these fields, separated by commas.",
}
