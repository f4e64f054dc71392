# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""From documents to stored resources."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import Conflict
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import web


def test_what_there_is_only_one_of_is_the_default(founded: Lab) -> None:
    founded.must(doc("instance", "one"))
    one = founded.one("instance", "one")
    assert (one["zone"], one["service_offering"], one["template"], one["networks"]) == ("z1", "small", "tiny", ["net1"])


def test_left_out_is_left_alone_and_empty_clears(founded: Lab) -> None:
    founded.must(web("one", tags={"a": "b"}, display_name="One"))
    founded.must(doc("instance", "one", group="g"))
    one = founded.one("instance", "one")
    assert (one["tags"], one["display_name"], one["group"]) == ([{"key": "a", "value": "b"}], "One", "g")
    founded.must(doc("instance", "one", tags=[]))
    assert founded.one("instance", "one")["tags"] == []


def test_a_resource_can_be_named_by_its_id(founded: Lab) -> None:
    founded.must(web("one"))
    ident = founded.one("instance", "one")["id"]
    founded.must(doc("instance", None, id=ident, display_name="By id"))
    assert founded.one("instance", "one")["display_name"] == "By id"
    founded.must(doc("instance", None, id=ident, state="absent"))
    assert founded.read("instance") == []
    assert audit(founded) == []


def test_one_refused_document_refuses_all(founded: Lab) -> None:
    told = founded.refusal(web("one"), web("two"), web("three", networks=["none"]))
    assert told == "instance 'three', field networks: network 'none' not found; make it first, or mend the name"


def test_what_is_used_is_not_removed_unless_its_users_go_too(founded: Lab) -> None:
    founded.must(web("one"), web("two"), web("three"), web("four"))
    gone = doc("network", "net1", state="absent")
    assert founded.refusal(gone) == (
        "network 'net1': it is still used by instance 'four', instance 'one', instance 'three' and 1 more; "
        "remove that first"
    )
    founded.must(gone, *(doc("instance", name, state="absent") for name in ("one", "two", "three", "four")))
    assert audit(founded) == []


def test_a_name_that_is_taken_by_another_sort_of_volume_is_refused(founded: Lab) -> None:
    founded.must(doc("volume", "ROOT-one", size=1))
    with pytest.raises(Conflict, match="volume 'ROOT-one' exists already; choose another name"):
        founded.apply(web("one"))
    assert founded.read("instance") == []


def test_a_set_adopts_what_nobody_wrote(founded: Lab) -> None:
    founded.must(doc("ssh_key", "k"))
    founded.must(doc("ssh_key", "k"), applyset="mine")
    founded.must(doc("ssh_key", "k"), applyset="theirs")
    founded.must(removing=True, applyset="theirs")
    assert len(founded.read("ssh_key")) == 1
    founded.must(removing=True, applyset="mine")
    assert founded.read("ssh_key") == []


@pytest.mark.parametrize("again", [web("one"), doc("instance", "one", zone="z1", display_name="One")])
def test_a_resource_that_is_written_twice_is_refused(founded: Lab, again: Document) -> None:
    assert founded.refusal(web("one"), again) == "instance 'one': it is written twice, also in another document"


def test_gone_and_made_again_in_one_run(founded: Lab) -> None:
    founded.must(web("one"))
    before = founded.one("instance", "one")["id"]
    founded.must(web("one"), doc("instance", "one", state="absent"))
    assert founded.one("instance", "one")["id"] != before
    assert audit(founded) == []
