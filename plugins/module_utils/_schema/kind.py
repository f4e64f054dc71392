# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A kind: a type of resource, declared once.

A kind says what its fields are, in which scope a name is unique, and which states a task may ask
for. Everything else about a kind (arguments, documentation, validation, storage, diff) is derived.
"""

from __future__ import annotations

import dataclasses as dc
import functools
import typing as t

from . import field as _field
from .field import Field, Impact

OWNER_FIELDS = ("domain", "account", "project")


@dc.dataclass(frozen=True, kw_only=True)
class State:
    """What asking for a state means.

    ``sets`` are field values that it always writes; ``creates`` are those that it writes only when the
    resource is new. ``action`` is done once a task asks for it, whatever the state was before.
    ``force`` says what of it waits for ``force``.
    """

    doc: str
    sets: t.Mapping[str, t.Any] = dc.field(default_factory=dict)
    creates: t.Mapping[str, t.Any] = dc.field(default_factory=dict)
    requires: tuple[str, ...] = ()
    action: str | None = None
    removes: bool = False
    force: str = ""


PRESENT = State(doc="The resource exists and is as described.")
ABSENT = State(doc="The resource does not exist.", removes=True)


def allocation_states(*, maintenance: bool = False) -> dict[str, State]:
    """States of a kind that instances are placed on: enabled or not."""
    states = {
        "present": PRESENT,
        "enabled": State(doc="It exists and takes new instances.", sets={"allocation_state": "Enabled"}),
        "disabled": State(doc="It exists and takes no new instances.", sets={"allocation_state": "Disabled"}),
    }
    if maintenance:
        states["maintenance"] = State(
            doc="It exists, takes no new instances and is being worked on.", sets={"allocation_state": "Maintenance"}
        )
    return states | {"absent": ABSENT}


ALLOCATION_STATE = Field(param=False, default="Enabled", filterable=True, doc="Whether new instances are placed here.")
DEDICATION: dict[str, Field] = {
    "dedicated_domain": Field(
        format="name",
        emptied=True,
        filterable=True,
        doc=(
            "Only instances of this domain are placed here from then on, and rather here than elsewhere.",
            "Instances of others that are here already stay.",
        ),
    ),
    "dedicated_account": Field(
        format="name",
        emptied=True,
        filterable=True,
        doc="Only this account of O(dedicated_domain), or of V(ROOT) when that is left out, has it.",
    ),
}


DEST = Field(
    format="file_path",
    transient=True,
    doc="File of the control node that V(extracted) is about, with its whole path; its directory has to be there.",
)


def extracted(doc: str) -> State:
    """The state of a kind whose content can be had as a file, ``DEST``."""
    return State(
        doc=doc, requires=("dest",), force="Whether V(extracted) overwrites a file that is there and is another one."
    )


@dc.dataclass(frozen=True, kw_only=True)
class Kind:
    """A type of resource.

    ``identity`` is the field that names a resource within ``scope`` (reference fields of its own).
    ``owned`` kinds belong to a domain, account and project. ``taggable`` kinds carry tags.
    ``abandonable`` ones can be removed with ``force`` though their host does not answer.
    ``after`` names kinds that must stand before this one though it does not refer to them (an instance
    needs storage). ``named_after`` are fields that a resource gets its identity from where none is given. ``each``
    is the one of them that lists what there is a resource of each for: a document of several items stands for several.
    ``once`` is what is returned when a resource is made and is kept nowhere.
    ``steered`` ones may be told what a document can say though they belong to another resource.
    ``aside`` are fields with a value that keeps a resource from being a default: it is the cloud's own.
    ``synonyms`` are other names of its modules. ``version_added`` is
    the collection's release that brought it.
    """

    name: str
    doc: str
    fields: t.Mapping[str, Field]
    identity: str = "name"
    scope: tuple[str, ...] = ()
    states: t.Mapping[str, State] = dc.field(default_factory=lambda: {"present": PRESENT, "absent": ABSENT})
    owned: bool = False
    taggable: bool = False
    abandonable: bool = False
    steered: bool = False
    aside: t.Mapping[str, t.Any] = dc.field(default_factory=dict)
    after: tuple[str, ...] = ()
    named_after: tuple[str, ...] = ()
    each: str = ""
    once: t.Mapping[str, str] = dc.field(default_factory=dict)
    notes: tuple[str, ...] = ()
    plural: str = ""
    synonyms: tuple[str, ...] = ()
    version_added: str = "0.1.0"

    @functools.cached_property
    def all_fields(self) -> dict[str, Field]:
        """Own fields and those that its traits bring (tags, owner)."""
        fields = dict(self.fields)
        if self.taggable:
            fields["tags"] = TAGS
        if self.owned:
            fields |= OWNER
        return fields

    @functools.cached_property
    def arguments(self) -> dict[str, Field]:
        return {name: field for name, field in self.all_fields.items() if field.is_argument}

    @functools.cached_property
    def stored(self) -> dict[str, Field]:
        """The fields of the stored document."""
        return {
            name: field
            for name, field in self.all_fields.items()
            if not field.computed and not field.transient and name not in OWNER_FIELDS
        }

    @functools.cached_property
    def references(self) -> dict[str, Field]:
        return {name: field for name, field in self.stored.items() if field.ref}

    @functools.cached_property
    def filters(self) -> tuple[str, ...]:
        """Fields that info modules and the inventory can filter by."""
        return tuple(n for n, f in self.all_fields.items() if f.filterable or n == self.identity)

    @functools.cached_property
    def forcible(self) -> bool:
        """True when something waits for ``force``: a change that may need a stop, a removal, or what a state does."""
        waits = any(field.impact >= Impact.RESTART for field in self.all_fields.values())
        return self.abandonable or waits or any(state.force for state in self.states.values())

    def is_aside(self, spec: t.Mapping[str, t.Any]) -> bool:
        """True for a resource that is the cloud's own: no default, and used by others of its kind."""
        return any(spec.get(name) == value for name, value in self.aside.items())

    @property
    def default_state(self) -> str:
        return "present"

    @property
    def many(self) -> str:
        return self.plural or f"{self.name}s"

    @property
    def title(self) -> str:
        """The kind in prose: ``service offering``."""
        return self.name.replace("_", " ")


