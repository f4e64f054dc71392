# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From what a user wrote to a document that the engine can trust.

A module's arguments, a document of ``apply`` and a request to the API all go through
:func:`validate`, so that they mean the same and fail with the same words.
"""

from __future__ import annotations

import dataclasses as dc
import difflib
import hashlib
import math
import re
import typing as t

from ansible.module_utils.common.validation import (
    check_type_bool,
    check_type_dict,
    check_type_float,
    check_type_int,
    check_type_list,
)

from .errors import SpecError
from .field import Field
from .formats import FORMATS, line
from .kind import OWNER_FIELDS, Kind
from .quoting import cut, short

# What databases and JSON hold as a whole number.
_INT_END = 2**63
# Of names that are made: as long as names may be, and what of it tells long ones apart.
_NAME_LENGTH, _DIGEST_LENGTH = 63, 12

# Refuses a field with a sentence.
Fail = t.Callable[[str, str], t.NoReturn]


@dc.dataclass(frozen=True)
class Document:
    """One resource as it is asked for: ``spec`` holds only what was written, in canonical types."""

    kind: Kind
    name: str
    spec: dict[str, t.Any]
    state: str = "present"
    owner: dict[str, str | None] = dc.field(default_factory=dict)
    id: str | None = None
    force: bool = False
    origin: str = ""

    def error(self, field: str | None, problem: str) -> SpecError:
        return SpecError(self.kind.title, self.name, field, problem, self.origin)


def validate(kind: Kind, written: t.Mapping[str, t.Any], origin: str = "") -> Document:
    """Check ``written`` (field names to values, and optionally id, state and force) against ``kind``.

    Raises SpecError that names the resource, the field and the remedy.
    """
    given = {key if isinstance(key, str) else cut(key): value for key, value in written.items() if value is not None}
    label = given.get(kind.identity, given.get("id"))
    name = cut(label) if isinstance(label, (str, int, float)) else None

    def fail(field: str | None, problem: str) -> t.NoReturn:
        raise SpecError(kind.title, name, field, problem, origin)

    values = _converted(kind, given, fail)
    state = given.get("state", kind.default_state)
    if not isinstance(state, str) or state not in kind.states:
        fail("state", f"{short(state)} is not a state of it; use one of {', '.join(kind.states)}")
    ident = _ident(given.get("id"), fail)
    if kind.identity not in values and not ident:
        values[kind.identity] = _composed(kind, values, fail)
    if kind.each in values and values.get(kind.identity) not in (None, _composed(kind, values, fail)):
        fail(kind.identity, f"it is given together with {kind.each}; give one of them")
    _go_with_state(kind, state, values, fail)
    return Document(
        kind=kind,
        name=str(values.get(kind.identity, ident)),
        spec={key: value for key, value in values.items() if key not in OWNER_FIELDS},
        owner={key: values[key] for key in OWNER_FIELDS if key in values},
        state=state,
        id=ident,
        force=_bool(given.get("force", False), fail),
        origin=origin,
    )


def _converted(kind: Kind, given: t.Mapping[str, t.Any], fail: Fail) -> dict[str, t.Any]:
    """The values of the kind's own fields, by their names where they were written by others."""
    aliases = {alias: key for key, field in kind.arguments.items() for alias in field.aliases}
    values: dict[str, t.Any] = {}
    for written_key, value in given.items():
        key = aliases.get(written_key, written_key)
        if key in ("id", "state", "force", "kind"):
            continue
        field = kind.arguments.get(key)
        if field is None:
            fail(cut(key), _unknown(key, [*kind.arguments, *aliases]))
        try:
            values[key] = convert(field, value)
        except (TypeError, ValueError) as error:
            fail(key, str(error))
    return values


def _composed(kind: Kind, values: t.Mapping[str, t.Any], fail: Fail) -> str:
    """The name of a resource that is named after what it says: the same for the same content."""
    if not kind.named_after:
        fail(kind.identity, "it is missing; every resource needs it")
    parts: list[str] = []
    for name in kind.named_after:
        value = values.get(name, kind.stored[name].default)
        parts += map(str, sorted(value) if isinstance(value, list) else [] if value is None else [value])
    if not parts:
        fail(kind.named_after[0], "it is missing; the resource is named after it")
    text = re.sub(r"[^A-Za-z0-9 ._:-]", "_", " ".join(parts))
    if len(text) <= _NAME_LENGTH:
        return text
    digest = hashlib.sha256(" ".join(parts).encode()).hexdigest()
    return f"{text[: _NAME_LENGTH - _DIGEST_LENGTH - 1]}-{digest[:_DIGEST_LENGTH]}"


