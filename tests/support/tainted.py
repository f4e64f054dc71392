# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A cloud with one text in every field that takes it, alone or beside what the field needs."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import SpecError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import DEDICATION, OWNER_FIELDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document, validate

# A document by its number, and its field.
Place = tuple[int, str]


@dc.dataclass
class Tainted:
    """``places`` are where the text stands, ``refusals`` what is said of fields that do not take it."""

    documents: list[Document]
    text: str
    places: dict[Place, t.Any] = dc.field(default_factory=dict)
    refusals: list[str] = dc.field(default_factory=list)

    def drop(self, error: SpecError) -> None:
        """Leave the text out of the field that was refused after all, by a rule of its kind."""
        refused = [
            (number, field)
            for number, field in self.places
            if self.documents[number].kind.title == error.kind and field == error.field
        ]
        if not refused:
            raise error
        for place in refused:
            del self.places[place]
        self.refusals.append(error.sentence)

    def written(self) -> list[Document]:
        """The documents, with the text in its places; who refers to a renamed resource uses its new name."""
        renamed = {
            (document.kind.name, document.name): self.places[number, document.kind.identity]
            for number, document in enumerate(self.documents)
            if (number, document.kind.identity) in self.places
        }
        result = []
        for number, document in enumerate(self.documents):
            fields = {
                name: _renamed(document.kind.stored[name], value, renamed) for name, value in document.spec.items()
            }
            fields |= document.owner
            fields |= {name: value for (other, name), value in self.places.items() if other == number}
            result.append(validate(document.kind, fields | {"state": document.state}))
        return result


def taint(documents: list[Document], text: str) -> Tainted:
    """``documents`` with the text in each field of theirs, and each that they could have, that takes it."""
    tainted = Tainted(documents, text)
    alone = {number for number, document in enumerate(documents) if _alone(document, documents)}
    for number, document in enumerate(documents):
        for name, field in document.kind.arguments.items():
            if field.ref or field.choices or field.options or field.type in ("int", "float", "bool"):
                continue
            if name in OWNER_FIELDS and number not in alone:
                continue  # nobody else's resources could be referred to
            if name in DEDICATION:
                continue  # no host would be left for the instances
            for value in _values(field, document.spec.get(name), text):
                refused = _refused(document, name, value)
                if refused is None:
                    tainted.places[number, name] = value
                    break
                tainted.refusals.append(refused)
    return tainted


def _alone(document: Document, documents: t.Iterable[Document]) -> bool:
    """Whether it refers to nothing that has an owner, and nothing to it, by name or because it is the only one."""
    if any(KINDS[str(field.ref)].owned for name, field in document.kind.references.items() if name in document.spec):
        return False
    for user in documents:
        for name, field in user.kind.references.items():
            named = user.spec.get(name)
            if field.ref == document.kind.name and (field.only_one or (named and document.name in named)):
                return False
    return True


def _values(field: Field, usual: t.Any, text: str) -> t.Iterator[t.Any]:
    if field.format == "tags":
        yield {f"k{text}": text}
    elif field.many:
        yield [text]
    else:
        if usual:
            yield from (f"{usual}{text}", f"{text}{usual}")
        yield text


def _refused(document: Document, name: str, value: t.Any) -> str | None:
    try:
        validate(document.kind, {document.kind.identity: document.name} | {name: value})
    except SpecError as error:
        if error.field != name:
            raise
        return error.sentence
    return None


def _renamed(field: Field, value: t.Any, renamed: t.Mapping[tuple[str, str], str]) -> t.Any:
    if field.options is not None:
        return [{key: _renamed(field.options[key], item, renamed) for key, item in one.items()} for one in value]
    if not field.ref or value is None:
        return value
    if isinstance(value, list):
        return [renamed.get((field.ref, one), one) for one in value]
    return renamed.get((field.ref, value), value)
