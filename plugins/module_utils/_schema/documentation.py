# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Ansible's DOCUMENTATION and RETURN, derived from a kind, as plain data."""

from __future__ import annotations

import re
import typing as t

from .arguments import option
from .field import Field, Impact
from .kind import OWNER_FIELDS, Kind

AUTHOR = ["The cairn.cloud developers (@cairn-cloud)"]
_OPTION = re.compile(r"\bO\((?!cairn\.)")
_IMPACTS = {
    Impact.LIVE: "A change reaches a running instance without a stop.",
    Impact.RESTART: "A change needs a stop, and waits for O(force=true) while the instance runs.",
    Impact.RECREATE: "A change makes the resource anew.",
}


def module(kind: Kind) -> dict[str, t.Any]:
    """DOCUMENTATION of the module that manages ``kind``."""
    options = {name: _described(kind, field) for name, field in kind.arguments.items()}
    options["id"] = {"description": [f"Id of the {kind.title}, instead of its {kind.identity}."], "type": "str"}
    options["state"] = {
        "description": ["What is to be.", *(f"V({name}) - {_end(state.doc)}" for name, state in kind.states.items())],
        "type": "str",
        "default": kind.default_state,
        "choices": list(kind.states),
    }
    if kind.forcible:
        options["force"] = {
            "description": _force(kind),
            "type": "bool",
            "default": False,
        }
    return {
        "module": kind.name,
        "short_description": f"Manage {kind.doc}",
        "description": [
            f"Creates, changes and removes {kind.doc}.",
            "What is wanted is stored first and then made so; what is as it should be is left alone.",
        ],
        "version_added": kind.version_added,
        "author": AUTHOR,
        "options": dict(sorted(options.items())),
        "notes": list(kind.notes) or None,
        "extends_documentation_fragment": ["cairn.cloud.api", "cairn.cloud.api.wait", "cairn.cloud.api.attributes"],
        "seealso": [{"module": f"cairn.cloud.{kind.name}_info"}, {"module": "cairn.cloud.apply"}],
    }


def info(kind: Kind) -> dict[str, t.Any]:
    """DOCUMENTATION of the module that reads resources of ``kind``."""
    options: dict[str, t.Any] = {
        "id": {"description": ["Only the one with this id."], "type": "str"},
        "state": {
            "description": ["Only those in this state, which is the one that they are returned with."],
            "type": "str",
        },
    }
    for name in kind.filters:
        field = kind.all_fields[name]
        options[name] = {
            "description": [f"Only those whose {name} is this."],
            "type": "raw" if field.format == "tags" else "str",
        }
        if field.format == "tags":
            options[name]["description"] = ["Only those that have all of these tags, a mapping or a list."]
        if field.aliases:
            options[name]["aliases"] = list(field.aliases)
    return {
        "module": f"{kind.name}_info",
        "short_description": f"Read {kind.doc}",
        "description": [f"Returns {kind.doc}, as they are stored; no host is asked."],
        "version_added": kind.version_added,
        "author": AUTHOR,
        "options": dict(sorted(options.items())),
        "extends_documentation_fragment": ["cairn.cloud.api", "cairn.cloud.api.info_attributes"],
        "seealso": [{"module": f"cairn.cloud.{kind.name}"}],
    }


def returns(kind: Kind) -> dict[str, t.Any]:
    """RETURN of the module that manages ``kind``."""
    once = {
        name: {"description": doc, "returned": "once, when it was made", "type": "str"}
        for name, doc in kind.once.items()
    }
    return returned(kind) | once


def info_returns(kind: Kind) -> dict[str, t.Any]:
    """RETURN of the module that reads resources of ``kind``."""
    contains = {
        name: entry | {"description": _elsewhere(kind, entry["description"])} for name, entry in returned(kind).items()
    }
    return {
        kind.many: {
            "description": f"The {kind.doc}, sorted by name.",
            "returned": "always",
            "type": "list",
            "elements": "dict",
            "contains": contains,
        }
    }


def _force(kind: Kind) -> list[str]:
    stops = any(field.impact >= Impact.RESTART for field in kind.all_fields.values())
    lines = ["Whether a change that needs a stop may stop the instance."] if stops else []
    if kind.abandonable:
        lines.append("Whether it is removed though a host does not answer; what is there is left behind.")
    return lines + [state.force for state in kind.states.values() if state.force]


def _described(kind: Kind, field: Field) -> dict[str, t.Any]:
    """A field as an option, with what follows from its schema said in words."""
    lines = [*field.docs, *_consequences(kind, field)]
    entry = {"description": lines} | option(field)
    entry.pop("no_log", None)
    if field.options is not None:
        entry["suboptions"] = {
            name: {"description": list(sub.docs)} | option(sub) | ({"required": True} if sub.required else {})
            for name, sub in field.options.items()
        }
        entry.pop("options")
    if field.version_added:
        entry["version_added"] = field.version_added
    return entry


def _consequences(kind: Kind, field: Field) -> list[str]:
    """What a field's declaration means, as sentences."""
    lines = [f"In {field.unit}."] if field.unit else []
    if field.required:
        lines.append(f"A new {kind.title} needs it.")
    if field.ref:
        many = "Names or ids" if field.many else "Name or id"
        lines.append(f"{many} of C({field.ref}) resources." if field.many else f"{many} of a C({field.ref}).")
    if field.only_one:
        lines.append(f"What there is only one of is the default{_unless(field)}.")
    elif field.default not in (None, [], {}):
        setting = f", or what setting V({field.setting}) of M(cairn.cloud.configuration) says" if field.setting else ""
        lines.append(f"A new {kind.title} has V({_value(field.default)}) by default{setting}.")
    if field.clearable:
        lines.append("V('') takes it away.")
    if field.immutable:
        lines.append("It cannot change afterwards.")
    elif field.impact in _IMPACTS and kind.forcible:
        lines.append(_IMPACTS[field.impact])
    return lines


def _unless(field: Field) -> str:
    return f", unless O({field.unless}) is given" if field.unless else ""


def returned(kind: Kind) -> dict[str, t.Any]:
    """What is returned of each resource of a kind, by name."""
    fields = {
        name: field
        for name, field in kind.all_fields.items()
        if not field.secret and not field.transient and name not in OWNER_FIELDS
    }
    entries = {
        "id": _entry(f"Id of the {kind.title}.", "str"),
        "state": _entry(f"State of the {kind.title}.", "str"),
        "created": _entry("When it was made, in UTC.", "str"),
    }
    for name, field in fields.items():
        if field.format == "tags":
            entries[name] = _entry("Tags as a list of dictionaries with key and value.", "list", "dict")
        else:
            entries[name] = _entry(field.docs[0], field.type, field.elements)
    if kind.owned:
        entries |= {
            name: _entry(field.docs[0], "str") for name, field in kind.all_fields.items() if name in OWNER_FIELDS
        }
    return entries


def _entry(description: str, type_: str, elements: str | None = None) -> dict[str, t.Any]:
    entry = {"description": description, "returned": "when it has a value", "type": type_}
    return entry | ({"elements": elements} if elements else {})


def _elsewhere(kind: Kind, text: str) -> str:
    """The text where options that it names are those of another module."""
    return _OPTION.sub(f"O(cairn.cloud.{kind.name}#module:", text)


def _value(value: t.Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _end(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
