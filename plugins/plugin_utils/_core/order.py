# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The order in which documents are worked on: what is referred to before what refers to it."""

from __future__ import annotations

import typing as t

from ...module_utils._kinds.registry import ORDER
from ...module_utils._schema.validation import Document


def ordered(documents: t.Iterable[Document]) -> list[Document]:
    """Makes in the order of references, removals in the opposite order; else as written.

    Removals stand first: what they free (names, addresses, room) can be taken again.
    """
    documents = list(documents)
    gone = [doc for doc in documents if removes(doc)]
    kept = [doc for doc in documents if not removes(doc)]
    gone.sort(key=lambda doc: -ORDER[doc.kind.name])
    kept.sort(key=lambda doc: ORDER[doc.kind.name])
    return gone + kept


def removes(document: Document) -> bool:
    return document.kind.states[document.state].removes
