# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A field: everything that is known about one parameter of a kind, said once.

From it come the module argument, its documentation, validation, the stored document, the diff,
the redaction of secrets, the resolution of references and the impact of a change.
"""

from __future__ import annotations

import dataclasses as dc
import enum
import typing as t

from .formats import FORMATS


class Impact(enum.IntEnum):
    """What a change does to a running workload; ordered, so that the worst of several is ``max``."""

    NONE = 0
    LIVE = 1
    RESTART = 2
    RECREATE = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dc.dataclass(frozen=True, kw_only=True)
class Field:
    """One parameter of a kind.

    ``type`` and ``elements`` are Ansible's names (str, int, float, bool, list, dict); ``format`` names a
    check of :mod:`formats`. ``param=False`` keeps a field out of the module's arguments: it is set by a
    state (an instance's power) and belongs to the stored document all the same. ``transient`` is the
    opposite: an argument that a state is about and that is not stored. ``unless`` names a field that, where
    it is given, stands for what would be the default by ``only_one``. ``emptied`` lets an empty text take a
    name away; it does so with references and addresses anyway.
    ``setting`` names the one of the cloud's settings that is the default of new resources.
    """

    doc: str | tuple[str, ...]
    type: str = "str"
    elements: str | None = None
    options: t.Mapping[str, Field] | None = None
    format: str | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    unit: str | None = None
    required: bool = False
    default: t.Any = None
    setting: str | None = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    immutable: bool = False
    computed: bool = False
    param: bool = True
    secret: bool = False
    ref: str | None = None
    only_one: bool = False
    unless: str | None = None
    transient: bool = False
    emptied: bool = False
    filterable: bool = False
    impact: Impact = Impact.NONE
    version_added: str | None = None

    @property
    def is_argument(self) -> bool:
        """True when a user may set it."""
        return self.param and not self.computed

    @property
    def clearable(self) -> bool:
        """True when a user may take its value away, by an empty text."""
        fixed = self.required or self.immutable or self.transient or self.default is not None or self.only_one
        sort = bool(self.ref) or self.format == "ipv4" or self.emptied
        return self.is_argument and not fixed and self.type == "str" and sort

    @property
    def docs(self) -> tuple[str, ...]:
        return (self.doc,) if isinstance(self.doc, str) else self.doc

    @property
    def many(self) -> bool:
        return self.type == "list"


def problems(name: str, field: Field) -> t.Iterator[str]:
    """What is wrong with a field's own declaration (the schema is validated by a test)."""
    if field.type not in ("str", "int", "float", "bool", "list", "dict"):
        yield f"{name}: unknown type {field.type}"
    if field.many != (field.elements is not None):
        yield f"{name}: a list names its elements, and only a list does"
    if field.format is not None and field.format not in (*FORMATS, "tags"):
        yield f"{name}: unknown format {field.format}"
    if (field.required and field.default is not None) or (field.setting and field.default is None):
        yield f"{name}: a required field has no default, and one with a setting has one"
    if field.computed and (field.required or field.choices or field.aliases or field.transient):
        yield f"{name}: a computed field takes no input"
    if field.only_one and (not field.ref or field.required):
        yield f"{name}: only_one is for optional references"
    values = field.default if field.many else [field.default]
    if field.choices and field.default is not None and not set(values) <= set(field.choices):
        yield f"{name}: its default is not one of its choices"
    if not all(line.endswith((".", ")")) for line in field.docs):
        yield f"{name}: each line of its documentation is a sentence"
    for sub, option in (field.options or {}).items():
        yield from problems(f"{name}.{sub}", option)
