# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Ansible's argument_spec, derived from a kind."""

from __future__ import annotations

import typing as t

from .field import Field
from .kind import Kind

API: dict[str, dict[str, t.Any]] = {
    "api_url": {"type": "str"},
    "api_key": {"type": "str", "no_log": True},
    "ca_path": {"type": "path"},
    "validate_certs": {"type": "bool"},
}
WAIT: dict[str, dict[str, t.Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 300},
}
# What goes to the connection and the run rather than into the document.
RUN_ARGUMENTS = (*API, *WAIT)


def option(field: Field) -> dict[str, t.Any]:
    """One field as an entry of an argument_spec."""
    spec: dict[str, t.Any] = {"type": "raw" if field.format == "tags" else field.type}
    if field.elements:
        spec["elements"] = field.elements
    if field.choices:
        spec["choices"] = list(field.choices)
    if field.aliases:
        spec["aliases"] = list(field.aliases)
    if field.options is not None:
        spec["options"] = {name: option(sub) | _required(sub) for name, sub in field.options.items()}
    if field.secret:
        spec["no_log"] = True
    return spec


def _required(field: Field) -> dict[str, t.Any]:
    return {"required": True} if field.required else {}


def argument_spec(kind: Kind) -> dict[str, dict[str, t.Any]]:
    """The arguments of the module that manages ``kind``.

    A field that a new resource needs is not marked as required: a task that names an existing one, or
    removes it, need not repeat it. The engine asks for it where it is missing.
    """
    # The schema has decided what is secret, so Ansible need not guess by the names (ssh_keys).
    spec = {name: {"no_log": False} | option(field) for name, field in kind.arguments.items()}
    spec["id"] = {"type": "str"}
    spec["state"] = {"type": "str", "default": kind.default_state, "choices": list(kind.states)}
    if kind.forcible:
        spec["force"] = {"type": "bool", "default": False}
    return spec | API | WAIT


def required_one_of(kind: Kind) -> list[list[str]]:
    return [[kind.identity, "id"]]


def info_argument_spec(kind: Kind) -> dict[str, dict[str, t.Any]]:
    """The arguments of the module that reads resources of ``kind``: its filters."""
    spec: dict[str, dict[str, t.Any]] = {"id": {"type": "str"}, "state": {"type": "str"}}
    for name in kind.filters:
        field = kind.all_fields[name]
        spec[name] = {"type": "raw" if field.format == "tags" else "str"}
        if field.aliases:
            spec[name]["aliases"] = list(field.aliases)
    return spec | API
