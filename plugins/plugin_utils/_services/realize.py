# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From a document to a stored resource: look up, decide, check, allocate, store.

The same for every kind; what is particular about a kind (placing an instance, filling in a range's
addresses) is in its rules. All of it happens in one transaction, which a check run rolls back.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import KINDS, ORDER
from ...module_utils._schema.diff import HIDDEN, HIDDEN_CHANGED, diff, redact
from ...module_utils._schema.field import Field, Impact
from ...module_utils._schema.validation import Document
from .._core import lifecycle
from .._core.document import name_of, written
from .._core.record import DIGESTS, secret_text
from .._core.report import Entry
from .._core.resource import Resource
from .._core.settings import defaults
from .._ports.store import Transaction
from .rooms import leave
from .rules import rules_of
from .session import NotFound, Session, owner_of, scope_key


@dc.dataclass
class Decision:
    """What a document led to: ``before`` None for a new resource, ``after`` removing for one that goes."""

    document: Document | None
    before: Resource | None
    after: Resource | None
    action: str | None = None
    impact: Impact = Impact.NONE
    warnings: list[str] = dc.field(default_factory=list)
    leftovers: list[Resource] = dc.field(default_factory=list)
    generated: dict[str, t.Any] = dc.field(default_factory=dict)

    @property
    def changed(self) -> bool:
        if self.before is None or self.after is None:
            return self.before is not self.after
        return self.after.removing or self.before.spec != self.after.spec


def realize(session: Session, document: Document) -> Decision:
    """Store what ``document`` asks for. Raises CairnError with nothing of it stored (the caller rolls back)."""
    removes = document.kind.states[document.state].removes
    try:
        document = rules_of(document.kind).meant(session, document)
        given = _resolved(session, document)
    except NotFound:
        if removes:
            return Decision(document, None, None)
        raise
    existing = _existing(session, document, given)
    if removes:
        return remove(session, existing, document) if existing else _leftovers(session, document)
    decision = _update(session, document, existing, given) if existing else _create(session, document, given)
    if document.kind.states[document.state].action and existing:
        decision.action = document.kind.states[document.state].action
    return decision


def implied(session: Session, decision: Decision) -> list[Decision]:
    """Store what a document means for other resources (an ISO that is attached changes its instance).

    Those are not adopted by the set that the document is of.
    """
    if decision.document is None or decision.after is None or decision.after.removing:
        return []
    rules, applyset = rules_of(decision.document.kind), session.applyset
    session.applyset = None
    try:
        return [realize(session, more) for more in rules.implied(session, decision.document, decision.after)]
    finally:
        session.applyset = applyset


def _resolved(session: Session, document: Document) -> dict[str, t.Any]:
    """The document's spec with references as ids, and the defaults that its scope needs."""
    given: dict[str, t.Any] = {}
    fields = document.kind.stored
    zone: str | None = None
    for name, value in sorted(document.spec.items(), key=lambda item: item[0] != "zone"):
        if name not in fields:
            continue
        given[name] = _ids(session, document, name, fields[name], value, zone)
        if name == "zone":
            zone = given[name]
    for name in document.kind.scope:
        if name not in given and not document.id:
            found = session.only(document, name, fields[name], zone)
            if found is None:
                raise NotFound(str(document.error(name, f"there is no {fields[name].ref} yet; make one first")))
            given[name] = found.id
            if name == "zone" and zone is None:
                zone = found.id
                return _resolved_again(session, document, zone)
    return given


def _resolved_again(session: Session, document: Document, zone: str) -> dict[str, t.Any]:
    """Once the zone is known by default, look the others up within it."""
    return _resolved(session, dc.replace(document, spec={"zone": zone} | document.spec))


