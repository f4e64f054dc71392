# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What rules of kinds that have a state ``extracted`` have in common."""

from __future__ import annotations

from ....module_utils._schema.validation import Document
from ..._core.converge.primary_storage import directory
from ..._core.desired import Extraction
from ..._core.resource import Resource
from ..session import Session


def extract(session: Session, document: Document, resource: Resource, known: str | None) -> None:
    """Note where the content is to go. ``known`` is the SHA-256 of a file that holds it, or held it when it was last
    extracted: such a file is ours to replace, another one only by ``force``. Raises SpecError."""
    if document.state != "extracted":
        return
    dest = document.spec["dest"]
    for ident, other in session.extractions.items():
        if other.dest == dest and ident != resource.id:
            raise document.error("dest", f"{session.one(ident).label} is extracted to it as well; name another file")
    folder = dest.rpartition("/")[0].rstrip("/")
    for store in session.tx.select("secondary_storage"):
        if directory(store.spec["url"]).rstrip("/") == folder:
            raise document.error("dest", f"{store.label} keeps its images there; name a file in another directory")
    found = session.probes.files.get(dest)
    if found not in (None, known) and not document.force:
        raise document.error("dest", f"{dest} is there and is another file; name another one, or say force: true")
    session.extractions[resource.id] = Extraction(dest, found)