TAGS = Field(
    type="dict",
    format="tags",
    filterable=True,
    impact=Impact.NONE,
    doc=("Tags as a mapping, or as a list of dictionaries with V(key) and V(value).", "V([]) removes all tags."),
)
OWNER: dict[str, Field] = {
    "domain": Field(format="name", filterable=True, doc="Domain that owns the resource, V(ROOT) when left out."),
    "account": Field(format="name", filterable=True, doc="Account that owns the resource, V(admin) when left out."),
    "project": Field(format="name", filterable=True, doc="Project that the resource belongs to."),
}


def problems(kind: Kind) -> t.Iterator[str]:
    """What is wrong with a kind's own declaration."""
    for name, field in kind.fields.items():
        yield from (f"{kind.name}.{p}" for p in _field.problems(name, field))
        if name in ("id", "state", "created", "tags", *OWNER_FIELDS):
            yield f"{kind.name}.{name}: the name is taken by the machinery"
    identity = kind.fields.get(kind.identity)
    if identity is None or identity.required == bool(kind.named_after) or not (identity.format or identity.choices):
        yield f"{kind.name}: its identity {kind.identity} is a required field with a format or choices"
    for name in set(kind.named_after) - kind.stored.keys():
        yield f"{kind.name}: it is named after {name}, which is not stored"
    listed = kind.stored.get(kind.each)
    if kind.each and (kind.named_after != (kind.each,) or listed is None or not listed.many):
        yield f"{kind.name}: it is named after the items of {kind.each}, a list, and nothing else"
    for name in kind.scope:
        if name not in kind.references:
            yield f"{kind.name}: scope {name} is not one of its references"
    if "present" not in kind.states or "absent" not in kind.states:
        yield f"{kind.name}: every kind can be present and absent"
    yield from _states(kind)


def _states(kind: Kind) -> t.Iterator[str]:
    for state, meaning in kind.states.items():
        for name in {*meaning.sets, *meaning.creates} - kind.stored.keys():
            yield f"{kind.name}: state {state} speaks of {name}, which is not stored"
        for name in set(meaning.requires) - kind.arguments.keys():
            yield f"{kind.name}: state {state} requires {name}, which is not an argument"
