# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of SSH keys: given ones are checked, missing ones made."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc

REFUSED: list[tuple[Document, str]] = [
    (doc("ssh_key", "new", public_key="ssh-rsa BROKEN"), "field public_key: it is not an SSH public key; give the"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


@pytest.mark.parametrize("given", [None, "ssh-ed25519 AAAA bob"])
def test_a_private_key_is_returned_once_and_kept_nowhere(founded: Lab, given: str | None) -> None:
    key = doc("ssh_key", "bob", public_key=given)
    (made,) = founded.apply(key).resources
    assert made.get("private_key") == (None if given else "PRIVATE")
    assert made["fingerprint"].startswith("SHA256:")
    (again,) = founded.apply(key).resources
    assert "private_key" not in again
    assert b"PRIVATE" not in founded.path.read_bytes()


def test_a_changed_key_has_another_fingerprint(founded: Lab) -> None:
    founded.must(doc("ssh_key", "bob"))
    before = founded.one("ssh_key", "bob")["fingerprint"]
    founded.must(doc("ssh_key", "bob", public_key="ssh-ed25519 BBBB bob@elsewhere"))
    assert founded.one("ssh_key", "bob")["fingerprint"] != before
