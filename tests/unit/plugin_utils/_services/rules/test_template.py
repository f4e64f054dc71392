# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of templates: the image is had before anything is stored."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc

REFUSED: list[tuple[Document, str]] = [
    (doc("template", "tiny", state="absent"), "it is still used by instance 'db', instance 'web1', instance 'web2'"),
    (doc("template", "new", url="file:///none"), "field url: the image file:///none does not exist; mend the URL"),
    (doc("template", "tiny", url="file:///other"), "the image file:///other does not exist; mend the URL"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def test_a_template_needs_secondary_storage(lab: Lab) -> None:
    lab.must(doc("zone", "z1"))
    with pytest.raises(CairnError, match="its zone has no secondary storage to keep the image; make one first"):
        lab.apply(doc("template", "tiny", url="file:///images/tiny.qcow2"))