def _ids(session: Session, document: Document, name: str, field: Field, value: t.Any, zone: str | None) -> t.Any:
    if field.options is not None:
        inner = {key: sub for key, sub in field.options.items() if sub.ref}
        return [
            item
            | {key: session.resolve(document, f"{name}.{key}", sub, item[key], zone).id for key, sub in inner.items()}
            for item in value
        ]
    if not field.ref or value is None:
        return value
    if field.many:
        return list(dict.fromkeys(session.resolve(document, name, field, item, zone).id for item in value))
    return session.resolve(document, name, field, value, zone).id


def _existing(session: Session, document: Document, given: t.Mapping[str, t.Any]) -> Resource | None:
    if document.id:
        found = session.tx.get(document.id)
        if found is None or found.kind != document.kind.name or found.removing:
            if document.kind.states[document.state].removes:
                return None
            raise document.error("id", f"there is no {document.kind.title} with the id {document.id}; mend the id")
        return found
    scope = scope_key(document.kind, given, owner_of(document))
    return session.tx.find(document.kind.name, scope, document.name)


def _create(session: Session, document: Document, given: dict[str, t.Any]) -> Decision:
    kind, zone = document.kind, given.get("zone")
    for name, field in kind.references.items():
        if field.only_one and name not in given and not (field.unless and given.get(field.unless)):
            found = session.only(document, name, field, zone)
            if found is None:
                raise document.error(name, f"there is no {field.ref} yet; make one first")
            given[name] = [found.id] if field.many else found.id
    transition = lifecycle.create(document, defaults(kind, session.all_settings()) | given)
    rules = rules_of(kind)
    spec = rules.complete(session, document, transition.spec, None)
    resource = session.new(kind, spec, owner_of(document), applyset=session.applyset)
    session.tx.insert(resource)
    after = rules.created(session, document, resource)
    if after != resource:
        session.tx.update(after)
    return Decision(document, None, after, generated=rules.shown(session, after))


def _update(session: Session, document: Document, before: Resource, given: dict[str, t.Any]) -> Decision:
    kind, rules = document.kind, rules_of(document.kind)
    said = {name for name, value in given.items() if value != before.spec.get(name)}
    said |= set(kind.states[document.state].sets)
    if before.parent is not None and not kind.steered and said - {kind.identity, *kind.scope}:
        parent = session.one(before.parent)
        raise document.error(None, f"it belongs to {parent.label}; change it there")
    before = _recalled(session, before, given)
    held = not document.force and rules.running(before)
    live = rules.live(session, before, before.spec | given)
    transition = lifecycle.update(document, given, before.spec, held=held, live=live)
    spec = rules.complete(session, document, transition.spec, before)
    after = dc.replace(before, spec=spec, applyset=before.applyset or session.applyset)
    after = rules.updated(session, document, before, after)
    if after != before:
        session.tx.update(after)
    changes = diff(kind, before.spec, after.spec)
    impact = max((min(c.impact, Impact.LIVE) if c.field in live else c.impact for c in changes), default=Impact.NONE)
    if impact >= Impact.LIVE and not rules.running(before):
        impact = Impact.NONE
    return Decision(document, before, after, None, impact, list(transition.warnings))


def _recalled(session: Session, before: Resource, given: t.Mapping[str, t.Any]) -> Resource:
    """With secrets of which no more than a digest is known since a rebuild, where ``given`` says the same again."""
    digests = before.status.get(DIGESTS, {})
    said = {name: given[name] for name in digests if given.get(name) is not None}
    if not said:
        return before
    text = {name: secret_text(before.id, name, value) for name, value in said.items()}
    same = {name: value for name, value in said.items() if session.digest(text[name]) == digests[name]}
    rest = {name: digest for name, digest in digests.items() if name not in said}
    status = {name: value for name, value in before.status.items() if name != DIGESTS} | (
        {DIGESTS: rest} if rest else {}
    )
    known = dc.replace(before, spec=before.spec | same, status=status)
    session.tx.update(known)
    return known


