# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of primary storage: one directory is one storage."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.lab import Lab
from support.lab import document as doc

PRIMARY = "file:///var/lib/cairn/primary"

REFUSED: list[tuple[Document, str]] = [
    (doc("primary_storage", "ps1", state="absent"), "it is still used by instance snapshot 'snap'"),
    (doc("primary_storage", "new", storage_url=PRIMARY), "field storage_url: primary storage 'ps1' has this directory"),
    (
        doc("primary_storage", "new", storage_url=f"{PRIMARY}//", host="h1"),
        "field storage_url: primary storage 'ps1' has this directory already; use another one",
    ),
    (
        doc("primary_storage", "new", storage_url="file:///other", host="h1", cluster="c1"),
        "field host: it is given together with cluster; give one of them",
    ),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


def test_one_directory_may_serve_hosts_apart(founded: Lab) -> None:
    founded.must(doc("host", "h2", url="test:///h2"))
    founded.must(*(doc("primary_storage", f"of-{h}", storage_url="file:///own", host=h) for h in ("h1", "h2")))
    assert len(founded.read("primary_storage")) == 3


@pytest.mark.parametrize("url", ["SharedMountPoint:///mnt/a", "nfs://nas/a"])
def test_what_hosts_share_is_not_of_one_host(founded: Lab, url: str) -> None:
    document = doc("primary_storage", "a", storage_url=url, host="h1")
    founded.must_refuse(document, "hosts share this storage; leave it out, or name a directory by file://")


def test_an_export_is_one_storage_and_a_directory_of_that_name_another(founded: Lab) -> None:
    founded.must(doc("primary_storage", "a", storage_url="nfs://nas/a", state="disabled"))
    founded.must_refuse(
        doc("primary_storage", "b", storage_url="nfs://NAS//a/"), "primary storage 'a' has this directory"
    )
    for url in ("nfs://other/a", "file:///a"):
        founded.check(doc("primary_storage", "b", storage_url=url))
