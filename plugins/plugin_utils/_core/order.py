# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The order in which documents are worked on: what is referred to before what refers to it."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._kinds.registry import ORDER
from ...module_utils._schema.validation import Document

# Fields that ask for something that others must not have taken before.
_PARTICULAR = ("host", "ip_address", "ip_to_networks")
# Fields that ask for something that resources of a later kind bring; their document waits for those.
_AFTER = {"source_nat_ip_address": "vlan_ip_range"}


def ordered(documents: t.Iterable[Document]) -> list[Document]:
    """Makes in the order of references, removals in the opposite order; else as written.

    One that lists several resources stands for a document of each.
    Removals stand first: their names can be taken again. Of one kind, those that ask for a certain address
    or host stand before those that take what is free.
    """
    documents = [one for document in documents for one in apart(document)]
    gone = [doc for doc in documents if removes(doc)]
    kept = [doc for doc in documents if not removes(doc)]
    gone.sort(key=lambda doc: -ORDER[doc.kind.name])
    kept.sort(key=lambda doc: (*_rank(doc), not any(doc.spec.get(name) for name in _PARTICULAR)))
    return gone + kept


def apart(document: Document) -> list[Document]:
    """A document of each resource that it is about."""
    kind, spec = document.kind, document.spec
    if not kind.each or document.id or not spec.get(kind.each):
        return [document]
    items = dict.fromkeys(spec[kind.each])
    return [dc.replace(document, name=item, spec=spec | {kind.identity: item, kind.each: [item]}) for item in items]


def _rank(document: Document) -> tuple[int, bool]:
    waits = [ORDER[kind] for name, kind in _AFTER.items() if document.spec.get(name)]
    return max([ORDER[document.kind.name], *waits]), bool(waits)


def removes(document: Document) -> bool:
    return document.kind.states[document.state].removes