def remove(session: Session, resource: Resource, document: Document | None = None) -> Decision:
    """Mark a resource, and all that belongs to it, as wanted by nobody."""
    rules = rules_of(KINDS[resource.kind])
    if resource.parent is not None:
        raise _refused(resource, f"it belongs to {session.one(resource.parent).label}; remove that")
    rules.removed(session, resource)
    children = session.tx.select(parent=resource.id)
    own = {resource.id, *(child.id for child in children)}
    users = [user for user in session.tx.referrers(resource.id) if user.id not in own]
    if users:
        names = ", ".join(user.label for user in users[:3]) + (f" and {len(users) - 3} more" if len(users) > 3 else "")
        raise _refused(resource, f"it is still used by {names}; remove that first")
    for ident in own:
        session.tx.mark_removing(ident)
    leave(session, own)
    impact = Impact.RECREATE if rules.running(resource) else Impact.NONE
    after = dc.replace(resource, removing=True)
    return Decision(document, resource, after, impact=impact)


def _refused(resource: Resource, problem: str) -> Exception:
    from ...module_utils._schema.errors import SpecError

    return SpecError(resource.kind.replace("_", " "), resource.name, None, problem)


def _leftovers(session: Session, document: Document) -> Decision:
    """A removal that was cut short before: its remains go now."""
    found = [
        resource
        for resource in session.tx.select(document.kind.name, removing=True)
        if resource.name == document.name or resource.id == document.id
    ]
    return Decision(document, None, None, leftovers=found)


def expect_prune(session: Session, work: t.Iterable[Document]) -> None:
    """Count as free what :func:`prune` is going to remove: what the set wrote and no document names."""
    named = {(document.kind.name, key) for document in work for key in (document.name, document.id)}
    stale = [
        resource
        for resource in session.tx.select(applyset=session.applyset)
        if resource.parent is None and not {(resource.kind, resource.name), (resource.kind, resource.id)} & named
    ]
    children = [child.id for resource in stale for child in session.tx.select(parent=resource.id)]
    leave(session, {*children, *(resource.id for resource in stale)})


def prune(session: Session, touched: t.Container[str]) -> list[Decision]:
    """Remove what this set once wrote and no longer does: users before what they use."""
    stale = [
        resource
        for resource in session.tx.select(applyset=session.applyset)
        if resource.id not in touched and resource.parent is None
    ]
    stale.sort(key=lambda resource: (-ORDER[resource.kind], KINDS[resource.kind].is_aside(resource.spec)))
    return [remove(session, resource) for resource in stale]


def free_addresses(tx: Transaction, decisions: t.Iterable[Decision]) -> None:
    """What an earlier task of a check run would have removed is gone, and others may have its addresses."""
    gone = [decision.after.id for decision in decisions if decision.after is not None and decision.after.removing]
    for nic in tx.nics(gone) if gone else ():
        tx.drop_nic(nic)


def entry(decision: Decision, names: t.Mapping[str, Resource]) -> Entry | None:
    """What a decision looks like in the report."""
    resource = decision.after or decision.before
    if resource is None:
        return None
    kind = KINDS[resource.kind]
    was = decision.before.spec if decision.before else {}
    will = decision.after.spec if decision.after and not decision.after.removing else {}
    if not decision.changed:
        warnings = list(decision.warnings)
        return Entry(resource.id, resource.kind, resource.name, impact=decision.impact, warnings=warnings)
    before = redact(kind, written(decision.before, names)) if decision.before else {}
    after = redact(kind, written(decision.after, names)) if will and decision.after else {}
    for name, field in kind.stored.items():
        if field.secret and was.get(name) != will.get(name) and before.get(name) and after.get(name):
            after[name] = HIDDEN_CHANGED if before[name] == HIDDEN else HIDDEN
    if decision.before is None:
        after |= {key: _named(value, names) for key, value in decision.generated.items()}
    action = "create" if decision.before is None else "update" if will else "remove"
    warnings = list(decision.warnings)
    return Entry(
        resource.id, resource.kind, resource.name, action, before, after, impact=decision.impact, warnings=warnings
    )


def _named(value: t.Any, names: t.Mapping[str, Resource]) -> t.Any:
    return name_of(value, names) if isinstance(value, str) else value
