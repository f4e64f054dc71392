# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of pods: their management subnet makes sense."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc

REFUSED: list[tuple[Document, str]] = [
    (doc("pod", "p1", gateway="10.0.0.1"), "field netmask: it is missing; gateway makes sense only with gateway, netm"),
    (
        doc("pod", "p1", gateway="10.0.0.1", netmask="255.255.255.0", start_ip="10.9.0.1"),
        "field start_ip: 10.9.0.1 is not a host's address of 10.0.0.0/24; give one of it",
    ),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)