def _go_with_state(kind: Kind, state: str, given: t.Container[str], fail: Fail) -> None:
    """A state has the fields that it needs, and a field that only some states are about is not given with another."""
    for key in kind.states[state].requires:
        if key not in given:
            fail(key, f"it is missing; state {state} needs it")
    for key, field in kind.arguments.items():
        about = [name for name, meaning in kind.states.items() if key in meaning.requires]
        if about and field.transient and key in given and state not in about:
            remedy = "that" if len(about) == 1 else "one of them"
            fail(key, f"it goes with state {' or '.join(about)}; give {remedy}, or leave it out")


def _bool(value: t.Any, fail: Fail) -> bool:
    try:
        return bool(check_type_bool(value))
    except TypeError:
        fail("force", f"{short(value)} is not a yes or no; write true or false")


def _ident(value: t.Any, fail: Fail) -> str | None:
    try:
        return None if value is None else line(_scalar("str", value)) or None
    except ValueError as error:
        fail("id", str(error))


def _unknown(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
    return f"there is no such field; {hint}"


def convert(field: Field, value: t.Any) -> t.Any:
    """``value`` in the field's own type. Raises ValueError or TypeError with a sentence."""
    if field.format == "tags":
        return tags(value)
    if field.type == "list":
        return _list(field, value)
    if field.options is not None:
        return _options(field.options, value)
    if value == "" and field.clearable:
        return None
    result = _scalar(field.type, value)
    if field.choices:
        result = _choice(field.choices, result)
    if field.format:
        result = FORMATS[field.format](result)
    elif field.type == "str":
        line(result)
    _bounds(field, result)
    return result


def _scalar(type_: str, value: t.Any) -> t.Any:
    words = {"int": "a whole number", "float": "a number", "bool": "a yes or no", "str": "a text", "dict": "a mapping"}
    wrong = ValueError(f"{short(value)} is not {words[type_]}; write {words[type_]}")
    if value is None or isinstance(value, (list, tuple, set, bytes)) or (isinstance(value, dict) and type_ != "dict"):
        raise wrong
    try:
        if type_ in ("int", "float") and not isinstance(value, bool):
            return _number(type_, value)
        if type_ == "bool":
            return bool(check_type_bool(value))
        if type_ == "dict":
            return dict(check_type_dict(value))
        if type_ == "str":
            return str(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        raise wrong from None
    raise wrong


def _number(type_: str, value: t.Any) -> int | float:
    """A number that is finite; as a float first, which takes no time however many digits it stands for."""
    number = float(check_type_float(value))
    if not math.isfinite(number) or (type_ == "int" and abs(number) >= _INT_END):
        raise ValueError
    return int(check_type_int(value)) if type_ == "int" else number


def _list(field: Field, value: t.Any) -> list[t.Any]:
    if isinstance(value, dict):
        raise ValueError(f"{short(value)} is not a list; write a list")
    try:
        items = check_type_list(value)
    except TypeError:
        raise ValueError(f"{short(value)} is not a list; write a list") from None
    element = dc.replace(field, type=field.elements or "str", elements=None, default=None)
    return [convert(element, item) for item in items]


def _options(options: t.Mapping[str, Field], value: t.Any) -> dict[str, t.Any]:
    mapping = _scalar("dict", value)
    for key in mapping:
        if key not in options:
            raise ValueError(f"{cut(key)}: {_unknown(str(key), list(options))}")
    for key, option in options.items():
        if option.required and mapping.get(key) is None:
            raise ValueError(f"{key} is missing")
    return {key: convert(options[key], item) for key, item in mapping.items() if item is not None}


def _choice(choices: tuple[str, ...], value: str) -> str:
    """The choice that ``value`` names; upper and lower case count as the same."""
    for choice in choices:
        if str(value).lower() == choice.lower():
            return choice
    raise ValueError(f"{short(value)} is not one of {', '.join(choices)}")


def _bounds(field: Field, value: t.Any) -> None:
    unit = f" {field.unit}" if field.unit else ""
    if field.minimum is not None and value < field.minimum:
        raise ValueError(f"{value}{unit} is too small; the least is {field.minimum}{unit}")
    if field.maximum is not None and value > field.maximum:
        raise ValueError(f"{value}{unit} is too large; the most is {field.maximum}{unit}")


def tags(value: t.Any) -> dict[str, str]:
    """Tags from a mapping or from a list of key and value pairs, as a mapping sorted by key."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, (list, tuple)):
        pairs = []
        for item in value:
            if not isinstance(item, dict) or set(item) != {"key", "value"}:
                raise ValueError(f"{short(item)} is not a tag; write a dictionary with key and value")
            pairs.append((item["key"], item["value"]))
    elif value == "":
        pairs = []
    else:
        raise ValueError(f"{short(value)} is neither a mapping nor a list of tags")
    result = {}
    for key, item in pairs:
        if isinstance(item, (dict, list)):
            raise ValueError(f"the value of tag {short(key)} is not a text; write a text")
        result[line(str(key))] = line("" if item is None else str(item))
    return dict(sorted(result.items()))
